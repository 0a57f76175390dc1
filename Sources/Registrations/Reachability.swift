import Capture
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
/// Where several accounts share one flow each has a record of its own.
public struct Reachability: Sendable {
  static let none = UInt32.max

  /// Names this record for as long as it lives.
  let key: UInt64
  /// Keyed hash of both endpoints, and of the user part of the Contact last bound over them.
  let flow: UInt64
  var userKey: UInt64 = 0
  /// The number of the account it is for, and of the records of other accounts on this flow.
  let account: UInt32
  var next = Reachability.none
  var previous = Reachability.none
  /// The requests not yet judged, in order of sending.
  var firstPending = DeviceRequest.none
  var lastPending = DeviceRequest.none
  /// The last datagram from the device.
  public internal(set) var lastLife: Moment
  /// The last datagram in either direction that is known to have passed.
  var lastPassed: Timestamp
  /// Nanoseconds behind `longestOpen` and `shortestClosed`; negative while there are none.
  var longestOpenNanoseconds: Int64 = -1
  /// Requests sent to the device.
  public internal(set) var requests = 0
  /// Those with an answer.
  public internal(set) var answered = 0
  /// Whether any datagram of the device itself is in the capture.
  public internal(set) var isHeard = true
  /// The last row is still open.
  var hasOpenRun = false
  var lastOutcomeWasAnswer = false
  /// Nanoseconds at which the last binding over it was replaced by another device's.
  var replacedAt = Int64.max
  /// Whether the record was given back and waits to be used again.
  var isReleased = false
  /// Whether an edge proxy stands between (Path or a second Via).
  public let isShared: Bool
  /// Whether a device behind a NAT was bound over it.
  var isBehindNAT = false
  /// How many bindings keep this record.
  var uses = 0
  /// OPTIONS sent to the device.
  public internal(set) var probes = 0
  /// OPTIONS answered, whatever the status.
  public internal(set) var answeredProbes = 0
  var lastProbe: Timestamp?
  /// Gaps between OPTIONS.
  public internal(set) var probeGaps = GapSample()
  /// The switch's side.
  public let local: Endpoint
  /// The device's side, as the switch sees it: the mapped address behind a NAT.
  public let remote: Endpoint
  /// Requests younger than Timer F when the capture ended.
  public internal(set) var undecided = 0
  /// Of these, the ones without an answer for longer than half of Timer F.
  public internal(set) var overdue = 0
  /// Keepalives the device sent.
  public internal(set) var deviceKeepalives = 0
  /// Keepalives the switch sent.
  public internal(set) var switchKeepalives = 0
  /// The last keepalive of the switch that no request has followed.
  var lastSwitchKeepalive: Moment?
  /// Datagrams that are neither SIP nor keepalive.
  public internal(set) var opaque = 0
  /// Requests of its own the device sent, REGISTER not counted.
  public internal(set) var deviceRequests = 0
  var shortestClosedNanoseconds: Int64 = -1
  /// The rows of requests without an answer, in order of time.
  public internal(set) var runs = BoundedList<UnansweredRun>(half: 8)
  /// A second key: the Contact's address where the switch may send to it instead of the source.
  var aliasKey: UInt64?

  init(
    key: UInt64, flow: UInt64, local: Endpoint, remote: Endpoint, account: UInt32,
    isShared: Bool, lastLife: Moment
  ) {
    self.key = key
    self.flow = flow
    self.account = account
    self.local = local
    self.remote = remote
    self.isShared = isShared
    self.lastLife = lastLife
    self.lastPassed = lastLife.time
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
  }

  var key: UInt64
  var serial: UInt64 = 0
  var path: UInt32
  var pathKey: UInt64
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
}

extension Reachability {
  /// The longest time without any datagram after which a request was still answered.
  public var longestOpen: Duration? {
    longestOpenNanoseconds < 0 ? nil : .nanoseconds(longestOpenNanoseconds)
  }

  /// The shortest time since the device's last datagram after which requests were not answered.
  public var shortestClosed: Duration? {
    shortestClosedNanoseconds < 0 ? nil : .nanoseconds(shortestClosedNanoseconds)
  }

  /// Takes the judgement of the oldest request into the history.
  mutating func judge(_ request: DeviceRequest) {
    switch request.outcome {
    case .answered: judgeAnswered(request)
    case .unanswered, .refused: judgeUnanswered(request)
    case .undecided, .open: judgeUndecided(request)
    }
    if let moment = request.lifeAfter { noteLife(moment, request.lifeAfterSign) }
  }

  private mutating func judgeAnswered(_ request: DeviceRequest) {
    answered += 1
    if request.method == .options { answeredProbes += 1 }
    let idle = request.sent.time.nanosecondsSince(request.passedBefore)
    longestOpenNanoseconds = max(longestOpenNanoseconds, idle)
    lastOutcomeWasAnswer = true
    if hasOpenRun {
      let answer = request.answer ?? request.sent
      runs.updateLast { run in
        run.end = .answered
        run.ended = answer
        run.endedBy = .answer
      }
      hasOpenRun = false
    } else {
      runs.updateLast { run in run.wasAnsweredAfterwards = true }
    }
  }

  private mutating func judgeUnanswered(_ request: DeviceRequest) {
    if !hasOpenRun {
      let idle = request.sent.time.nanosecondsSince(request.lifeBefore.time)
      let known = shortestClosedNanoseconds
      shortestClosedNanoseconds = known < 0 ? idle : min(known, idle)
      runs.append(
        UnansweredRun(
          lastLife: request.lifeBefore, first: request.sent, last: request.sent,
          firstMethod: request.method, followedAnAnswer: lastOutcomeWasAnswer))
      hasOpenRun = true
    }
    lastOutcomeWasAnswer = false
    runs.updateLast { run in
      run.requests += 1
      run.last = request.last
      run.transmissions += Int(request.transmissions)
      if request.method == .invite {
        run.invites += 1
        run.firstInvite = run.firstInvite ?? request.sent
      }
      // Longer than an answer takes.
      if let life = request.lifeAfter, request.last.time > life.time + .seconds(2) {
        run.outlastedLife = true
      }
      if request.givenUpStatus != 0, let answer = request.answer {
        run.givenUp += 1
        run.firstGivenUp = run.firstGivenUp ?? (request.givenUpStatus, answer)
      }
      if let refusal = request.refusal {
        run.refusals += 1
        run.firstRefusal = run.firstRefusal ?? refusal
      }
    }
  }

  private mutating func judgeUndecided(_ request: DeviceRequest) {
    undecided += 1
    if request.isOverdue { overdue += 1 }
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.undecided += 1
      if request.isOverdue { run.overdue += 1 }
    }
  }

  /// A transmission drew an ICMP error, but its repetition was answered.
  mutating func retractRefusal(at moment: Moment) {
    answered += 1
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.requests -= 1
      run.refusals -= 1
      run.end = .answered
      run.ended = moment
      run.endedBy = .answer
    }
    hasOpenRun = false
  }

  /// A datagram of the device's own ends a run: it was alive, and it reopened its mapping.
  mutating func noteLife(_ moment: Moment, _ sign: LifeSign) {
    guard hasOpenRun else { return }
    runs.updateLast { run in
      run.end = sign == .answer ? .answered : .deviceSpoke
      run.ended = moment
      run.endedBy = sign
    }
    hasOpenRun = false
  }
}
