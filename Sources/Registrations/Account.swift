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
public struct Account: Sendable {
  var epoch: UInt32 = 0
  /// Whether it was forgotten, and its place waits for another one.
  public internal(set) var isVacant = false
  /// The key it is found by.
  var key: UInt64 = 0
  /// Records of flows that are its own.
  var records = 0
  /// Bindings not ended, in the order they were made.
  public internal(set) var current: [Binding] = []
  @usableFromInline var registrants: [Registrant] = []
  /// Who answered its REGISTERs last, or was asked.
  public internal(set) var registrar: Endpoint
  /// Where its REGISTERs came from last.
  public internal(set) var source: Endpoint
  /// The last packet that named it.
  public internal(set) var lastSeen: Moment
  /// REGISTER requests, retransmissions not counted.
  public internal(set) var requests = 0
  /// Those answered with 2xx.
  public internal(set) var accepted = 0
  /// Refreshes that came while the binding was valid.
  public internal(set) var refreshesInTime = 0
  /// The last 2xx.
  public internal(set) var lastAccepted: Moment?
  /// The address-of-record: `user@host`.
  public let addressOfRecord: String
  /// The first packet that named it.
  public internal(set) var firstSeen: Moment
  /// Bindings ended: the first and the last ones.
  public internal(set) var past = BoundedList<Binding>(half: 24)
  /// Changes of who holds the registration.
  public internal(set) var changes = BoundedList<OwnershipChange>(half: 40)
  /// Failures, each series up to the success that ended it.
  public internal(set) var failures = BoundedList<FailureSeries>(half: 12)
  /// Runs of failures that a success ended.
  var pastRuns = BoundedList<FailureRun>(half: 4)
  /// Credentials refused once and accepted right after: an aged nonce.
  public internal(set) var recovered = 0
  /// REGISTERs whose answer is not in the capture.
  public internal(set) var unknownOutcomes = 0
  /// REGISTERs still running when the capture ended.
  public internal(set) var pending = 0
  /// Challenges not followed by another REGISTER when the capture ended.
  public internal(set) var openChallenges = 0
  /// Challenges that did not reach the device: it repeated the REGISTER they answered.
  public internal(set) var unheardChallenges = 0
  /// 2xx to REGISTER whose request is not in the capture.
  public internal(set) var answersWithoutRequest = 0
  /// What was sent to its private Contact address; none or one.
  public internal(set) var strays: [Stray] = []
  /// Answers to its REGISTERs that went to another port than they came from; none or one.
  public internal(set) var misdirected: [MisdirectedAnswers] = []
  /// Whether an answer ever listed several contacts: its registrar keeps them side by side.
  public internal(set) var listsSeveral = false
  /// None or one, in a place of its own: few accounts ever have one.
  @usableFromInline var rareFacts: [RareFacts] = []
  /// The last removal.
  public internal(set) var lastRemoved: Moment?
  var lastRemovedOwner: Owner?
  init(addressOfRecord: String, registrar: Endpoint, source: Endpoint, firstSeen: Moment) {
    self.addressOfRecord = addressOfRecord
    self.registrar = registrar
    self.source = source
    self.firstSeen = firstSeen
    self.lastSeen = firstSeen
  }

  /// All bindings kept, the ended ones first, in order of time.
  @inlinable public var bindings: [Binding] { past.isEmpty ? current : past.kept + current }

  /// All failure series, ended or not, in order of time.
  @inlinable public var failureSeries: [FailureSeries] {
    var list = failures.kept
    for registrant in registrants where !registrant.series.isEmpty { list += registrant.series }
    return list
  }

  /// Whether there is any failure series.
  @inlinable public var hasFailures: Bool {
    // Where it is asked for the account is not copied.
    @inline(__always)
    get {
      if !failures.kept.isEmpty { return true }
      for place in registrants.indices where !registrants[place].series.isEmpty { return true }
      return false
    }
  }

  /// All runs of failed attempts, ended or not, the ended ones first.
  public var failureRuns: [FailureRun] {
    var list = pastRuns.kept
    for registrant in registrants where !registrant.runs.isEmpty { list += registrant.runs }
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
    for binding in current where binding.callIDKey == callIDKey && binding.isValid(at: time) {
      end = max(end ?? binding.expires, binding.expires)
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
