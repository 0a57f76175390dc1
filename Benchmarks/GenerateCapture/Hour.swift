/// Plays an hour of phones, trunks and their switch, with what a network does to packets.
///
/// The capture is taken at the switch: what gets lost on the way there is never seen, what gets lost
/// on the way back is seen and sent again.
struct Hour: ~Copyable {
  var lines: [Line]
  var agenda = Agenda()
  var outbox = Outbox()
  var random: Random
  var messages = Messages()
  private var file: CaptureWriter

  /// Microseconds the capture lasts.
  static let length: Int64 = 3_600_000_000
  /// Packets in a hundred that get lost.
  private static let loss = 1.0
  /// Packets in a hundred that are captured twice.
  private static let copies = 0.2
  /// Times of transmissions that stay unanswered (RFC 3261 17.1.2.2).
  static let transmissions: [11 of Int64] = [
    0, 500_000, 1_500_000, 3_500_000, 7_500_000, 11_500_000, 15_500_000, 19_500_000, 23_500_000,
    27_500_000, 31_500_000,
  ]
  /// The same of an INVITE (RFC 3261 17.1.1.2).
  static let inviteTransmissions: [7 of Int64] = [
    0, 500_000, 1_500_000, 3_500_000, 7_500_000, 15_500_000, 31_500_000,
  ]
  /// Timer F: when a request is given up.
  private static let timeout: Int64 = 32_000_000
  /// The time in which every account has registered for the first time.
  private static let settling: Int64 = 900_000_000

  init(_ options: Options, file: consuming CaptureWriter) {
    self.file = file
    random = Random(seed: options.seed)
    var healthy = options
    healthy.faults = 0
    lines = []
    var leader: Line?
    var led = 0
    for number in 0..<UInt32(clamping: options.accounts) {
      var line = Line(number: number, options: healthy, random: &random)
      // Spread over phones and trunks, every kind in turn, in the first half of the hour.
      let step = max(options.accounts / max(options.injected, 1), 1)
      let place = Int(number) / step
      if Int(number) % step == place % step, place < options.injected {
        let kinds = InjectedKind.allCases
        line.inject(
          kinds[place % kinds.count], start: random.number(in: 900...1_500) * 1_000_000)
        // Every other stranger has passwords to try.
        line.injection?.sendsPasswords = place / kinds.count % 2 == 1
        if line.herd != nil { (leader, led) = (line, 1) }
      } else if let leader, led < Injection.herd {
        line.join(leader)
        led += 1
      }
      lines.append(line)
      if line.herd != nil {
        plan(.register, number, at: 60_000_000 + Int64(led) * 20_000)
        continue
      }
      if let injection = line.injection, injection.kind == .scan {
        plan(.scan, number, at: injection.start)
        continue
      }
      let refresh = Int64(line.device.granted) * 500_000
      plan(.register, number, at: random.number(in: 0...min(refresh, Self.settling)))
      if number % 7 == 3 {
        plan(.call, number, at: random.number(in: Self.settling...Self.length - 300_000_000))
      }
    }
  }

  /// Writes the hour; gives the accounts with what was wrong with them.
  consuming func write() -> [Line] {
    while let event = agenda.next(), event.time < Self.length {
      flush(before: event.time)
      switch event.action {
      case .register: register(event)
      case .accept: bind(event)
      case .probe: probe(event)
      case .keepalive: keepalive(event)
      case .switchKeepalive: switchKeepalive(event)
      case .call: call(event)
      case .hangUp: hangUp(event)
      case .callInVain: callInVain(event)
      case .bindingLost: lines[Int(event.device)].device.boundUntil = event.time
      case .callRefused: callRefused(event)
      case .scan: scan(event)
      default: break
      }
    }
    flush(before: Self.length)
    file.finish()
    return lines
  }

  private mutating func flush(before time: Int64) {
    while let earliest = outbox.earliest, earliest < time, let packet = outbox.next() {
      file.add(
        packet.payload, from: packet.source, to: packet.destination,
        fromSwitch: packet.isFromSwitch, time: packet.time)
      if random.happens(percent: Self.copies) { file.addCopy() }
    }
  }

  mutating func plan(
    _ action: Action, _ number: UInt32, at time: Int64, isRival: Bool = false
  ) {
    agenda.add(
      Event(time: time, device: number, sequence: 0, action: action, count: isRival ? 1 : 0))
  }

  // MARK: The network

  /// How long a packet is under way; `nil` for one that gets lost.
  private mutating func travel(_ index: Int) -> Int64? {
    guard !random.happens(percent: Self.loss) else { return nil }
    return lines[index].delay + random.number(in: 0...lines[index].delay / 4)
  }

  /// Sends from the device; gives the time of arrival at its registrar.
  mutating func sendUp(
    _ payload: [UInt8], _ index: Int, from place: Place, at time: Int64
  ) -> Int64? {
    lines[index].lastSent = time
    let arrival = travel(index).map { time + $0 }
    // What the switch sends itself is captured before it can get lost.
    let isOwn = lines[index].upstream != nil
    guard let seen = isOwn ? time : arrival else { return nil }
    outbox.add(
      payload, from: place, to: lines[index].registrar, isFromSwitch: isOwn, time: seen)
    return arrival
  }

  /// Sends from the registrar; gives the time of arrival at the device.
  mutating func sendDown(
    _ payload: [UInt8], _ index: Int, to place: Place, at time: Int64
  ) -> Int64? {
    let arrival = travel(index).map { time + $0 }
    let isOwn = lines[index].upstream != nil
    guard let seen = isOwn ? arrival : time else { return nil }
    outbox.add(
      payload, from: lines[index].registrar, to: place, isFromSwitch: !isOwn, time: seen)
    return arrival
  }

