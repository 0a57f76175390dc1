public import Capture
public import Decode

/// What a second reading of the captures took from them for a report: packets over time of the
/// accounts shown, and the messages that findings name.
public struct Excerpt: Sendable {
  /// Accounts by their address-of-record.
  public var accounts: [String: AccountTimeline] = [:]
  /// Packets by where they stand.
  public var packets: [FrameReference: QuotedPacket] = [:]

  /// Nothing taken yet.
  public init() {}
}

/// What one account's packets were over time, runs of the same joined where there are many.
public struct AccountTimeline: Sendable {
  /// The events, by lane, then time.
  public let events: [TimelineEvent]
  /// Events that stand in a run and not for themselves.
  public let joined: Int
  /// Events before and after the time drawn.
  public let outside: Int
  /// Events left out since too many were open at once.
  public let leftOut: Int
  /// From when on packets were kept; `nil` where all of them were.
  public var start: Timestamp?

  /// Joins events with what was not kept of them.
  public init(events: [TimelineEvent], joined: Int, outside: Int, leftOut: Int) {
    self.events = events
    self.joined = joined
    self.outside = outside
    self.leftOut = leftOut
  }
}

/// One exchange, call or keepalive, or a run of such that ended alike.
public struct TimelineEvent: Sendable {
  /// What it belongs to.
  public enum Lane: UInt8, CaseIterable, Sendable {
    /// REGISTERs of the account.
    case register
    /// Requests outside of calls that were sent to its device.
    case probe
    /// Datagrams that keep a flow open.
    case keepalive
    /// Calls from and to its device.
    case call
  }

  /// How it ended, the worst last.
  public enum Outcome: UInt8, Comparable, CaseIterable, Sendable {
    /// As it should.
    case good
    /// Not known when the capture ended.
    case open
    /// Refused.
    case refused
    /// Without an answer.
    case unanswered

    /// Orders by badness.
    public static func < (left: Outcome, right: Outcome) -> Bool { left.rawValue < right.rawValue }
  }

  /// What it belongs to.
  public let lane: Lane
  /// The method, or the form of a keepalive.
  public let what: String
  /// Whether the device sent it.
  public let isFromDevice: Bool
  /// Its first packet.
  public var first: Moment
  /// Its last packet, of a run that of the last.
  public var last: Moment
  /// How it ended.
  public var outcome = Outcome.open
  /// Status of the final answer; 0 when there was none.
  public var status: UInt16 = 0
  /// Whether it was challenged on the way.
  public var wasChallenged = false
  /// Transmissions of the request.
  public var transmissions = 1
  /// When a call was answered.
  public var answered: Moment?
  /// How many events this stands for.
  public var count = 1
  /// Whether a finding names one of its packets: such an event is never joined with others.
  public var isNamed = false

  /// An event that begins with one packet.
  public init(_ lane: Lane, _ what: String, isFromDevice: Bool, at moment: Moment) {
    self.lane = lane
    self.what = what
    self.isFromDevice = isFromDevice
    first = moment
    last = moment
  }
}

/// A packet that a finding names, as a report quotes it.
public struct QuotedPacket: Sendable {
  /// A header field, as far as it is quoted.
  public struct Field: Hashable, Sendable {
    /// Its full name.
    public let name: String
    /// Its value, cut when very long.
    public let value: String

    /// Joins both.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Who sent it.
  public let source: Endpoint
  /// Whom it was sent to.
  public let destination: Endpoint
  /// What it is, in a few words: a method, a status, a kind of keepalive.
  public let label: String
  /// The first line of a SIP message; empty where it is none.
  public let startLine: String
  /// The header fields that matter, in the order of the message.
  public let fields: [Field]
  /// Whether a request stayed without a final answer; `nil` where that is not known or no question.
  public var isUnanswered: Bool?

  /// Quotes one packet.
  public init(
    source: Endpoint, destination: Endpoint, label: String, startLine: String = "",
    fields: [Field] = []
  ) {
    self.source = source
    self.destination = destination
    self.label = label
    self.startLine = startLine
    self.fields = fields
  }
}
