/// What is wrong in an hour: when it begins, and what devices and switch do then.
extension Hour {
  /// A device has been accepted: plans what it does next.
  mutating func accepted(_ event: Event, at time: Int64) {
    let index = Int(event.device)
    let device = event.count == 1 ? lines[index].rival : lines[index].device
    lines[index].device.registrations += 1
    if device.keepaliveInterval > 0, !lines[index].device.sendsKeepalives {
      lines[index].device.sendsKeepalives = true
      plan(.keepalive, event.device, at: time + device.keepaliveInterval)
    }
    guard !lines[index].isLeaving else {
      // The switch goes on as if nothing had happened.
      lines[index].device.boundUntil = .max
      lines[index].injection?.from = time
      lines[index].silentFrom = time
      lines[index].outage = time..<Int64.max
      return
    }
    let lifetime = Int64(device.granted) * 1_000_000
    // Who is in step with others counts from the moment it set out, and takes no time off.
    let usual =
      lines[index].herd == nil
      ? time + lifetime / 2 - random.number(in: 0...lifetime / 20) : event.time + lifetime / 2
    guard let refresh = refresh(event, at: time, lifetime, usual: usual) else { return }
    plan(.register, event.device, at: refresh, isRival: event.count == 1)
  }

  /// A device whose mapping is lost sends from the next port.
  mutating func findNewPort(_ index: Int) {
    // A router that rewrites SIP gives it a new one as well, for each REGISTER.
    guard lines[index].hasLostMapping || lines[index].injection?.kind == .gateway else { return }
    lines[index].hasLostMapping = false
    lines[index].device.openMapping()
  }

  /// A device that was started anew remembers nothing of its registration.
  mutating func startAnew(_ index: Int) {
    guard lines[index].isRestarting else { return }
    lines[index].isRestarting = false
    lines[index].device.boots += 1
    lines[index].device.sequence = 0
    lines[index].device.nonce = 0
  }

  /// A stranger tries the next of a row of accounts that nobody has, or with passwords also such as
  /// others have.
  mutating func scan(_ event: Event) {
    let index = Int(event.device)
    if lines[index].injection?.from == nil { lines[index].injection?.from = event.time }
    var stranger = lines[index].device
    stranger.number = 1_000_000 + event.device * 100 + UInt32(event.count)
    if lines[index].injection?.sendsPasswords ?? false, event.count % 2 == 1 {
      stranger.number = lines[peer(of: index, beyond: Int(event.count))].device.number
    }
    stranger.boots = 2_000
    stranger.unit = 2
    stranger.keepsNonce = false
    stranger.sequence = 1
    let (_, end) = exchange(&stranger, index, false, from: event.time)
    guard event.count + 1 < Injection.scanned else {
      lines[index].injection?.to = end
      return
    }
    let next = end + random.number(in: 500_000...1_500_000)
    agenda.add(
      Event(
        time: next, device: event.device, sequence: 0, action: .scan, count: event.count + 1))
  }

  /// When a device registers next after it failed: one soon, another only once its owner has seen
  /// to it; `nil` for never.
  func retry(_ index: Int, _ isRival: Bool, after time: Int64) -> Int64? {
    guard let injection = lines[index].injection else { return time + 30_000_000 }
    let end = injection.to ?? time
    switch injection.kind {
    case .replaceRefused where isRival:
      let next = time + 60_000_000
      return next < end ? next : nil
    case .rejected: return max(end, time)
    case .authLoop, .tooBrief, .wrongPort, .suspended: return time + 30_000_000
    case .trunkOutage: return time + 60_000_000
    case .retryTooFast, .upstreamBlocked: return time + 5_000_000
    case .retryTooSlow: return time + 900_000_000
    case .retryAbandoned: return nil
    default: return lines[index].givesUp ? max(end, time) : time + 30_000_000
    }
  }