  // MARK: Registration

  enum Answer: Equatable {
    case accept, challenge, refuse(UInt32), none
  }

  private mutating func register(_ event: Event) {
    let index = Int(event.device)
    let isRival = event.count == 1
    guard isRival || event.time < lines[index].silentFrom else { return }
    if !isRival, !lines[index].isReachable(at: event.time), !lines[index].hasLostMapping {
      // The device hears of nothing and comes back by itself.
      plan(.register, event.device, at: lines[index].outage?.upperBound ?? Self.length)
      return
    }
    findNewPort(index)
    startAnew(index)
    var device = isRival ? lines[index].rival : lines[index].device
    if lines[index].isLeaving { device.asked = 0 }
    device.sequence += 1
    device.nonceUses += 1
    let (answer, end) = exchange(&device, index, isRival, from: event.time)
    if isRival { lines[index].rival = device } else { lines[index].device = device }
    if answer == .accept {
      accepted(event, at: end)
    } else if let next = retry(index, isRival, after: end) {
      plan(.register, event.device, at: next, isRival: isRival)
    }
  }

  /// Requests until there is a final answer; gives it and when it arrived.
  mutating func exchange(
    _ device: inout Device, _ index: Int, _ isRival: Bool, from start: Int64
  ) -> (Answer, Int64) {
    var time = start
    var isAuthorized = device.keepsNonce && device.nonce != 0
    var tries = 0
    while true {
      let answer = answer(index, isAuthorized: isAuthorized, isRival, at: time)
      messages.register(device, isAuthorized: isAuthorized)
      let request = messages.text.bytes
      let response = response(answer, &device, index, isRival, at: time)
      let (ready, end) = transact(request, response, device, index, at: time)
      if answer == .accept, let ready {
        plan(.accept, UInt32(clamping: index), at: ready, isRival: isRival)
      }
      guard let end else { return (.none, time + Self.timeout) }
      guard answer == .challenge else { return (answer, end) }
      // Who only looks which accounts there are has no password to send.
      if let injection = lines[index].injection, injection.kind == .scan, !injection.sendsPasswords
      {
        return (.challenge, end)
      }
      if isAuthorized { tries += 1 }
      // One kind of phone tries at once what was refused, another waits for its owner.
      let kind = lines[index].injection?.kind
      let isLooping = kind == .authLoop || kind == .suspended
      if isAuthorized, tries >= (isLooping ? 6 : 1) { return (.challenge, end) }
      time = end + random.number(in: 5_000...40_000)
      device.sequence += 1
      device.nonceUses += 1
      isAuthorized = true
    }
  }

  private mutating func response(
    _ answer: Answer, _ device: inout Device, _ index: Int, _ isRival: Bool, at time: Int64
  ) -> [UInt8]? {
    switch answer {
    case .accept: messages.accept(device, beside: other(index, isRival, at: time))
    case .refuse(let status): messages.refuse(device, status: status)
    case .none: return nil
    case .challenge:
      device.nonce = random.next() | 1
      device.nonceUses = 0
      messages.challenge(device)
    }
    return messages.text.bytes
  }

  /// The account's other device and how long it is registered, where a switch keeps both.
  private func other(_ index: Int, _ isRival: Bool, at time: Int64) -> (Device, UInt32)? {
    guard lines[index].suffers(.bothKept, at: time) else { return nil }
    let device = isRival ? lines[index].device : lines[index].rival
    let left = Int64(device.granted) - (time - device.refreshed) / 1_000_000
    return device.refreshed > 0 && left > 0 ? (device, UInt32(left)) : nil
  }

  /// What the registrar thinks of a REGISTER.
  private func answer(
    _ index: Int, isAuthorized: Bool, _ isRival: Bool, at time: Int64
  ) -> Answer {
    let usual: Answer = isAuthorized ? .accept : .challenge
    guard let injection = lines[index].injection, injection.isActive(at: time) else { return usual }
    switch injection.kind {
    case .authLoop, .rejected: return .challenge
    case .refused: return .refuse(403)
    case .scan where isAuthorized: return .refuse(403)
    case .tooBrief: return .refuse(423)
    case .suspended:
      let isMistaken = time < (injection.from ?? time) + Injection.mistakes
      return isMistaken ? .challenge : .refuse(403)
    case .unanswered: return .none
    case .replaceRefused where isRival && isAuthorized: return .refuse(409)
    case .trunkOutage, .retryTooFast, .retryTooSlow, .retryAbandoned: return .refuse(503)
    case .upstreamBlocked:
      let isPatient = time < (injection.from ?? time) + Injection.patience
      return .refuse(isPatient ? 503 : 403)
    default: return usual
    }
  }

  /// Sends a REGISTER until its response arrives; gives when that was sent first, and when it did.
  private mutating func transact(
    _ request: [UInt8], _ response: [UInt8]?, _ device: Device, _ index: Int, at start: Int64
  ) -> (ready: Int64?, end: Int64?) {
    var ready: Int64?
    var end: Int64?
    for transmission in Self.transmissions.indices {
      let time = start + Self.transmissions[transmission]
      if let end, end <= time { break }
      guard let arrival = sendUp(request, index, from: device.place, at: time), let response else {
        continue
      }
      let answered = arrival + random.number(in: 300...3_000)
      ready = ready ?? answered
      if lines[index].suffers(.wrongPort, at: time) {
        let via = Place(address: device.place.address, port: device.local.port)
        _ = sendDown(response, index, to: via, at: answered)
        continue
      }
      guard let heard = sendDown(response, index, to: device.place, at: answered) else { continue }
      end = min(end ?? .max, heard)
    }
    return (ready, end)
  }
}
