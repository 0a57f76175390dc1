import Capture
import Registrations
import Rules

/// Assigns packets to the accounts that are drawn, and requests to their answers.
///
/// It works on notes, so that a report's second reading and a running capture draw the same.
struct TimelineLedger {
  /// An account to draw.
  struct Wish {
    let account: AccountSummary
    /// What notes of its REGISTERs call it.
    let key: UInt64
    /// Where its events go.
    let events: AccountEvents
  }

  /// A request whose answer is awaited, or came a moment ago.
  struct OpenRequest {
    var event: TimelineEvent
    var accounts: [Int]
    var source: UInt64
    var destination: UInt64
    var hadCredentials: Bool
    var due: Timestamp
    var isClosed = false
  }

  /// A call until somebody hangs up.
  struct OpenCall {
    var event: TimelineEvent
    var accounts: [Int]
  }

  /// A leg of a call: a proxy uses one Call-ID on both.
  struct Leg: Hashable {
    let callID: UInt64
    let flow: UInt64

    init(_ note: PacketNote) { (callID, flow) = (note.callID, note.flow) }
  }

  /// What bounds its memory.
  struct Limits {
    /// Requests and calls that are open at once; more are counted, not followed.
    var open = 20_000
    /// Flows that are known; a device has one, or a few hundred over a week behind a bad NAT.
    var flows = 200_000

    /// For one account among several of a running capture.
    static let live = Limits(open: 4000, flows: 2000)
  }

  /// User parts by which one account is known; a client may take a new one at every start.
  static let mostUsers = 64
  /// Accounts of one flow that a keepalive on it is drawn for.
  static let mostNeighbours = 8
  /// How soon credentials follow a challenge they answer.
  static let retryTime = Duration.seconds(5)
  /// How far packets may be out of order before the clock was set back, as a tracker bears it.
  private static let disorder = Duration.seconds(5)

  private let taker: NoteTaker
  let limits: Limits
  let timeout: Duration
  private let names: [String]
  var places: [UInt64: Int] = [:]
  var users: [Set<UInt32>] = []
  var events: [AccountEvents]
  var flows: [UInt64: [Int]] = [:]
  /// Users of other accounts that register on such a flow.
  var strangers: [UInt64: Set<UInt32>] = [:]
  var devices: Set<UInt64> = []
  var open: [UInt64: OpenRequest] = [:]
  var deadlines: [(key: UInt64, due: Timestamp)] = []
  private var firstDeadline = 0
  var calls: [Leg: OpenCall] = [:]
  /// When calls that nobody ends are looked for the next time.
  var nextSweep = Timestamp(nanoseconds: .min)
  var callIDs: [Int: UInt64] = [:]
  var named: [(frame: FrameReference, isUnanswered: Bool)] = []
  private var now = Timestamp(nanoseconds: .min)

  /// A ledger of some accounts, for notes of `taker`.
  init(_ wishes: [Wish], timeout: Duration, _ taker: NoteTaker, limits: Limits = Limits()) {
    self.taker = taker
    self.limits = limits
    self.timeout = timeout
    names = wishes.map(\.account.subject.account.addressOfRecord)
    events = wishes.map(\.events)
    for (index, wish) in wishes.enumerated() {
      places[wish.key] = index
      users.append([])
      learn(wish.account, at: index)
    }
  }

  /// Takes in what is known of an account by now: where its devices are, and as whom.
  mutating func learn(_ account: AccountSummary, at index: Int) {
    know(index, taker.user(Self.user(of: names[index])))
    let last = account.subject.account
    join(index, taker.name(last.registrar), device: taker.name(last.source))
    for observed in account.subject.bindings where !observed.binding.isOnlyListed {
      let (registrar, device) = (observed.binding.registrar, observed.binding.source)
      join(index, taker.name(registrar), device: taker.name(device))
      know(index, taker.user(Self.user(ofURI: observed.binding.contact)))
    }
  }

  /// Lets requests time out.
  mutating func advance(to time: Timestamp) {
    if time + Self.disorder < now {
      // A clock that was set back says nothing any more of how long a call is silent.
      settleCalls()
      settle(at: time)
    }
    now = max(now, time)
    while firstDeadline < deadlines.count, deadlines[firstDeadline].due < now {
      let key = deadlines[firstDeadline].key
      firstDeadline += 1
      if let request = open.removeValue(forKey: key), !request.isClosed {
        close(request, .unanswered)
      }
    }
    if firstDeadline > 4096, firstDeadline > deadlines.count / 2 {
      deadlines.removeFirst(firstDeadline)
      firstDeadline = 0
    }
  }

  /// Ends the reading: what is open now stays so.
  consuming func finish() -> (
    accounts: [String: AccountTimeline], named: [(frame: FrameReference, isUnanswered: Bool)]
  ) {
    settleCalls()
    settle(at: now)
    let timelines = zip(names, events).map { ($0, $1.finished()) }
    return (Dictionary(timelines, uniquingKeysWith: { first, _ in first }), named)
  }

  /// The events of the first account up to now, what is open among them.
  consuming func eventsSoFar() -> AccountEvents? {
    settleCalls()
    settle(at: now)
    return events.first
  }

  /// Leaves every open request undecided and goes on at `time`.
  mutating func settle(at time: Timestamp) {
    for request in open.values.sorted(by: { $0.event.first.frame < $1.event.first.frame })
    where !request.isClosed {
      close(request, .open)
    }
    open = [:]
    (deadlines, firstDeadline) = ([], 0)
    now = time
  }

  private mutating func settleCalls() {
    for call in calls.values.sorted(by: { $0.event.first.frame < $1.event.first.frame }) {
      var event = call.event
      let isSilent = event.status == 0 && now - event.last.time > timeout
      event.outcome = event.answered != nil ? .good : isSilent ? .unanswered : .open
      if event.isNamed, isSilent { named.append((event.first.frame, true)) }
      for account in call.accounts { events[account].append(event) }
    }
    calls = [:]
    nextSweep = Timestamp(nanoseconds: .min)
  }

  private static func user(of account: String) -> String {
    account.lastIndex(of: "@").map { String(account[..<$0]) } ?? account
  }

  private static func user(ofURI uri: String) -> String {
    let rest = uri.firstIndex(of: ":").map { uri[uri.index(after: $0)...] } ?? uri[...]
    return rest.firstIndex(of: "@").map { String(rest[..<$0]) } ?? ""
  }

  mutating func know(_ account: Int, _ user: UInt32) {
    if user != 0, users[account].count < Self.mostUsers { users[account].insert(user) }
  }

  mutating func join(_ account: Int, _ registrar: UInt64, device: UInt64) {
    let flow = NoteTaker.flow(registrar, device)
    // Where it is now matters most; where else it is will be learnt again.
    if flows.count >= limits.flows, flows[flow] == nil {
      (flows, strangers, devices) = ([:], [:], [])
    }
    devices.insert(device)
    if !(flows[flow]?.contains(account) ?? false) { flows[flow, default: []].append(account) }
  }
}
