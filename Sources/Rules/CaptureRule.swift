import Capture
public import Parameters
public import Registrations

/// A requirement that all accounts of a capture are judged by together.
public protocol CaptureRule: Sendable {
  /// What it is.
  static var summary: RuleSummary { get }

  /// Judges the capture.
  static func judge(_ population: Population, _ profile: Profile) -> Verdict
}

/// All accounts of a capture as rules see them that judge them together.
///
/// It lends the history: with half a million accounts a copy of each would take gigabytes.
public struct Population: Sendable {
  /// One account among them.
  public struct Member: Sendable {
    private let place: UInt32
    /// Whether it registers at the switch or the switch registers it elsewhere.
    public let direction: Direction

    init(account: UInt32, direction: Direction) {
      place = account
      self.direction = direction
    }

    /// Its place in the history.
    public var account: Int { Int(place) }
  }

  /// What the accounts are read from.
  public let history: History
  /// The accounts selected.
  public let members: [Member]
  /// The capture around them.
  public let capture: CaptureContext

  /// A finding of one episode that concerns no single account.
  func finding(
    _ rule: RuleSummary, from: Timestamp, to: Timestamp?, summary: String, explanation: String,
    remedy: String, parameter: ParameterComparison? = nil, evidence: [Evidence], count: Int
  ) -> Finding {
    Finding(
      rule: rule.identifier, level: rule.level, account: nil, direction: nil, from: from, to: to,
      episodes: [Episode(from: from, to: to)], duration: max((to ?? capture.end) - from, .zero),
      summary: summary, explanation: explanation, remedy: remedy, parameter: parameter,
      evidence: evidence.sorted(by: Evidence.isBefore), count: count)
  }
}
