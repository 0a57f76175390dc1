public import Capture
public import Decode

/// Whether an account registers at the switch or the switch registers it elsewhere.
public enum Direction: UInt8, Sendable {
  /// A phone or trunk registers at the switch.
  case inbound
  /// The switch registers at an upstream server.
  case outbound
}

/// One account's history: what every rule judges.
///
/// Half a million of them are held: what every message touches stands first, and what few accounts
/// have is in `incidents` and `rareFacts`.
public struct Account: Sendable {
  /// The last packet that named it.
  public internal(set) var lastSeen: Moment
  /// Who answered its REGISTERs last, or was asked.
  @Compact public internal(set) var registrar: Endpoint
  /// Where its REGISTERs came from last.
  @Compact public internal(set) var source: Endpoint
  @usableFromInline var incidents = Aside<Incidents>()
  @usableFromInline var rareFacts = Aside<RareFacts>()
  var epoch: UInt32 = 0
  /// Records of flows that are its own.
  @Tally var records = 0
  /// REGISTER requests, retransmissions not counted.
  @Tally public internal(set) var requests = 0
  /// Those answered with 2xx.
  @Tally public internal(set) var accepted = 0
  /// The last 2xx.
  @OrSpare public internal(set) var lastAccepted: Moment? = nil
  /// The address-of-record, and nothing.
  private let texts: TextPair
  // Here and behind the bindings stand those that fit into what alignment leaves free.
  /// Whether it was forgotten, and its place waits for another one.
  public internal(set) var isVacant = false
  @usableFromInline var marks: Marks = []
  /// The first packet that named it.
  public internal(set) var firstSeen: Moment
  /// The key it is found by, as notes of packets name it.
  public internal(set) var key: UInt64 = 0
  /// Bindings not ended, in the order they were made.
  public internal(set) var current = Few<Binding>()
  /// Refreshes that came while the binding was valid.
  @Tally public internal(set) var refreshesInTime = 0
  @usableFromInline var registrants = Few<Registrant>()

  init(_ texts: TextPair, registrar: Endpoint, source: Endpoint, firstSeen: Moment) {
    lastSeen = firstSeen
    self.registrar = registrar
    self.source = source
    self.texts = texts
    self.firstSeen = firstSeen
  }

  /// What is true of an account or not, in one byte.
  @usableFromInline
  struct Marks: OptionSet, Sendable {
    @usableFromInline let rawValue: UInt8
    @usableFromInline init(rawValue: UInt8) { self.rawValue = rawValue }

    /// An answer listed several contacts.
    @usableFromInline static var listsSeveral: Marks { Marks(rawValue: 1) }
    /// The REGISTER that named it first was sent in the name of another (From).
    static var isNamedByAnother: Marks { Marks(rawValue: 2) }
    /// Failures that went on made room for others.
    static var hasSetAside: Marks { Marks(rawValue: 4) }
  }

  /// Whether an answer ever listed several contacts: its registrar keeps them side by side.
  @inlinable public var listsSeveral: Bool { marks.contains(.listsSeveral) }

  /// The address-of-record: `user@host`.
  public var addressOfRecord: String { texts.first }

  /// All bindings kept, the ended ones first, in order of time.
  @inlinable public var bindings: [Binding] {
    past.kept + current
  }

  /// All failure series, ended or not, in order of time.
  @inlinable public var failureSeries: [FailureSeries] {
    var list = failures.kept
    registrants.forEach { list += $0.series }
    return list
  }

  /// Whether there is any failure series.
  @inlinable public var hasFailures: Bool {
    // Where it is asked for the account is not copied.
    @inline(__always)
    get {
      !failures.kept.isEmpty || registrants.contains { !$0.series.isEmpty }
    }
  }

  /// All runs of failed attempts, ended or not, the ended ones first.
  public var failureRuns: [FailureRun] {
    var list = pastRuns.kept
    registrants.forEach { list += $0.runs }
    return list
  }

  /// Whether any binding was valid at `time`.
  public func isRegistered(at time: Timestamp) -> Bool {
    current.contains { $0.isValid(at: time) } || past.kept.contains { $0.isValid(at: time) }
  }

  /// Whether any binding but those of one Call-ID is valid.
  func isRegistered(at time: Timestamp, except callIDKey: UInt64) -> Bool {
    current.contains { $0.callIDKey != callIDKey && $0.isValid(at: time) }
  }

  /// When the last valid binding of one Call-ID runs out; `nil` when it has none.
  func registeredUntil(at time: Timestamp, _ callIDKey: UInt64) -> Timestamp? {
    var end: Timestamp?
    current.forEach { binding in
      if binding.callIDKey == callIDKey, binding.isValid(at: time) {
        end = max(end ?? binding.expires, binding.expires)
      }
    }
    return end
  }
}

/// Requests or keepalives to the private address in a Contact whose device registered from a
/// public one.
public struct Stray: Sendable {
  /// The record of these requests, which is that of no binding.
  var path: UInt32
  /// Who sent them.
  let local: Endpoint
  /// The private address.
  public let contact: Endpoint
  /// The first request or keepalive.
  public let first: Moment
  /// The last one.
  public internal(set) var last: Moment
  /// Keepalives among them.
  public internal(set) var keepalives = 0
}

/// Final answers to REGISTER that went to another port than the request came from.
public struct MisdirectedAnswers: Sendable {
  /// Where the REGISTER came from.
  public let source: Endpoint
  /// Where the answer went.
  public let destination: Endpoint
  /// The first such answer.
  public let first: Moment
  /// The last one.
  public internal(set) var last: Moment
  /// How many, repetitions for retransmissions not counted.
  public internal(set) var answers = 0
  /// REGISTERs sent again after such an answer: it has not arrived.
  public internal(set) var repeated = 0
  /// The first and the last of these.
  public internal(set) var repetitions: (first: Moment, last: Moment)?
  /// The first answer that reached the device after that.
  public internal(set) var success: Moment?
}
