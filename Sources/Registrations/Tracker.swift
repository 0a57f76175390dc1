public import Capture
public import Decode
public import SIP

/// Turns observations into account histories.
///
/// A value without clock, file or print inside: the time is the packets'. Feed it in order of time
/// with `observe`, tell it of time that passed without anything to observe with `advance`, end it
/// with `history`.
public struct Tracker: ~Copyable, Sendable {
  /// The histories, in the order the accounts were first seen.
  public internal(set) var accounts = Chunks<Account>()
  /// What was counted beside them.
  public internal(set) var counts = TrackerCounts()
  /// The hosts REGISTERs were sent to.
  public internal(set) var registrars: [Registrar] = []
  /// The latest time seen.
  public internal(set) var now = Timestamp(nanoseconds: .min)
  /// The earliest time seen.
  public internal(set) var start: Timestamp?

  let limits: TrackerLimits
  /// `limits.transactionTimeout` in nanoseconds: added for every request.
  let timeout: Int64
  /// `limits.exchange` in nanoseconds: compared for every datagram of a device.
  let exchange: Int64
  let seed: UInt64
  let keys: Keys
  var accountIndex = HashIndex()
  var registrarIndex = HashIndex()
  /// The one found last.
  var lastRegistrar = 0
  var sources: [SourceFailures] = []
  var sourceIndex = HashIndex()
  /// The one looked at last for one to forget.
  var sourceTurn = 0
  var pathIndex = HashIndex()
  /// The switch's ports of all flows: most datagrams are media, and have neither end on one of them.
  var switchPorts = PortSet()
  /// Private Contact addresses; apart, since nearly nothing is ever sent there.
  var insideIndex = HashIndex()
  var paths = Pool<Reachability>()
  var gaps = GapStore()
  var registerIndex = HashIndex()
  var registers = Pool<RegisterTransaction>()
  var requestIndex = HashIndex()
  var requests = Pool<DeviceRequest>()
  /// Accounts of calls by their numbers, to find the other leg.
  var callIndex = HashIndex()
  var deadlines = DeadlineRing()
  var early = EarlyAnswers()
  var spareAttempts = SpareAttempts()
  var userAgents: [UserAgent] = [.none]
  var userAgentIndex = HashIndex()
  var texts = TextStore()
  /// The last one given out; 0 stands for none.
  var serial: UInt32 = 0
  /// Accepted registrations, and OPTIONS to devices, over time.
  var registrations = RateSeries()
  var probes = RateSeries()
  var measures = Measures()
  var switchKeepalives = SwitchKeepalives()
  var foresight = Foresight()
  /// Places of accounts that were forgotten, whose turn it is to be looked at, and when.
  var vacant: [UInt32] = []
  var turnOfAccount = 0
  var turnOfSource = 0
  var lastTurn = Timestamp(nanoseconds: .min)
  /// Nanoseconds; never where everything is remembered.
  var nextTurn = Int64.max
  /// The last span in which nothing at all was captured.
  var lastSilence: (from: Timestamp, to: Timestamp)?
  /// When packets are known to be missing.
  var losses = Losses()
  /// Times that a clock which was set ran through twice, or never: what touches one measures nothing.
  var clockBreaks = Losses()
  /// How many times the clock has stepped back.
  var epoch: UInt32 = 0
  /// Contacts listed in the 2xx at hand; kept to be filled again without allocation.
  var listed: [ListedContact] = []

  /// Marks a deadline that belongs to a request to a device.
  static let requestFlag: UInt32 = 1 << 31

  /// An empty tracker; `seed` keys its hashes and has no influence on what it finds.
  public init(limits: TrackerLimits = TrackerLimits(), seed: UInt64) {
    self.limits = limits
    timeout = limits.transactionTimeout.wholeNanoseconds
    exchange = limits.exchange.wholeNanoseconds
    if limits.memory != nil { nextTurn = .min }
    self.seed = seed
    keys = Keys(seed: seed)
  }

  /// Takes in one SIP message; `bytes` is the datagram it was read from.
  public mutating func observe(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    advance(to: sighting.moment.time)
    switch (message.isRequest, message.method) {
    case (true, .register): observeRegister(message, bytes, at: sighting)
    case (false, .register): observeRegisterAnswer(message, bytes, at: sighting)
    case (true, _): observeRequest(message, bytes, at: sighting)
    case (false, _): observeAnswer(message, bytes, at: sighting)
    }
  }

  /// Whether a datagram between two ports may belong to a known signalling flow.
  mutating func isSignalling(between source: UInt16, and destination: UInt16) -> Bool {
    switchPorts.contains(source) || switchPorts.contains(destination)
  }

