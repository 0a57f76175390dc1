public import Capture
public import Decode
public import SIP

/// What a device sent that shows it alive.
public enum LifeSign: UInt8, Sendable {
  /// An answer to a request that was sent to it.
  case answer
  /// A REGISTER of the Call-ID series its binding was made by.
  case register
  /// A REGISTER of another Call-ID series: a second device, or a client that takes a new
  /// Call-ID each time.
  case registerOfNewSeries
  /// A REGISTER of another Call-ID series with signs of a restart: CSeq begun anew, or another
  /// Contact from the same socket.
  case registerAfterRestart
  /// Any other request.
  case request
  /// A keepalive or a datagram that cannot be read.
  case datagram
}

/// An ICMP error that quoted a datagram sent to the device.
public struct Refusal: Sendable {
  /// Who sent the error.
  public var reporter: IPAddress
  /// What it said.
  public var reason: ICMPError.Reason
  /// When and where it was seen.
  public var moment: Moment
}

/// A row of requests into one flow that got no answer, with what was heard before and after.
public struct UnansweredRun: Sendable {
  /// How a run came to its end.
  public enum End: UInt8, Sendable {
    /// A later request was answered and the device had sent nothing in between.
    case answered
    /// The device sent a datagram of its own.
    case deviceSpoke
  }

  /// The last datagram the device had sent before the first of these requests.
  public var lastLife: Moment
  /// The first request without an answer.
  public var first: Moment
  /// The last request without an answer.
  public var last: Moment
  /// Method of the first request.
  public var firstMethod: SIPMethod
  /// Requests without an answer, retransmissions not counted.
  public var requests = 0
  /// Transmissions of these requests, retransmissions counted.
  public var transmissions = 0
  /// INVITEs among them: calls that did not reach the device.
  public var invites = 0
  /// The first such INVITE.
  public var firstInvite: Moment?
  /// When the first of these requests was known to have failed: its time was over, or an error came.
  public var failureKnown: Timestamp?
  /// INVITEs sent when an earlier request was known to have failed.
  public var hopelessInvites = 0
  /// The first and the last of these.
  public var hopeless: (first: Moment, last: Moment)?
  /// INVITEs among `undecided`.
  public var undecidedInvites = 0
  /// Requests answered by what stands between, in the place of a device it could not reach.
  public var givenUp = 0
  /// The status of the first such answer, and the answer.
  public var firstGivenUp: (status: UInt16, moment: Moment)?
  /// Requests that drew an ICMP error.
  public var refusals = 0
  /// The first ICMP error.
  public var firstRefusal: Refusal?
  /// What ended the run; `nil` while it is open at the end of the capture.
  public var end: End?
  /// The datagram that ended it.
  public var ended: Moment?
  /// What kind of datagram that was.
  public var endedBy: LifeSign?
  /// Whether a request was answered after the device spoke and before the next one failed.
  public var wasAnsweredAfterwards = false
  /// Requests whose time was not over when the capture ended or its clock stepped.
  public var undecided = 0
  /// Of `undecided`, those without an answer for longer than half of Timer F.
  public var overdue = 0
  /// Whether a request was sent again in vain after the device had shown that the flow is open.
  public var outlastedLife = false
  /// Whether the first request followed a request on the same flow that had been answered.
  public var followedAnAnswer = false
}

/// What is known of one flow to a device: (switch address:port, device address:port).
///
/// Where several accounts share one flow each has a record of its own. What every message touches
/// stands first; what few flows have is in `rareFacts`.
public struct Reachability: Sendable {
  static let none = UInt32.max

