import Capture
public import Parameters

/// What the profile says of the wait after a failed registration.
public struct RetryPolicy: Sendable {
  /// Waits shorter than this come too soon, tolerance included.
  public let fastest: Duration
  /// Waits longer than this come too late, tolerance included.
  let slowest: Duration
  /// The delay the user set; `nil` where only the documented default is known.
  let configured: Duration?
  /// The configured delay, or the documented default.
  let delay: Duration?
  /// The range of the parameter.
  let range: ClosedRange<Int>
  private let share: Int
  private let floor: Duration

  /// Reads the profile.
  ///
  /// A default nobody confirmed makes no fault: then only what no setting allows does.
  public init(_ profile: Profile) {
    let entry = profile.entry(named: Self.name)
    delay = profile.seconds(.userAgentRetryDelay)
    configured = entry?.source == .documented ? nil : delay
    share = profile.count(.intervalTolerance)
    floor = profile.seconds(.intervalToleranceFloor)
    if case .seconds(let documented?, _) = entry?.parameter.kind {
      range = documented
    } else {
      range = 0...Parameter.largestWait
    }
    let least = configured ?? .seconds(range.lowerBound)
    let most = configured ?? .seconds(range.upperBound)
    fastest = least - max(floor, least * share / 100)
    slowest = most + max(floor, most * share / 100)
  }

  /// The parameter's name.
  static let name = "SS_SIP_USER_AGENT_RETRY_DELAY"

  /// By how much two waits of the same length may differ.
  func tolerance(of wait: Duration) -> Duration { max(floor, wait * share / 100) }

  /// A span in whole seconds, as parameters are written.
  static func number(_ span: Duration) -> String { "\(Int(span.inSeconds.rounded()))" }

  /// What is configured, for a sentence: the value set, or the range there is.
  var words: String {
    if let configured { return "\(Self.name) is \(Wording.span(configured))" }
    return
      "\(Self.name) cannot be set lower than \(range.lowerBound) or higher than \(range.upperBound) s"
  }
}

extension Parameter {
  /// What stands for the range of a delay that has none.
  fileprivate static var largestWait: Int { 86_400 }
}
