import Capture
public import Parameters
import Registrations

/// What the wire says a parameter of the switch is set to.
public struct ObservedValue: Sendable {
  /// The value that explains what was seen.
  public let value: ParameterValue
  /// How many observations say so.
  public let support: Int
  /// The least and the greatest value measured; `nil` where the value is no number.
  public let spread: ClosedRange<Int>?
  /// Whether the true value may be greater: nobody has asked for more.
  public let isLowerBound: Bool
  /// What was observed, in the operator's words.
  public let basis: String
  /// Whether it fits the value in the profile; `nil` when that is not known.
  public let agrees: Bool?
  /// The share of the granted time, in percent, after which the switch refreshes its registrations;
  /// `nil` where that is not what the parameter is about.
  public internal(set) var refreshPercent: Int?
}

/// The parameters as the observed traffic shows them, whatever the profile says.
///
/// Each is measured where the switch alone decides it. What no packet shows has no entry.
public struct EffectiveParameters: Sendable {
  private let profile: Profile
  private var grants = GrantTally()
  private var grantsBehindNAT = GrantTally()
  private var probeIntervals = ValueTally()
  private var keepalivePeriods = ValueTally()
  private var outbound = OutboundTally()
  private var lockouts = LockoutTally()
  private var replacements = 0
  private var removals = 0
  /// What was found, by the parameter's name as documented.
  public private(set) var values: [String: ObservedValue] = [:]

  init(_ profile: Profile) { self.profile = profile }

  /// Takes in what one account shows.
  mutating func take(_ glance: borrowing Glance, _ subject: Subject?) {
    if let subject, subject.direction == .outbound {
      outbound.take(subject)
      removals += subject.account.lastRemoved == nil ? 0 : 1
      return
    }
    for place in glance.bindings.indices { take(glance.bindings[place]) }
    guard let subject else { return }
    if !subject.failureSeries.isEmpty { lockouts.take(subject, profile) }
    guard !subject.account.changes.isEmpty else { return }
    replacements += subject.account.changes.kept.count { $0.kind == .replaced }
  }

  private mutating func take(_ observed: ObservedBinding) {
    let source = observed.binding.grantSource
    if !observed.binding.isOnlyListed, source == .contact || source == .header {
      if observed.binding.isBehindNAT {
        grantsBehindNAT.take(
          observed.binding.grantedSeconds, asked: observed.binding.requestedSeconds)
      } else {
        grants.take(observed.binding.grantedSeconds, asked: observed.binding.requestedSeconds)
      }
    }
    // One flow of several bindings may count twice: that changes the weight, not the value.
    guard let flow = observed.flow else { return }
    let probeGaps = flow.probeGaps
    if probeGaps.count >= 2, let median = probeGaps.median {
      probeIntervals.add(Int(median.rounded()), times: probeGaps.count)
    }
    if flow.switchKeepalives > 2, let gaps = flow.pulse?.gaps, let median = gaps.median {
      keepalivePeriods.add(Int(median.rounded()), times: gaps.count)
    }
  }

  /// Adds what the findings and the history as a whole tell, and settles.
  mutating func finish(
    _ told: FindingTally, _ history: History, at switches: [Registrar]
  ) {
    settleKeepalives(history.switchKeepalives)
    settleGrants("SS_ENDPOINT_EXPIRE", grants, "endpoints without NAT")
    settleGrants("SS_ENDPOINT_NAT_EXPIRE", grantsBehindNAT, "endpoints behind NAT")
    settleInterval("SS_ENDPOINTTIMETOLIVE", probeIntervals, "gaps between OPTIONS to endpoints")
    settleInterval(
      "SS_SIP_NAT_KEEP_ALIVE_PERIOD", keepalivePeriods,
      "gaps between keepalives of the switch to one endpoint")
    settleInterval(
      "SS_SIP_USER_AGENT_RETRY_DELAY", outbound.retryDelays, "waits after a failed registration")
    settleFlags(told)
    settleChallenge(
      switches.reduce((0, 0)) { ($0.0 + $1.challenges.with401, $0.1 + $1.challenges.with407) })
    settleResends(switches)
    settleCredentials(switches)
    settleStrangers(ScanReading.all(in: history, profile))
    settleOutbound(outbound)
    settleLockouts(lockouts)
  }

  private mutating func settleGrants(_ name: String, _ tally: GrantTally, _ whom: String) {
    if let cap = tally.caps.mode {
      settle(
        name, .integer(cap.value), support: cap.times,
        spread: tally.caps.lowest...tally.caps.highest,
        basis: "granted to \(whom) that asked for more")
    } else if !tally.grants.isEmpty {
      settle(
        name, .integer(tally.grants.highest), support: tally.grants.total,
        spread: tally.grants.lowest...tally.grants.highest, .lowerBound,
        basis: "granted to \(whom); none asked for more")
    }
  }

