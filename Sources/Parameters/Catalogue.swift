extension Parameter {
  /// Every parameter and setting there is, in the order lists show them.
  public static let all: [Parameter] = switchParameters + settings

  /// The parameter called `name`, in any spelling; `nil` when there is none.
  public static func named(_ name: String) -> Parameter? {
    guard let position = positions[Spelling.folded(name)] else { return nil }
    return all[position]
  }

  /// Where each folded name and other name stands in `all`.
  static let positions: [String: Int] = {
    var positions: [String: Int] = [:]
    for (position, parameter) in all.enumerated() {
      for name in [parameter.name] + parameter.otherNames {
        positions[Spelling.folded(name)] = position
      }
    }
    return positions
  }()
}

/// A name the rules use for a parameter, with its place in the catalogue.
///
/// An enum without associated values.
protocol ParameterKey: Hashable, CaseIterable, RawRepresentable<String> {
  /// Where each stands in the catalogue, in the order of the cases.
  static var positions: [Int?] { get }
}

extension ParameterKey {
  /// Where the parameter stands in the catalogue.
  @inline(__always)
  var position: Int? { Self.positions[ordinal] }

  /// Which of the cases it is, from 0.
  ///
  /// Read from memory, where an enum without associated values is its ordinal (none where there is
  /// one case only): rules ask several times for every account, and a dictionary would hash each time.
  @inline(__always)
  var ordinal: Int {
    withUnsafeBytes(of: self) { $0.isEmpty ? 0 : Int($0[0]) }
  }

  static func findPositions() -> [Int?] {
    allCases.map { Parameter.positions[Spelling.folded($0.rawValue)] }
  }
}

/// Parameters of the switch whose value is a time.
public enum SecondsParameter: String, CaseIterable, Sendable {
  /// Longest grant to an endpoint without NAT.
  case endpointExpire = "SS_ENDPOINT_EXPIRE"
  /// Longest grant to an endpoint behind NAT.
  case endpointNATExpire = "SS_ENDPOINT_NAT_EXPIRE"
  /// Interval of liveness checks.
  case endpointTimeToLive = "SS_ENDPOINTTIMETOLIVE"
  /// Length of a suspension after failed registrations.
  case endpointRegisterSuspendTime = "SS_ENDPOINT_REGISTER_SUSPEND_TIME"
  /// Length of a suspension after failed passwords.
  case authenticationFailedSuspend = "SS_AUTHENTICATION_FAILED_SUSPEND"
  /// Wait for credentials after a challenge.
  case sipAuthenticationTimeout = "SS_SIP_AUTHENTICATION_TIMEOUT"
  /// Expiry asked of an upstream; no seconds when left to negotiation.
  case userAgentExpire = "SS_SIP_USER_AGENT_EXPIRE"
  /// Wait after a failed registration upstream.
  case userAgentRetryDelay = "SS_SIP_USER_AGENT_RETRY_DELAY"
  /// Cycle of the switch's own keepalives.
  case natKeepAlivePeriod = "SS_SIP_NAT_KEEP_ALIVE_PERIOD"
}

/// Parameters of the switch whose value is a count.
public enum CountParameter: String, CaseIterable, Sendable {
  /// Failed registrations before suspension.
  case endpointRegisterRetry = "SS_ENDPOINT_REGISTER_RETRY"
  /// Failed passwords before suspension.
  case authenticationMaxRetry = "SS_AUTHENTICATION_MAX_RETRY"
  /// Challenges of one request with wrong credentials.
  case sipAuthenticationRetry = "SS_SIP_AUTHENTICATION_RETRY"
}

/// Parameters of the switch that are On or Off.
public enum FlagParameter: String, CaseIterable, Sendable {
  /// A new registration replaces the live one.
  case endpointRegisterReplace = "SS_ENDPOINT_REGISTER_REPLACE"
  /// Failed registrations lead to suspension.
  case endpointRegisterSuspend = "SS_ENDPOINT_REGISTER_SUSPEND"
  /// Unknown sources are answered.
  case replyUnauthorized = "SS_REPLY_UNAUTHORIZED"
  /// Registrations upstream are removed on stop.
  case userAgentSendUnregister = "SS_SIP_USER_AGENT_SEND_UNREGISTER"
}

/// Parameters of the switch whose value is text.
public enum TextParameter: String, CaseIterable, Sendable {
  /// Payload of the switch's keepalives.
  case natKeepAliveMessage = "SS_SIP_NAT_KEEP_ALIVE_MESSAGE"
}