  /// When the account registers next, and what goes wrong before; `nil` for never.
  private mutating func refresh(
    _ event: Event, at time: Int64, _ lifetime: Int64, usual: Int64
  ) -> Int64? {
    let index = Int(event.device)
    guard let injection = lines[index].injection, time >= injection.start else { return usual }
    guard injection.from == nil else {
      if injection.isActive(at: time) { return repeated(event, injection, time) ?? usual }
      // The second device of a contest is switched off when it is over.
      return event.count == 1 ? nil : usual
    }
    let (from, to, refresh) = beginning(event, at: time, lifetime, usual, injection.kind)
    lines[index].injection?.from = from
    lines[index].injection?.to = to
    return refresh
  }

  private typealias Course = (from: Int64?, to: Int64?, refresh: Int64?)

  /// When the fault of `kind` begins and ends, and when the account registers next.
  private mutating func beginning(
    _ event: Event, at time: Int64, _ lifetime: Int64, _ usual: Int64, _ kind: InjectedKind
  ) -> Course {
    let index = Int(event.device)
    let soon = time + 1_000_000
    switch kind {
    // The first lost mapping begins it.
    case .natPinholeLost: return (nil, nil, usual)
    case .staleBinding, .slowOffline, .callToUnreachable:
      lines[index].outage = soon..<Int64.max
      lines[index].silentFrom = soon
      if kind == .callToUnreachable { planCallsInVain(event.device, after: soon) }
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
    case .probeAfterRemoval:
      lines[index].isLeaving = true
      return (nil, nil, usual)
    case .flood:
      return (soon, time + 90_000_000, time + 3_000_000)
    case .flapping, .takeover, .replaceRefused, .replacedStillUsed, .callDropped,
      .callNotReleased, .bothKept:
      return contest(event, at: time, usual, kind)
    case .unregisterMissing:
      let restart = time + lifetime * 3 / 10
      lines[index].isRestarting = true
      lines[index].outage = (restart - Injection.bootTime)..<restart
      return (restart - Injection.bootTime, restart + 1_000_000, restart)
    case .offSchedule:
      return (time, nil, time + lifetime + Injection.lateness)
    case .suspended:
      return (usual, usual + Injection.mistakes + Injection.suspension, usual)
    case .lostBinding:
      plan(.bindingLost, event.device, at: soon)
      plan(.callRefused, event.device, at: time + 100_000_000)
      return (soon, usual, usual)
    case _ where kind.isLasting: return (time, nil, usual)
    case .retryAbandoned: return (usual, nil, usual)
    default: return (usual, usual + Injection.length, usual)
    }
  }

  private mutating func planCallsInVain(_ number: UInt32, after time: Int64) {
    for wait: Int64 in [100, 160, 220] { plan(.callInVain, number, at: time + wait * 1_000_000) }
  }

  /// The faults that a second device of the account makes.
  private mutating func contest(
    _ event: Event, at time: Int64, _ usual: Int64, _ kind: InjectedKind
  ) -> Course {
    let index = Int(event.device)
    let rival = time + (kind == .flapping ? 10_000_000 : 30_000_000)
    plan(.register, event.device, at: rival, isRival: true)
    switch kind {
    case .flapping: return (time + 1_000_000, time + Injection.length, time + 20_000_000)
    case .replaceRefused: return (rival, rival + Injection.length, usual)
    case .bothKept: return (rival, nil, usual)
    case .callDropped, .callNotReleased: ring(index, from: peer(of: index), at: time + 2_000_000)
    default: break
    }
    return (rival, nil, nil)
  }

  /// The next registration of a fault that consists of them.
  private func repeated(_ event: Event, _ injection: Injection, _ time: Int64) -> Int64? {
    switch injection.kind {
    case .flapping: time + 20_000_000
    case .flood: time + 3_000_000
    case .offSchedule:
      time + Int64(lines[Int(event.device)].device.granted) * 1_000_000 + Injection.lateness
    default: nil
    }
  }

  /// A healthy account near `index`, or `beyond` accounts further on, that registers at the switch.
  func peer(of index: Int, beyond: Int = 0) -> Int {
    let place = index + beyond
    let near = [place + 1, place + 2, place - 1, place - 2].filter(lines.indices.contains)
    return near.first { lines[$0].injection == nil && lines[$0].upstream == nil } ?? index
  }
}