  private mutating func settleInterval(_ name: String, _ tally: ValueTally, _ basis: String) {
    guard let median = tally.median, tally.total >= 2 else { return }
    settle(
      name, .integer(median), support: tally.total, spread: tally.lowest...tally.highest,
      basis: basis)
  }

  private mutating func settleFlags(_ told: FindingTally) {
    let refused = told.count(of: "replace-refused")
    // Both at once is no single policy: the rules on replacement speak of that.
    if replacements > 0 && refused == 0 {
      settle(
        "SS_ENDPOINT_REGISTER_REPLACE", .flag(true), support: replacements,
        basis: "registrations from a new place took over a live binding")
    } else if refused > 0 && replacements == 0 {
      settle(
        "SS_ENDPOINT_REGISTER_REPLACE", .flag(false), support: refused,
        basis: "registrations from a new place were refused while a binding was live")
    }
    let missing = told.outbound("unregister-missing")
    if removals > 0 && missing == 0 {
      settle(
        "SS_SIP_USER_AGENT_SEND_UNREGISTER", .flag(true), support: removals,
        basis: "outbound registrations were removed with Expires 0")
    } else if missing > 0 && removals == 0 {
      settle(
        "SS_SIP_USER_AGENT_SEND_UNREGISTER", .flag(false), support: missing,
        basis: "the switch restarted without removing its registrations")
    }
  }

  private mutating func settleChallenge(_ challenges: (with401: Int, with407: Int)) {
    let most = max(challenges.with401, challenges.with407)
    // A mixture is not one setting's doing.
    guard most > 0, min(challenges.with401, challenges.with407) == 0 else { return }
    settle(
      "SS_SIP_AUTHENTICATION_CODE", .text(challenges.with401 > 0 ? "401" : "407"), support: most,
      basis: "challenges of REGISTERs")
  }
}

extension EffectiveParameters {
  /// How an observed value is compared with the configured one.
  enum Comparison {
    /// Both are the same, numbers within tolerance.
    case equal
    /// The configured one may be greater.
    case lowerBound
    /// The configured one lies within the spread.
    case withinSpread
    /// Only a configured number can be compared; which mode is in effect does not show.
    case number
    /// The configured list begins with the numbers seen.
    case beginning
  }

  mutating func settle(
    _ name: String, _ value: ParameterValue, support: Int, spread: ClosedRange<Int>? = nil,
    _ comparison: Comparison = .equal, refreshPercent: Int? = nil, basis: String
  ) {
    // A name the profile does not know would be told to nobody.
    guard let entry = profile.entry(named: name) else { return }
    let agrees = entry.value.flatMap { fits(value, $0, spread, comparison) }
    values[entry.parameter.name] = ObservedValue(
      value: value, support: support, spread: spread, isLowerBound: comparison == .lowerBound,
      basis: basis, agrees: agrees, refreshPercent: refreshPercent)
  }

  private static func numbers(_ list: ParameterValue) -> [Double] {
    list.description.split(separator: ",").map { Double($0) ?? -1 }
  }

  private func fits(
    _ observed: ParameterValue, _ configured: ParameterValue, _ spread: ClosedRange<Int>?,
    _ comparison: Comparison
  ) -> Bool? {
    guard case .integer(let seen) = observed, case .integer(let set) = configured else {
      if comparison == .number { return nil }
      if comparison == .beginning {
        return Self.numbers(configured).starts(with: Self.numbers(observed))
      }
      return observed.description.lowercased() == configured.description.lowercased()
    }
    let tolerance = max(
      Int(profile.seconds(.intervalToleranceFloor).inSeconds),
      set * profile.count(.intervalTolerance) / 100)
    switch comparison {
    // What 0 stands for is not documented where it may mean that there is no limit.
    case .lowerBound: return set == 0 ? nil : set >= seen
    case .withinSpread:
      let spread = spread ?? seen...seen
      return set >= spread.lowerBound - tolerance && set <= spread.upperBound + tolerance
    case .equal, .number, .beginning: return abs(seen - set) <= tolerance
    }
  }
}

/// The expiries granted to one kind of endpoint.
private struct GrantTally: Sendable {
  /// All that were granted.
  private(set) var grants = ValueTally()
  /// Those of endpoints that had asked for more: there the switch's own limit shows.
  private(set) var caps = ValueTally()

  mutating func take(_ seconds: UInt32, asked: UInt32?) {
    guard seconds > 0 else { return }
    let granted = Int(seconds)
    grants.add(granted)
    if let asked, asked > seconds { caps.add(granted) }
  }
}
