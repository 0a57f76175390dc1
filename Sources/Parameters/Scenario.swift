/// A kind of deployment for which the documentation advises values.
///
/// It changes what is recommended, never what is measured or configured.
public enum Scenario: String, CaseIterable, Sendable {
  /// The switch registers upstream from behind a NAT.
  case nat
  /// Switch and upstream are in the same network or data centre.
  case lan
  /// A trunk to a wholesale carrier, which decides itself.
  case carrierTrunk = "carrier-trunk"
  /// The link to the upstream is unstable.
  case unstable
  /// Several trunks to one provider.
  case severalTrunks = "several-trunks"
  /// The trunk that carries most calls.
  case primaryTrunk = "primary-trunk"
  /// A trunk that waits for another one to fail.
  case backupTrunk = "backup-trunk"
  /// The upstream limits or blocks frequent registrations.
  case floodSensitive = "flood-sensitive"
  /// Endpoints without special needs.
  case general
  /// More than 10,000 endpoints.
  case manyEndpoints = "many-endpoints"
  /// Emergency or similarly critical service.
  case critical
  /// People share accounts or move between devices.
  case sharedAccounts = "shared-accounts"
  /// One device for each account, or accounts that need high security.
  case dedicatedLines = "dedicated-lines"

  /// The scenario of that name, in any spelling; `nil` when there is none.
  public static func named(_ name: String) -> Scenario? {
    allCases.first { Spelling.folded($0.rawValue) == Spelling.folded(name) }
  }

  /// When it applies, in a few words.
  public var summary: String {
    switch self {
    case .nat: "the switch registers upstream from behind a NAT"
    case .lan: "switch and upstream in one network or data centre"
    case .carrierTrunk: "trunk to a wholesale carrier, which decides itself"
    case .unstable: "unstable link to the upstream"
    case .severalTrunks: "several trunks to one provider"
    case .primaryTrunk: "the trunk that carries most calls"
    case .backupTrunk: "a trunk that waits for another one to fail"
    case .floodSensitive: "the upstream limits or blocks frequent registrations"
    case .general: "endpoints without special needs"
    case .manyEndpoints: "more than 10,000 endpoints"
    case .critical: "emergency or similarly critical service"
    case .sharedAccounts: "people share accounts or move between devices"
    case .dedicatedLines: "one device for each account, or accounts of high security"
    }
  }
}

/// What the documentation advises a parameter be set to in the scenarios that were chosen.
public struct Recommendation: Hashable, Sendable {
  /// The advised values.
  public enum Values: Hashable, Sendable {
    /// A number of this range, in the unit of the parameter.
    case range(ClosedRange<Int>)
    /// This value and no other.
    case only(ParameterValue)
  }

  /// The advised values.
  public let values: Values
  /// The scenarios that advise them, in the order they were chosen.
  public let scenarios: [Scenario]
  /// Why, in the words of the source.
  public let reason: String
  /// Title and edition of what advises it.
  public let source: String

  /// Whether `value` is one of the advised values.
  public func includes(_ value: ParameterValue) -> Bool {
    switch (values, value) {
    case (.range(let range), .integer(let number)): range.contains(number)
    case (.range, _): false
    case (.only(let advised), _): advised == value
    }
  }

  /// The advised numbers; `nil` when something else than a number is advised.
  public var range: ClosedRange<Int>? {
    switch values {
    case .range(let range): range
    case .only(.integer(let number)): number...number
    case .only: nil
    }
  }

  /// The advised values in words, without unit.
  public var words: String {
    switch values {
    case .range(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .only(let value): value.description
    }
  }

  /// What both advise; `nil` when they contradict each other.
  func narrowed(by other: Recommendation) -> Recommendation? {
    let values: Values
    if self.values == other.values {
      values = self.values
    } else if let range, let otherRange = other.range, range.overlaps(otherRange) {
      let common = range.clamped(to: otherRange)
      values = common.count == 1 ? .only(.integer(common.lowerBound)) : .range(common)
    } else {
      return nil
    }
    return Recommendation(
      values: values, scenarios: scenarios + other.scenarios,
      reason: Self.joined(reason, other.reason), source: Self.joined(source, other.source))
  }

  private static func joined(_ left: String, _ right: String) -> String {
    left == right ? left : "\(left); \(right)"
  }
}