/// Settings of regsift that are times; each has a value always.
public enum SecondsSetting: String, CaseIterable, Sendable {
  /// Window in which changes of a binding are counted.
  case flappingWindow = "FLAPPING_WINDOW"
  /// Interval under which registrations may be a flood.
  case floodInterval = "FLOOD_INTERVAL"
  /// Time in which a switch ends calls of a replaced binding.
  case callDropWindow = "CALL_DROP_WINDOW"
  /// Time in which a success clears refused credentials.
  case credentialsGrace = "CREDENTIALS_GRACE"
  /// Silence that every common NAT survives.
  case natSafeIdle = "NAT_SAFE_IDLE"
  /// Silence after which a mapping is open for certain.
  case natSurelyOpen = "NAT_SURELY_OPEN"
  /// Allowance past a granted expiry.
  case expirySlack = "EXPIRY_SLACK"
  /// Timers B and F.
  case transactionTimeout = "TRANSACTION_TIMEOUT"
  /// Difference of intervals that is always tolerated.
  case intervalToleranceFloor = "INTERVAL_TOLERANCE_FLOOR"
  /// Time in which failures of one address are counted together.
  case scanWindow = "SCAN_WINDOW"
  /// Time in which refreshes count as simultaneous.
  case synchronizedWindow = "SYNCHRONIZED_WINDOW"
  /// Longest expiry upstream that is harmless behind a NAT.
  case outboundNATExpiry = "OUTBOUND_NAT_EXPIRY"
  /// Interval of probes that is too short for very many endpoints.
  case probeLoadInterval = "PROBE_LOAD_INTERVAL"
}

/// Settings of regsift that are counts or shares; each has a value always.
public enum CountSetting: String, CaseIterable, Sendable {
  /// Changes that make flapping.
  case flappingChanges = "FLAPPING_CHANGES"
  /// Percent of the grant under which a refresh is far too early.
  case floodShare = "FLOOD_SHARE"
  /// Registrations in a row that make a flood.
  case floodRun = "FLOOD_RUN"
  /// Late refreshes in a row that make a habit.
  case thinMarginRun = "THIN_MARGIN_RUN"
  /// Refused credentials in a row that make a loop.
  case authLoopFailures = "AUTH_LOOP_FAILURES"
  /// Unanswered requests in a row that make an outage.
  case unansweredRequests = "UNANSWERED_REQUESTS"
  /// Transmissions of a REGISTER before its silence is believed.
  case registerLadderCopies = "REGISTER_LADDER_COPIES"
  /// Percent by which intervals may differ.
  case intervalTolerance = "INTERVAL_TOLERANCE"
  /// Probes from which their answers or gaps tell a habit.
  case fewestProbes = "FEWEST_PROBES"
  /// Silences from which they tell a habit.
  case fewestSilences = "FEWEST_SILENCES"
  /// Intervals for which probes may go on after a binding's end.
  case ghostIntervals = "GHOST_INTERVALS"
  /// Accounts one address fails with before it is a scan.
  case scanAccounts = "SCAN_ACCOUNTS"
  /// Failures of one address before they are a scan.
  case scanFailures = "SCAN_FAILURES"
  /// Accounts that refresh at once before it is a herd.
  case synchronizedAccounts = "SYNCHRONIZED_ACCOUNTS"
  /// Percent of a registrar's accounts that do, where it has fewer.
  case synchronizedShare = "SYNCHRONIZED_SHARE"
  /// Accounts a registrar must have before a share of them says anything.
  case synchronizedFewest = "SYNCHRONIZED_FEWEST"
  /// How many times more than chance would bring together.
  case synchronizedExcess = "SYNCHRONIZED_EXCESS"
  /// Attempts that come too soon before it is a fault.
  case retryRun = "RETRY_RUN"
  /// Percent of a fixed expiry after which it is refreshed.
  case refreshShare = "REFRESH_SHARE"
  /// Percent of it by which that varies.
  case refreshSpread = "REFRESH_SPREAD"
  /// Refreshes from which they tell a habit.
  case fewestRefreshes = "FEWEST_REFRESHES"
  /// Probed endpoints up to which a short interval does no harm.
  case probeLoadEndpoints = "PROBE_LOAD_ENDPOINTS"
  /// Mappings named before they could be known that show a middlebox.
  case algMappings = "ALG_MAPPINGS"
}

extension SecondsParameter: ParameterKey {
  static let positions = findPositions()
}

extension CountParameter: ParameterKey {
  static let positions = findPositions()
}

extension FlagParameter: ParameterKey {
  static let positions = findPositions()
}

extension TextParameter: ParameterKey {
  static let positions = findPositions()
}

extension SecondsSetting: ParameterKey {
  static let positions = findPositions()
}

extension CountSetting: ParameterKey {
  static let positions = findPositions()
}