  /// Keyed hash of both endpoints, and of the user part of the Contact last bound over them.
  let flow: UInt64
  var userKey: UInt64 = 0
  /// The last datagram from the device.
  public internal(set) var lastLife: Moment
  /// The last datagram in either direction that is known to have passed.
  var lastPassed: Timestamp
  /// Nanoseconds behind `longestOpen`; negative while there are none.
  var longestOpenNanoseconds: Int64 = -1
  /// The last OPTIONS.
  @OrSpare public internal(set) var lastProbe: Moment? = nil
  @usableFromInline var rareFacts = Aside<RareFlowFacts>()
  /// None or one, in a place of its own: not every switch sends any.
  @usableFromInline var pulses: [KeepalivePulse] = []
  /// Names this record for as long as it lives.
  let key: UInt32
  /// The number of the account it is for.
  public let account: UInt32
  /// The records of other accounts on this flow.
  var next = Reachability.none
  var previous = Reachability.none
  /// The requests not yet judged, in order of sending.
  var firstPending = DeviceRequest.none
  var lastPending = DeviceRequest.none
  /// Requests sent to the device.
  @Tally public internal(set) var requests = 0
  /// Those with an answer.
  @Tally public internal(set) var answered = 0
  /// OPTIONS sent to the device.
  @Tally public internal(set) var probes = 0
  /// OPTIONS answered, whatever the status.
  @Tally public internal(set) var answeredProbes = 0
  /// Whether an earlier run saw the device answer a request on this flow.
  public internal(set) var hasAnsweredBefore = false
  /// Whether any datagram of the device itself is in the capture.
  public internal(set) var isHeard = true
  var lastOutcomeWasAnswer = false
  /// Whether the record was given back and waits to be used again.
  var isReleased = false
  /// Whether an edge proxy stands between (Path or a second Via).
  public let isShared: Bool
  /// Whether a device behind a NAT was bound over it.
  var isBehindNAT = false
  /// Whether another account has the same private Contact address.
  var isInsideShared = false
  /// Whether no request has followed the last keepalive of the switch.
  private var endsInKeepalive = false
  /// Gaps between OPTIONS.
  var probeGaps = FlowGaps()
  /// Times the device was silent for longer than an exchange takes (`TrackerLimits.exchange`).
  var silences = FlowGaps()
  /// The longest of them: the datagrams before and after.
  @OrSpare private var silentFrom: Moment? = nil
  @OrSpare private var silentTo: Moment? = nil
  /// The switch's side.
  @Compact public private(set) var local: Endpoint
  /// The device's side, as the switch sees it: the mapped address behind a NAT.
  @Compact public private(set) var remote: Endpoint
  /// Keys of the private Contact address, where the switch can reach nobody: with and without user;
  /// 0 where there is none.
  private var insideKeys: (key: UInt64, flow: UInt64) = (0, 0)
  /// How many bindings keep this record.
  @Tally var uses = 0
  /// Keepalives the device sent.
  @Tally public internal(set) var deviceKeepalives = 0
  /// Keepalives the switch sent.
  @Tally public internal(set) var switchKeepalives = 0
  /// Requests of its own the device sent, REGISTER not counted.
  @Tally public internal(set) var deviceRequests = 0

  init(
    key: UInt32, flow: UInt64, local: Endpoint, remote: Endpoint, account: UInt32,
    isShared: Bool, lastLife: Moment
  ) {
    self.key = key
    self.flow = flow
    self.account = account
    self.isShared = isShared
    self.lastLife = lastLife
    lastPassed = lastLife.time
    self.local = local
    self.remote = remote
  }

  /// Whether other accounts use the flow as well.
  public var hasNeighbours: Bool { next != Self.none || previous != Self.none }

  /// The longest silence of the device: the datagrams before and after.
  public internal(set) var longestSilence: (from: Moment, to: Moment)? {
    get { silentFrom.flatMap { from in silentTo.map { (from, $0) } } }
    set { (silentFrom, silentTo) = (newValue?.from, newValue?.to) }
  }

  /// The switch's keepalives in time; `nil` when there was none.
  @inlinable public var pulse: KeepalivePulse? { pulses.first }

  /// The last keepalive of the switch that no request has followed.
  var lastSwitchKeepalive: Moment? { endsInKeepalive ? pulses.first?.last : nil }

  var inside: (key: UInt64, flow: UInt64)? {
    get { insideKeys.flow == 0 ? nil : insideKeys }
    set { insideKeys = newValue ?? (0, 0) }
  }
}

/// A request sent to a device, until it is judged.
struct DeviceRequest {
  static let none = UInt32.max

  enum Outcome: UInt8 {
    case open
    case answered
    case unanswered
    case refused
    case undecided
    /// Its answer may be among packets that the capturing host lost.
    case lost
  }

  var key: UInt64
  var serial: UInt32
  var path: UInt32
  var pathKey: UInt32
  var method: SIPMethod
  var sent: Moment
  var last: Moment
  var transmissions: UInt32 = 1
  var outcome = Outcome.open
  /// Whether the transaction table still holds it: it is released when judged and timed out.
  var isTimedOut = false
  var isJudged = false
  var isOverdue = false
  var next = DeviceRequest.none
  /// The device's last datagram when this was sent, and what it sent since, before the next request.
  var lifeBefore: Moment
  var passedBefore: Timestamp
  var lifeAfter: Moment?
  var lifeAfterSign = LifeSign.datagram
  var answer: Moment?
  /// Status of an answer that shows the device out of reach; 0 for none.
  var givenUpStatus: UInt16 = 0
  var refusal: Refusal?
  /// When its time is over without an answer (RFC 3261 17.1.2.2).
  var due: Timestamp

  /// When it was known that it had failed.
  var failureKnown: Timestamp {
    min(refusal?.moment.time ?? due, givenUpStatus == 0 ? due : answer?.time ?? due)
  }
}

/// The keepalives a switch sends into one flow.
public struct KeepalivePulse: Sendable {
  /// The first.
  public let first: Moment
  /// The last.
  public internal(set) var last: Moment
  /// The gaps between them.
  public internal(set) var gaps = GapSample()
}

extension Reachability {
  /// Takes in a keepalive of the switch.
  mutating func noteKeepalive(at moment: Moment) {
    switchKeepalives += 1
    endsInKeepalive = true
    guard let last = pulses.first?.last else {
      pulses.append(KeepalivePulse(first: moment, last: moment))
      return
    }
    pulses[0].gaps.add(milliseconds: moment.time.millisecondsSince(last.time))
    pulses[0].last = moment
  }

  /// Takes in that a request follows, or that the last keepalive was judged.
  mutating func endKeepalives() { endsInKeepalive = false }
}
