public import Capture
public import Registrations

/// How much a finding matters.
public enum Level: Int, CaseIterable, Comparable, Sendable {
  /// Worth knowing, nothing is broken.
  case notice
  /// It will or may come to a fault, or a parameter is contradicted.
  case warning
  /// The account cannot be reached, calls are lost, or a registration fails.
  case error

  /// The word reports and the command line use.
  public var word: String {
    switch self {
    case .notice: "notice"
    case .warning: "warning"
    case .error: "error"
    }
  }

  /// Orders by weight.
  public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}

/// A packet that proves a finding, with what it shows.
public struct Evidence: Hashable, Sendable {
  /// Time and frame.
  public var moment: Moment
  /// What the packet shows, in the operator's words.
  public var note: String

  /// Names a packet and what it shows.
  public init(_ moment: Moment, _ note: String) {
    self.moment = moment
    self.note = note
  }
}

/// A parameter a finding speaks of.
public struct ParameterComparison: Hashable, Sendable {
  /// The name as documented.
  public var name: String
  /// What the profile holds; `nil` when unknown.
  public var configured: String?
  /// What the capture shows; `nil` when it does not show it.
  public var observed: String?
  /// What to set it to; `nil` when there is nothing to change.
  public var recommended: String?

  /// Compares one parameter.
  public init(
    _ name: String, configured: String? = nil, observed: String? = nil, recommended: String? = nil
  ) {
    self.name = name
    self.configured = configured
    self.observed = observed
    self.recommended = recommended
  }
}

/// A span of time in which something was wrong.
public struct Episode: Hashable, Sendable {
  /// When it began.
  public var from: Timestamp
  /// When it ended; `nil` while it goes on at the end of the capture.
  public var to: Timestamp?

  /// Names a span.
  public init(from: Timestamp, to: Timestamp?) {
    self.from = from
    self.to = to
  }
}

/// One thing that was wrong for one account, once or several times, with its proof.
public struct Finding: Sendable {
  /// Identifier of the rule that found it.
  public var rule: String
  /// How much it matters.
  public var level: Level
  /// The account; `nil` for a finding about the whole capture.
  public var account: String?
  /// Which way the account registers; `nil` without account.
  public var direction: Direction?
  /// When it began.
  public var from: Timestamp
  /// When it ended; `nil` while it goes on at the end of the capture.
  public var to: Timestamp?
  /// The single spans; several where the same fault came back.
  public var episodes: [Episode]
  /// How long it lasted within the capture, in all its episodes.
  public var duration: Duration
  /// What is wrong, for whom, how long: one line.
  public var summary: String
  /// What happened and why it is believed.
  public var explanation: String
  /// What to do about it.
  public var remedy: String
  /// The parameter to compare or change.
  public var parameter: ParameterComparison?
  /// The packets that prove it, in order of time.
  public var evidence: [Evidence]
  /// How many times it happened.
  public var count: Int
  /// What other delays would have made of an outage; `nil` where that is not the question.
  public var failover: Failover?
}