  /// Takes in one datagram that is not SIP and says whether it ran on a signalling flow.
  ///
  /// `keepalive` is `nil` for a datagram that cannot be read.
  @discardableResult
  public mutating func observe(_ keepalive: Keepalive?, at sighting: Sighting) -> Bool {
    if switchPorts.contains(sighting.source.port),
      let number = path(from: sighting.source, to: sighting.destination)
    {
      advance(to: sighting.moment.time)
      count(keepalive)
      if keepalive != nil {
        paths[number].noteKeepalive(at: sighting.moment)
      } else {
        paths[number].opaque += 1
      }
      // It may have held the mapping open: idle times that worked count from here at most.
      paths[number].lastPassed = sighting.moment.time
      return true
    }
    if switchPorts.contains(sighting.destination.port),
      let number = path(from: sighting.destination, to: sighting.source)
    {
      advance(to: sighting.moment.time)
      count(keepalive)
      if keepalive != nil { paths[number].deviceKeepalives += 1 } else { paths[number].opaque += 1 }
      noteLifeOnFlow(number, sighting.moment, .datagram)
      return true
    }
    guard keepalive != nil, noteStrayKeepalive(at: sighting) else { return false }
    count(keepalive)
    return true
  }

  private mutating func count(_ keepalive: Keepalive?) {
    if keepalive == nil { counts.opaqueDatagrams += 1 } else { counts.keepalives += 1 }
  }

  /// Takes in one ICMP error that quotes a datagram; it is no message on the wire.
  public mutating func observe(_ error: ICMPError, at moment: Moment) {
    guard error.reason != .fragmentationNeeded, error.reason != .other else { return }
    advance(to: moment.time)
    let refusal = Refusal(reporter: error.reporter, reason: error.reason, moment: moment)
    if let number = path(from: error.source, to: error.destination) {
      refuseRequest(on: number, refusal)
    } else {
      refuseRegister(keys.flow(error.source, error.destination), refusal)
    }
  }

  /// Notes that a capture which is never silent was so from `start` until `time`.
  ///
  /// A device may have been heard in between: what depends on its silence then is in doubt.
  public mutating func noteSilence(from start: Timestamp, until time: Timestamp) {
    lastSilence = (start, time)
  }

  /// Lets time pass: what is due by `time` and was not answered is judged.
  public mutating func advance(to time: Timestamp) {
    if start == nil { start = time }
    guard time > now else {
      if now - time > limits.clockTolerance { stepClock(to: time) }
      return
    }
    now = time
    if !early.isEmpty {
      settleEarlyAnswers(before: time + .nanoseconds(-limits.overtaking.wholeNanoseconds))
    }
    while let deadline = deadlines.first, deadline.nanoseconds <= time.nanoseconds {
      deadlines.removeFirst()
      timeOut(deadline)
    }
    if time.nanoseconds >= nextTurn { forgetSome() }
  }

  /// Settles what is open.
  mutating func finish() {
    settleEarlyAnswers(before: Timestamp(nanoseconds: .max))
    settleOpenTransactions()
    noteChallengesLeft()
    for index in accounts.indices { closeAccount(index) }
  }

  private mutating func timeOut(_ deadline: DeadlineRing.Deadline) {
    if deadline.transaction & Self.requestFlag != 0 {
      let number = deadline.transaction & ~Self.requestFlag
      if deadline.isOf(requests[number].serial) { timeOutRequest(number) }
    } else if deadline.isOf(registers[deadline.transaction].serial) {
      timeOutRegister(deadline.transaction)
    }
  }

  /// The clock went back: nothing that was open can be judged by it any more.
  private mutating func stepClock(to time: Timestamp) {
    counts.clockSteps += 1
    counts.largestClockStep = max(counts.largestClockStep, now - time)
    breakClock(at: time)
  }

  private mutating func breakClock(at time: Timestamp) {
    settleEarlyAnswers(before: Timestamp(nanoseconds: .max))
    settleOpenTransactions()
    clockBreaks.note(min(time, now)...max(time, now))
    now = time
    epoch &+= 1
    // What is forgotten waits for no time that was never.
    if nextTurn != .max { (nextTurn, lastTurn) = (time.nanoseconds, time) }
  }

  /// The clock was set forwards to `time`: what seems to have passed has not.
  ///
  /// A capture file cannot tell that from silence; who has a second clock can.
  public mutating func leapClock(to time: Timestamp) {
    guard start != nil, time > now else { return }
    counts.clockLeaps += 1
    counts.largestClockLeap = max(counts.largestClockLeap, time - now)
    breakClock(at: time)
  }

  /// Drops what an account held when the clock stepped back since it was last seen.
  ///
  /// Done when the account is next touched, so that a clock that steps all the time costs no more
  /// than one that does not.
  mutating func catchUp(_ index: Int) {
    guard accounts[index].epoch != epoch else { return }
    accounts[index].epoch = epoch
    forgetBindings(index)
  }

