import Capture
import Registrations
import SIP

/// What is noted of packets, and whom it is about.
extension TimelineLedger {
  /// Takes in what was noted; `isNamed` where a finding names the packet.
  mutating func take(_ note: PacketNote, isNamed: Bool = false) {
    advance(to: note.moment.time)
    switch note.kind {
    case .request: takeRequest(note, isNamed)
    case .answer: takeAnswer(note, isNamed)
    case .keepalive: takeKeepalive(note, isNamed)
    case .gap: settle(at: note.moment.time)
    }
  }

  private mutating func takeKeepalive(_ note: PacketNote, _ isNamed: Bool) {
    guard let accounts = flows[note.flow] else { return }
    var event = TimelineEvent(
      .keepalive, PacketQuote.name(note.form), isFromDevice: devices.contains(note.source),
      at: note.moment)
    event.outcome = .good
    event.isNamed = isNamed
    for account in accounts.prefix(Self.mostNeighbours) { events[account].append(event) }
  }

  private mutating func takeRequest(_ note: PacketNote, _ isNamed: Bool) {
    if repeats(note, isNamed) { return }
    switch note.method {
    case .register: beginRegister(note, isNamed)
    case .invite: beginCall(note, isNamed)
    case .bye: endCall(Leg(note), .good, note, isNamed)
    case .cancel: cancelCall(note, isNamed)
    default: beginOther(note, isNamed)
    }
  }

  /// A request that is known: sent again, or seen on another leg.
  private mutating func repeats(_ note: PacketNote, _ isNamed: Bool) -> Bool {
    guard !open.isEmpty, let request = open[note.transaction] else { return false }
    if !request.isClosed, request.source == note.source, request.destination == note.destination {
      open[note.transaction]?.event.transmissions += 1
      open[note.transaction]?.event.last = note.moment
      if isNamed { open[note.transaction]?.event.isNamed = true }
    }
    return true
  }

  /// Learns who registers where, without taking a REGISTER for an event.
  ///
  /// Where all notes are at hand the first time shows the flows, the second who else is on them.
  mutating func meet(_ note: PacketNote) {
    guard note.kind == .request, note.method == .register else { return }
    guard let account = places[note.name] else { return noteStranger(note) }
    join(account, note.destination, device: note.source)
    know(account, note.users.0)
    know(account, note.users.1)
  }

  private mutating func beginRegister(_ note: PacketNote, _ isNamed: Bool) {
    meet(note)
    guard let account = places[note.name] else { return }
    var event = TimelineEvent(.register, "REGISTER", isFromDevice: true, at: note.moment)
    event.isNamed = isNamed
    if note.hasCredentials, callIDs[account] == note.callID {
      let isRecent = { (last: TimelineEvent) in
        last.outcome == .open && last.wasChallenged
          && note.moment.time - last.last.time < Self.retryTime
      }
      if let challenged = events[account].takeChallenged(where: isRecent) {
        event.first = challenged.first
        event.wasChallenged = true
        event.isNamed = isNamed || challenged.isNamed
      }
    }
    callIDs[account] = note.callID
    begin(event, [account], note)
  }

  /// Another account that registers on a flow of one that is drawn.
  private mutating func noteStranger(_ note: PacketNote) {
    guard flows[note.flow] != nil, strangers[note.flow, default: []].count < Self.mostUsers else {
      return
    }
    strangers[note.flow, default: []].formUnion([note.users.0, note.users.1])
  }

  private mutating func beginOther(_ note: PacketNote, _ isNamed: Bool) {
    let accounts = accounts(of: note)
    guard !accounts.isEmpty else { return }
    let isFromDevice = devices.contains(note.source)
    var event = TimelineEvent(
      isFromDevice ? .keepalive : .probe,
      // Whatever a stranger calls it must not make runs that cannot be joined.
      note.method == .other ? "request" : "\(note.method)".uppercased(),
      isFromDevice: isFromDevice, at: note.moment)
    event.isNamed = isNamed
    begin(event, accounts, note)
  }

  private mutating func begin(_ event: TimelineEvent, _ accounts: [Int], _ note: PacketNote) {
    guard open.count < limits.open else {
      for account in accounts { events[account].noteLeftOut() }
      return
    }
    let due = note.moment.time + timeout
    open[note.transaction] = OpenRequest(
      event: event, accounts: accounts, source: note.source, destination: note.destination,
      hadCredentials: note.hasCredentials, due: due)
    deadlines.append((note.transaction, due))
  }

  /// Whom a request outside of calls is about: those on its flow, told apart by the users it names.
  func accounts(of note: PacketNote) -> [Int] {
    guard let list = flows[note.flow] else { return [] }
    let others = strangers[note.flow]
    guard list.count > 1 || others != nil else { return list }
    let target = UInt32(truncatingIfNeeded: note.name)
    let named = Set([target, note.users.0, note.users.1]).subtracting([0])
    let meant = list.filter { !users[$0].isDisjoint(with: named) }
    // What names none of those on the flow is for whoever is there, as a keepalive is.
    guard meant.isEmpty, others?.isDisjoint(with: named) ?? true else { return meant }
    return Array(list.prefix(Self.mostNeighbours))
  }
  private mutating func takeAnswer(_ note: PacketNote, _ isNamed: Bool) {
    if note.method == .invite { return answerCall(note, isNamed) }
    guard !open.isEmpty, var request = open[note.transaction], !request.isClosed else { return }
    request.event.status = note.status
    request.event.last = note.moment
    request.event.isNamed = request.event.isNamed || isNamed
    request.isClosed = true
    let isChallenge = note.status == 401 || note.status == 407
    if isChallenge { request.event.wasChallenged = true }
    open[note.transaction] = request
    let isAnswer = request.event.lane != .register || (200..<300).contains(note.status)
    // A challenge decides nothing yet, unless it answers credentials.
    close(request, isAnswer ? .good : isChallenge && !request.hadCredentials ? .open : .refused)
  }

  mutating func close(_ request: OpenRequest, _ outcome: TimelineEvent.Outcome) {
    var event = request.event
    event.outcome = outcome
    if event.isNamed {
      named.append((event.first.frame, outcome == .unanswered))
      if event.transmissions > 1 { named.append((event.last.frame, outcome == .unanswered)) }
    }
    for account in request.accounts { events[account].append(event) }
  }
}
