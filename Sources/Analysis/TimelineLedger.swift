import Capture
import Decode
import Registrations
import Rules
import SIP

/// Assigns messages to the accounts that are drawn, and requests to their answers.
struct TimelineLedger: ~Copyable {
  /// A request whose answer is awaited, or came a moment ago.
  private struct OpenRequest {
    var event: TimelineEvent
    var accounts: [Int]
    var source: Endpoint
    var destination: Endpoint
    var callID: UInt64
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
    var callID: UInt64
    var flow: Flow
  }

  struct Flow: Hashable {
    var one: Endpoint
    var other: Endpoint

    init(_ source: Endpoint, _ destination: Endpoint) {
      (one, other) = source < destination ? (source, destination) : (destination, source)
    }
  }

  /// Requests and calls that are open at once; more are counted, not followed.
  static let mostOpen = 20_000
  /// Flows that are known; a device has one, or a few hundred over a week behind a bad NAT.
  private static let mostFlows = 200_000
  /// User parts by which one account is known; a client may take a new one at every start.
  private static let mostUsers = 64
  /// Accounts of one flow that a keepalive on it is drawn for.
  private static let mostNeighbours = 8
  /// How soon credentials follow a challenge they answer.
  private static let retryTime = Duration.seconds(5)

  private let seed: UInt64
  private let timeout: Duration
  private let names: [String]
  private var places: [String: Int] = [:]
  private var users: [Set<String>] = []
  var events: [AccountEvents]
  private var flows: [Flow: [Int]] = [:]
  var devices: Set<Endpoint> = []
  private var open: [UInt64: OpenRequest] = [:]
  private var deadlines: [(key: UInt64, due: Timestamp)] = []
  private var firstDeadline = 0
  var calls: [Leg: OpenCall] = [:]
  private var callIDs: [Int: UInt64] = [:]
  var named: [(frame: FrameReference, isUnanswered: Bool)] = []
  private var now = Timestamp(nanoseconds: .min)

  init(_ wish: TimelinePass.Wish, timeout: Duration, seed: UInt64) {
    self.seed = seed
    self.timeout = timeout
    names = wish.accounts.map(\.account.subject.account.addressOfRecord)
    events = wish.accounts.map { AccountEvents(window: $0.window, limit: wish.eventsPerLane) }
    for (index, account) in wish.accounts.map(\.account).enumerated() {
      places[names[index]] = index
      users.append([Self.user(of: names[index])])
      for observed in account.subject.bindings where !observed.binding.isOnlyListed {
        join(index, observed.binding.registrar, device: observed.binding.source)
        users[index].insert(Self.user(ofURI: observed.binding.contact))
      }
    }
  }

  /// Lets requests time out.
  mutating func advance(to time: Timestamp) {
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
    for request in open.values.sorted(by: { $0.event.first.frame < $1.event.first.frame })
    where !request.isClosed {
      close(request, .open)
    }
    for call in calls.values.sorted(by: { $0.event.first.frame < $1.event.first.frame }) {
      var event = call.event
      let isSilent = event.status == 0 && now - event.last.time > timeout
      event.outcome = event.answered != nil ? .good : isSilent ? .unanswered : .open
      if event.isNamed, isSilent { named.append((event.first.frame, true)) }
      for account in call.accounts { events[account].append(event) }
    }
    let timelines = zip(names, events).map { ($0, $1.finished()) }
    return (Dictionary(timelines, uniquingKeysWith: { first, _ in first }), named)
  }

  private static func user(of account: String) -> String {
    account.lastIndex(of: "@").map { String(account[..<$0]) } ?? account
  }

  private static func user(ofURI uri: String) -> String {
    let rest = uri.firstIndex(of: ":").map { uri[uri.index(after: $0)...] } ?? uri[...]
    return rest.firstIndex(of: "@").map { String(rest[..<$0]) } ?? ""
  }

  private mutating func join(_ account: Int, _ registrar: Endpoint, device: Endpoint) {
    let flow = Flow(registrar, device)
    guard flows.count < Self.mostFlows || flows[flow] != nil else { return }
    devices.insert(device)
    if !(flows[flow]?.contains(account) ?? false) { flows[flow, default: []].append(account) }
  }
}

extension TimelineLedger {
  /// Takes in a keepalive.
  mutating func take(_ form: String, at sighting: Sighting, isNamed: Bool) {
    guard let accounts = flows[Flow(sighting.source, sighting.destination)] else { return }
    var event = TimelineEvent(
      .keepalive, form, isFromDevice: devices.contains(sighting.source), at: sighting.moment)
    event.outcome = .good
    event.isNamed = isNamed
    for account in accounts.prefix(Self.mostNeighbours) { events[account].append(event) }
  }

  /// Takes in a message.
  mutating func take(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting, isNamed: Bool
  ) {
    let callID = bytes.hash(message.callID, seed: seed)
    let key = bytes.hash(
      message.callID,
      seed: seed ^ UInt64(message.cseq) << 8 ^ UInt64(message.method.rawValue) &+ 1)
    guard message.isRequest else {
      return answer(key, callID, message.statusCode, message.method, at: sighting, isNamed)
    }
    if repeats(key, at: sighting, isNamed) { return }
    switch message.method {
    case .register: beginRegister(message, bytes, key, callID, at: sighting, isNamed)
    case .invite: beginCall(message, bytes, leg(callID, sighting), at: sighting, isNamed)
    case .bye: endCall(leg(callID, sighting), .good, at: sighting, isNamed)
    case .cancel: cancelCall(leg(callID, sighting), at: sighting, isNamed)
    case .ack, .prack: break
    default:
      // Within a call it says nothing of the binding.
      if message.to.tag.isEmpty { beginOther(message, bytes, key, callID, at: sighting, isNamed) }
    }
  }