  private mutating func settleOpenTransactions() {
    while let deadline = deadlines.first {
      deadlines.removeFirst()
      if deadline.transaction & Self.requestFlag != 0 {
        let number = deadline.transaction & ~Self.requestFlag
        if deadline.isOf(requests[number].serial) { abandonRequest(number) }
      } else if deadline.isOf(registers[deadline.transaction].serial) {
        abandonRegister(deadline.transaction)
      }
    }
  }

  private mutating func forgetBindings(_ index: Int) {
    while let binding = accounts[index].current.popLast() {
      endBinding(index, binding, .unknown, binding.refreshed)
    }
    while !accounts[index].calls.isEmpty { forgetCall(index, 0) }
    for registrant in accounts[index].registrants.indices {
      accounts[index, registrant: registrant].closeChallenge(&spareAttempts)
      // What comes after a clock that went back may have been sent before.
      accounts[index, registrant: registrant].last = Registrant.LastRegister()
    }
  }

  private mutating func closeAccount(_ index: Int) {
    catchUp(index)
    if !accounts[index].rareFacts.isEmpty {
      closeCalls(index)
      settleLostBindings(index, nil, at: accounts[index].lastSeen)
    }
    for number in accounts[index].current.indices {
      guard accounts[index, binding: number].expires <= now else { continue }
      let binding = accounts[index, binding: number]
      accounts[index, binding: number].end = .expired
      accounts[index, binding: number].ended = Moment(
        time: binding.expires, frame: binding.refreshed.frame)
    }
    noteLossAtEnd(index)
    for registrant in accounts[index].registrants.indices {
      guard let challenge = accounts[index, registrant: registrant].openChallenge,
        isWhole(since: challenge.request.time)
      else { continue }
      accounts[index].openChallenges += 1
      accounts[index, registrant: registrant].leaveUnanswered(challenge)
    }
  }

  mutating func schedule(_ transaction: UInt32, _ serial: UInt32, sent: Timestamp) {
    let due = min(sent.nanoseconds, .max - timeout) + timeout
    if deadlines.isFull { dropDeadlines() }
    deadlines.append(.init(nanoseconds: due, transaction: transaction, serial: serial))
  }

  /// Drops the deadlines of transactions that are over: nearly all are long before, and those that
  /// would be passed over need no room until then.
  private mutating func dropDeadlines() {
    // Once around, so that their order stays.
    for _ in 0..<deadlines.count {
      guard let deadline = deadlines.first else { break }
      deadlines.removeFirst()
      let number = deadline.transaction & ~Self.requestFlag
      let isRequest = deadline.transaction & Self.requestFlag != 0
      let serial = isRequest ? requests[number].serial : registers[number].serial
      if deadline.isOf(serial) { deadlines.append(deadline) }
    }
    deadlines.makeRoom()
  }

  /// Tells apart what a number of a record means at one time and at another.
  ///
  /// One is given out again after four thousand million others, and is taken for the one before only
  /// by who has held it all that while, and with it the number of just that record.
  mutating func nextSerial() -> UInt32 {
    serial = serial == .max ? 1 : serial + 1
    return serial
  }

  /// The number of a registrar, noted when it is new; `nil` beyond the limit.
  mutating func registrarNumber(_ endpoint: Endpoint) -> Int? {
    // Most captures have one.
    if lastRegistrar < registrars.count, registrars[lastRegistrar].endpoint == endpoint {
      return lastRegistrar
    }
    let key = keys.endpoint(endpoint)
    if let known = registrarIndex.find(key) {
      lastRegistrar = Int(known)
      return lastRegistrar
    }
    guard registrars.count < limits.registrars else {
      counts.registrarsLeftOut += 1
      return nil
    }
    registrarIndex.set(key, UInt32(truncatingIfNeeded: registrars.count))
    registrars.append(Registrar(endpoint: endpoint))
    return registrars.count - 1
  }

  /// The number of a user agent's name, 0 for none and for those beyond the limit.
  mutating func userAgentNumber(_ range: ByteRange, _ bytes: Span<UInt8>) -> UInt32 {
    guard !range.isEmpty else { return 0 }
    let key = bytes.hash(range, seed: seed)
    if let known = userAgentIndex.find(key) { return known }
    guard userAgents.count < limits.userAgents else {
      counts.userAgentsLeftOut += 1
      return 0
    }
    let number = UInt32(truncatingIfNeeded: userAgents.count)
    userAgents.append(UserAgent(number: number, name: bytes.string(range).shortened()))
    userAgentIndex.set(key, number)
    return number
  }
}
