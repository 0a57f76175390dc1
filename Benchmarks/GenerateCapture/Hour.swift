/// Plays an hour of phones, trunks and their switch, with what a network does to packets.
///
/// The capture is taken at the switch: what gets lost on the way there is never seen, what gets lost
/// on the way back is seen and sent again.
struct Hour: ~Copyable {
  private var lines: [Line]
  private var agenda = Agenda()
  private var outbox = Outbox()
  private var random: Random
  private var messages = Messages()
  private var file: CaptureWriter

  /// Microseconds the capture lasts.
  static let length: Int64 = 3_600_000_000
  /// Packets in a hundred that get lost.
  private static let loss = 1.0
  /// Packets in a hundred that are captured twice.
  private static let copies = 0.2
  /// Times of transmissions that stay unanswered (RFC 3261 17.1.2.2).
  private static let transmissions: [11 of Int64] = [
    0, 500_000, 1_500_000, 3_500_000, 7_500_000, 11_500_000, 15_500_000, 19_500_000, 23_500_000,
    27_500_000, 31_500_000,
  ]
  /// Timer F: when a request is given up.
  private static let timeout: Int64 = 32_000_000

  init(_ options: Options, file: consuming CaptureWriter) {
    self.file = file
    random = Random(seed: options.seed)
    var healthy = options
    healthy.faults = 0
    lines = []
    for number in 0..<UInt32(clamping: options.accounts) {
      var line = Line(number: number, options: healthy, random: &random)
      // Spread over phones and trunks, every kind in turn, in the first half of the hour.
      let step = max(options.accounts / max(options.injected, 1), 1)
      let place = Int(number) / step
      if Int(number) % step == place % step, place < options.injected {
        let kinds = InjectedKind.allCases
        line.inject(
          kinds[place % kinds.count], start: random.number(in: 300...1_200) * 1_000_000)
      }
      lines.append(line)
      let refresh = Int64(line.device.granted) * 500_000
      plan(.register, number, at: random.number(in: 0...refresh))
    }
  }