  /// A request that is known: sent again, or seen on another leg.
  private mutating func repeats(_ key: UInt64, at sighting: Sighting, _ isNamed: Bool) -> Bool {
    guard var request = open[key] else { return false }
    guard !request.isClosed else { return true }
    if request.source == sighting.source, request.destination == sighting.destination {
      request.event.transmissions += 1
      request.event.last = sighting.moment
      request.event.isNamed = request.event.isNamed || isNamed
      open[key] = request
    }
    return true
  }

  private mutating func beginRegister(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ key: UInt64, _ callID: UInt64,
    at sighting: Sighting, _ isNamed: Bool
  ) {
    let name = bytes.string(message.to.user) + "@" + bytes.string(message.to.host).lowercased()
    guard let account = places[name] else { return }
    join(account, sighting.destination, device: sighting.source)
    if message.contactCount > 0, users[account].count < Self.mostUsers {
      users[account].insert(bytes.string(message.firstContact.user))
    }
    var event = TimelineEvent(.register, "REGISTER", isFromDevice: true, at: sighting.moment)
    event.isNamed = isNamed
    if message.credentials != nil, callIDs[account] == callID {
      let isRecent = { (last: TimelineEvent) in
        last.outcome == .open && last.wasChallenged
          && sighting.moment.time - last.last.time < Self.retryTime
      }
      if let challenged = events[account].takeChallenged(where: isRecent) {
        event.first = challenged.first
        event.wasChallenged = true
        event.isNamed = isNamed || challenged.isNamed
      }
    }
    callIDs[account] = callID
    begin(event, [account], key, callID, message.credentials != nil, at: sighting)
  }

  private mutating func beginOther(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ key: UInt64, _ callID: UInt64,
    at sighting: Sighting, _ isNamed: Bool
  ) {
    let accounts = accounts(of: message, bytes, at: sighting)
    guard !accounts.isEmpty else { return }
    let isFromDevice = devices.contains(sighting.source)
    var event = TimelineEvent(
      isFromDevice ? .keepalive : .probe,
      // Whatever a stranger calls it must not make runs that cannot be joined.
      message.method == .other ? "request" : bytes.string(message.methodText),
      isFromDevice: isFromDevice, at: sighting.moment)
    event.isNamed = isNamed
    begin(event, accounts, key, callID, message.credentials != nil, at: sighting)
  }

  private mutating func begin(
    _ event: TimelineEvent, _ accounts: [Int], _ key: UInt64, _ callID: UInt64,
    _ hadCredentials: Bool, at sighting: Sighting
  ) {
    guard open.count < Self.mostOpen else {
      for account in accounts { events[account].noteLeftOut() }
      return
    }
    let due = sighting.moment.time + timeout
    open[key] = OpenRequest(
      event: event, accounts: accounts, source: sighting.source,
      destination: sighting.destination, callID: callID, hadCredentials: hadCredentials, due: due)
    deadlines.append((key, due))
  }

  /// Whom a request outside of calls is about: those on its flow, told apart by the users it names.
  func accounts(
    of message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> [Int] {
    let list = flows[Flow(sighting.source, sighting.destination)] ?? []
    guard list.count > 1 else { return list }
    let named: Set<String> = [
      bytes.string(message.requestURI.user), bytes.string(message.to.user),
      bytes.string(message.from.user),
    ]
    return list.filter { !users[$0].isDisjoint(with: named.subtracting([""])) }
  }
}

extension TimelineLedger {
  private mutating func answer(
    _ key: UInt64, _ callID: UInt64, _ status: UInt16, _ method: SIPMethod, at sighting: Sighting,
    _ isNamed: Bool
  ) {
    if method == .invite {
      return answerCall(leg(callID, sighting), status, at: sighting, isNamed)
    }
    guard status >= 200, var request = open[key], !request.isClosed else { return }
    request.event.status = status
    request.event.last = sighting.moment
    request.event.isNamed = request.event.isNamed || isNamed
    request.isClosed = true
    let isChallenge = status == 401 || status == 407
    if isChallenge { request.event.wasChallenged = true }
    open[key] = request
    let isAnswer = request.event.lane != .register || (200..<300).contains(status)
    // A challenge decides nothing yet, unless it answers credentials.
    close(request, isAnswer ? .good : isChallenge && !request.hadCredentials ? .open : .refused)
  }

  private mutating func close(_ request: OpenRequest, _ outcome: TimelineEvent.Outcome) {
    var event = request.event
    event.outcome = outcome
    if event.isNamed {
      named.append((event.first.frame, outcome == .unanswered))
      if event.transmissions > 1 { named.append((event.last.frame, outcome == .unanswered)) }
    }
    for account in request.accounts { events[account].append(event) }
  }
}