  /// Writes the hour; gives the accounts with what was wrong with them.
  consuming func write() -> [Line] {
    while let event = agenda.next(), event.time < Self.length {
      flush(before: event.time)
      switch event.action {
      case .register: register(event)
      case .probe: probe(event)
      case .keepalive: keepalive(event)
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

  private mutating func plan(
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

  /// Sends from the device; gives the time of arrival at the switch.
  private mutating func sendUp(
    _ payload: [UInt8], _ index: Int, from place: Place, at time: Int64
  ) -> Int64? {
    guard let arrival = travel(index).map({ time + $0 }) else { return nil }
    outbox.add(
      payload, from: place, to: Device.switchPlace, isFromSwitch: false, time: arrival)
    return arrival
  }

  /// Sends from the switch; gives the time of arrival at the device.
  private mutating func sendDown(
    _ payload: [UInt8], _ index: Int, to place: Place, at time: Int64
  ) -> Int64? {
    outbox.add(payload, from: Device.switchPlace, to: place, isFromSwitch: true, time: time)
    return travel(index).map { time + $0 }
  }

  // MARK: Registration

  private enum Answer {
    case accept, challenge, refuse, none
  }

  private mutating func register(_ event: Event) {
    let index = Int(event.device)
    guard event.time < lines[index].silentFrom else { return }
    if !lines[index].isReachable(at: event.time), !lines[index].hasLostMapping {
      // The device hears of nothing and comes back by itself.
      plan(.register, event.device, at: lines[index].outage?.upperBound ?? Self.length)
      return
    }
    findNewPort(index, at: event.time)
    var device = event.count == 1 ? lines[index].rival : lines[index].device
    device.sequence += 1
    device.nonceUses += 1
    let (answer, end) = exchange(&device, index, from: event.time)
    if event.count == 1 { lines[index].rival = device } else { lines[index].device = device }
    switch answer {
    case .accept: accepted(event, at: end)
    case .challenge, .refuse, .none:
      plan(.register, event.device, at: retry(index, after: end))
    }
  }

  /// Requests until there is a final answer; gives it and when it arrived.
  private mutating func exchange(
    _ device: inout Device, _ index: Int, from start: Int64
  ) -> (Answer, Int64) {
    var time = start
    var isAuthorized = device.keepsNonce && device.nonce != 0
    var tries = 0
    while true {
      let answer = answer(index, isAuthorized: isAuthorized, at: time)
      messages.register(device, isAuthorized: isAuthorized)
      let request = messages.text.bytes
      let response = response(answer, &device)
      guard let end = transact(request, response, device, index, at: time) else {
        return (.none, time + Self.timeout)
      }
      guard answer == .challenge else { return (answer, end) }
      if isAuthorized { tries += 1 }
      // One kind of phone tries at once what was refused, another waits for its owner.
      let isLooping = lines[index].injection?.kind == .authLoop
      if isAuthorized, tries >= (isLooping ? 6 : 1) { return (.challenge, end) }
      time = end + random.number(in: 5_000...40_000)
      device.sequence += 1
      device.nonceUses += 1
      isAuthorized = true
    }
  }

  /// When a device registers next after it failed: one soon, another only once its owner has seen
  /// to it.
  private func retry(_ index: Int, after time: Int64) -> Int64 {
    guard let injection = lines[index].injection, let end = injection.to,
      injection.kind == .rejected || injection.kind != .authLoop && lines[index].givesUp
    else { return time + 30_000_000 }
    return max(end, time)
  }

  private mutating func response(_ answer: Answer, _ device: inout Device) -> [UInt8]? {
    switch answer {
    case .accept: messages.accept(device)
    case .refuse: messages.refuse(device)
    case .none: return nil
    case .challenge:
      device.nonce = random.next() | 1
      device.nonceUses = 0
      messages.challenge(device)
    }
    return messages.text.bytes
  }

  /// What the switch thinks of a REGISTER.
  private func answer(_ index: Int, isAuthorized: Bool, at time: Int64) -> Answer {
    if let injection = lines[index].injection, injection.isActive(at: time) {
      switch injection.kind {
      case .authLoop, .rejected: return .challenge
      case .refused: return .refuse
      case .unanswered: return .none
      default: break
      }
    }
    return isAuthorized ? .accept : .challenge
  }

  /// Sends a REGISTER until its response arrives; gives when it did.
  private mutating func transact(
    _ request: [UInt8], _ response: [UInt8]?, _ device: Device, _ index: Int, at start: Int64
  ) -> Int64? {
    var end: Int64?
    for transmission in Self.transmissions.indices {
      let time = start + Self.transmissions[transmission]
      if let end, end <= time { break }
      guard let arrival = sendUp(request, index, from: device.place, at: time), let response else {
        continue
      }
      let ready = arrival + random.number(in: 300...3_000)
      guard let answered = sendDown(response, index, to: device.place, at: ready) else { continue }
      end = min(end ?? .max, answered)
    }
    return end
  }

  private mutating func accepted(_ event: Event, at time: Int64) {
    let index = Int(event.device)
    let device = event.count == 1 ? lines[index].rival : lines[index].device
    let lifetime = Int64(device.granted) * 1_000_000
    lines[index].device.bound = device.place
    lines[index].device.boundUntil = time + lifetime
    lines[index].device.registrations += 1
    if !lines[index].device.isProbed {
      lines[index].device.isProbed = true
      plan(
        .probe, event.device,
        at: time + random.number(in: 1_000_000...device.probeInterval))
    }
    if device.keepaliveInterval > 0, !lines[index].device.sendsKeepalives {
      lines[index].device.sendsKeepalives = true
      plan(.keepalive, event.device, at: time + device.keepaliveInterval)
    }
    let usual = time + lifetime / 2 - random.number(in: 0...lifetime / 20)
    guard let refresh = refresh(event, at: time, lifetime, usual: usual) else { return }
    plan(.register, event.device, at: refresh, isRival: event.count == 1)
  }

  // MARK: Faults

  /// A device whose mapping is lost sends from the next port.
  private mutating func findNewPort(_ index: Int, at time: Int64) {
    guard lines[index].hasLostMapping else { return }
    lines[index].hasLostMapping = false
    lines[index].device.openMapping()
    lines[index].injection?.to = time
  }

  /// When the account registers next, and what goes wrong before; `nil` for never.
  private mutating func refresh(
    _ event: Event, at time: Int64, _ lifetime: Int64, usual: Int64
  ) -> Int64? {
    let index = Int(event.device)
    guard let injection = lines[index].injection, time >= injection.start else { return usual }
    guard injection.from == nil else {
      return injection.isActive(at: time) ? repeated(event, injection, time) ?? usual : usual
    }
    let (from, to, refresh) = beginning(event, at: time, lifetime, usual, injection.kind)
    lines[index].injection?.from = from
    lines[index].injection?.to = to
    return refresh
  }

  /// When the fault of `kind` begins and ends, and when the account registers next.
  private mutating func beginning(
    _ event: Event, at time: Int64, _ lifetime: Int64, _ usual: Int64, _ kind: InjectedKind
  ) -> (from: Int64, to: Int64?, refresh: Int64?) {
    let index = Int(event.device)
    let soon = time + 1_000_000
    switch kind {
    case .natPinholeLost:
      lines[index].hasLostMapping = true
      return (soon, nil, usual)
    case .staleBinding:
      lines[index].outage = soon..<Int64.max
      lines[index].silentFrom = soon
      return (soon, time + lifetime, nil)
    case .transientOutage:
      let end = time + 5_000_000 + 4 * lines[index].device.probeInterval
      lines[index].outage = soon..<end
      return (soon, end, usual)
    case .refreshAfterExpiry:
      let late = time + lifetime + 25_000_000
      return (time + lifetime, late, late)
    case .bindingExpired:
      return (time + lifetime, nil, nil)
    case .flapping:
      plan(.register, event.device, at: time + 10_000_000, isRival: true)
      return (soon, time + Injection.length, time + 20_000_000)
    case .flood:
      return (soon, time + 90_000_000, time + 3_000_000)
    case .rejected, .authLoop, .refused, .unanswered:
      return (usual, usual + Injection.length, usual)
    }
  }

  /// The next registration of a fault that consists of them.
  private func repeated(_ event: Event, _ injection: Injection, _ time: Int64) -> Int64? {
    switch injection.kind {
    case .flapping: time + 20_000_000
    case .flood: time + 3_000_000
    default: nil
    }
  }

  // MARK: Reachability

  private mutating func probe(_ event: Event) {
    let index = Int(event.device)
    guard event.time < lines[index].device.boundUntil else {
      lines[index].device.isProbed = false
      return
    }
    lines[index].device.probes += 1
    let device = lines[index].holder
    plan(.probe, event.device, at: event.time + device.probeInterval)
    messages.probe(device, device.probes)
    let request = messages.text.bytes
    messages.probeAnswer(device, device.probes)
    let answer = messages.text.bytes
    var end: Int64?
    for transmission in Self.transmissions.indices {
      let time = event.time + Self.transmissions[transmission]
      if let end, end <= time { break }
      guard let arrival = sendDown(request, index, to: device.bound, at: time),
        lines[index].isReachable(at: arrival)
      else { continue }
      let ready = arrival + random.number(in: 1_000...20_000)
      guard let answered = sendUp(answer, index, from: device.bound, at: ready) else { continue }
      end = min(end ?? .max, answered)
    }
  }

  private mutating func keepalive(_ event: Event) {
    let index = Int(event.device)
    let device = lines[index].device
    let payload: [UInt8] = device.model % 2 == 0 ? [13, 10, 13, 10] : [0, 0, 0, 0]
    _ = sendUp(payload, index, from: device.place, at: event.time)
    plan(.keepalive, event.device, at: event.time + device.keepaliveInterval)
  }
}
