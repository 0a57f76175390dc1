/// What the switch does beside answering REGISTERs: it probes, holds mappings open and puts calls
/// through.
extension Hour {
  /// The registrar has accepted a REGISTER.
  mutating func bind(_ event: Event) {
    let index = Int(event.device)
    guard lines[index].upstream == nil, !lines[index].isLeaving else { return }
    let isRival = event.count == 1
    let device = isRival ? lines[index].rival : lines[index].device
    // This is the fault: the switch goes on with the old device.
    if !isRival || lines[index].injection?.kind != .replacedStillUsed {
      lines[index].device.bound = device.place
    }
    if isRival {
      lines[index].rival.refreshed = event.time
    } else {
      lines[index].device.refreshed = event.time
    }
    lines[index].device.boundUntil = event.time + Int64(device.granted) * 1_000_000
    if !lines[index].device.isProbed, device.probeInterval > 0 {
      lines[index].device.isProbed = true
      let wait = random.number(in: 1_000_000...device.probeInterval)
      plan(.probe, event.device, at: event.time + wait)
    }
    if lines[index].switchKeepaliveInterval > 0, !lines[index].getsKeepalives {
      lines[index].getsKeepalives = true
      plan(.switchKeepalive, event.device, at: event.time + lines[index].switchKeepaliveInterval)
    }
    if isRival, lines[index].suffers(.callDropped, at: event.time) { release(index, event.time) }
  }

  mutating func probe(_ event: Event) {
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
    // The fault: nobody outside knows the way to the address in the Contact.
    let isAstray = lines[index].suffers(.sentToPrivate, at: event.time)
    let target = isAstray ? device.local : device.bound
    var end: Int64?
    for transmission in Self.transmissions.indices {
      let time = event.time + Self.transmissions[transmission]
      if let end, end <= time { break }
      guard let arrival = sendDown(request, index, to: target, at: time), !isAstray,
        hears(index, at: arrival)
      else { continue }
      let ready = arrival + random.number(in: 1_000...20_000)
      guard let answered = sendUp(answer, index, from: device.bound, at: ready) else { continue }
      end = min(end ?? .max, answered)
    }
  }

  /// Whether a packet gets to the device; the NAT that forgets too soon does so here.
  private mutating func hears(_ index: Int, at time: Int64) -> Bool {
    if lines[index].injection?.kind == .natPinholeLost,
      time - lines[index].lastSent > Injection.mappingLifetime
    {
      lines[index].hasLostMapping = true
      if lines[index].injection?.from == nil { lines[index].injection?.from = time }
    }
    // What is sent to the mapping before the last one leads nowhere.
    let device = lines[index].holder
    return device.bound.port == device.place.port && lines[index].isReachable(at: time)
  }

  mutating func keepalive(_ event: Event) {
    let index = Int(event.device)
    let device = lines[index].device
    let payload: [UInt8] = device.model % 2 == 0 ? [13, 10, 13, 10] : [0, 0, 0, 0]
    _ = sendUp(payload, index, from: device.place, at: event.time)
    plan(.keepalive, event.device, at: event.time + device.keepaliveInterval)
  }

  mutating func switchKeepalive(_ event: Event) {
    let index = Int(event.device)
    _ = sendDown(
      Array("HELLO".utf8), index, to: lines[index].device.bound, at: event.time)
    plan(.switchKeepalive, event.device, at: event.time + lines[index].switchKeepaliveInterval)
  }

  // MARK: Calls

  // The network spares calls: how their packets are repeated is no matter of this hour.

  /// A healthy account calls its neighbour.
  mutating func call(_ event: Event) {
    let caller = Int(event.device)
    let callee = peer(of: caller)
    guard lines[caller].injection == nil, lines[caller].upstream == nil, callee != caller,
      lines[callee].call == nil
    else { return }
    ring(callee, from: caller, at: event.time)
    plan(
      .hangUp, UInt32(clamping: callee),
      at: event.time + random.number(in: 20_000_000...200_000_000))
  }

  /// A call to the account at `callee`, which answers after a second.
  mutating func ring(_ callee: Int, from caller: Int, at time: Int64) {
    let token = random.next()
    let (from, to) = (lines[caller].device, lines[callee].holder)
    let legs = CallLegs(
      incoming: CallLeg(
        caller: from.number, callee: to.number, token: token, from: from.local,
        to: Device.switchPlace),
      outgoing: CallLeg(
        caller: from.number, callee: to.number, token: scattered(token),
        from: Device.switchPlace, to: to.local))
    lines[callee].call = (caller, legs)
    say(.invite, legs.incoming, from.place, isUp: true, at: time)
    say(.invite, legs.outgoing, to.bound, isUp: false, at: time + 10_000)
    answer(.invite, legs.outgoing, to.bound, isUp: true, at: time + 1_000_000)
    answer(.invite, legs.incoming, from.place, isUp: false, at: time + 1_010_000)
    say(.ack, legs.incoming, from.place, isUp: true, at: time + 1_050_000)
    say(.ack, legs.outgoing, to.bound, isUp: false, at: time + 1_060_000)
  }

  /// The caller of the call to this account hangs up.
  mutating func hangUp(_ event: Event) {
    let callee = Int(event.device)
    guard let (caller, legs) = lines[callee].call else { return }
    lines[callee].call = nil
    let (from, to) = (lines[caller].device.place, lines[callee].device.bound)
    say(.bye, legs.incoming, from, isUp: true, at: event.time)
    answer(.bye, legs.incoming, from, isUp: false, at: event.time + 2_000)
    say(.bye, legs.outgoing, to, isUp: false, at: event.time + 10_000)
    answer(.bye, legs.outgoing, to, isUp: true, at: event.time + 60_000)
  }

  /// The switch ends both legs of a call.
  private mutating func release(_ callee: Int, _ time: Int64) {
    guard let (caller, legs) = lines[callee].call else { return }
    lines[callee].call = nil
    let (from, to) = (lines[caller].device.place, lines[callee].device.place)
    say(.bye, legs.outgoing, to, isUp: false, at: time + 100_000)
    answer(.bye, legs.outgoing, to, isUp: true, at: time + 160_000)
    say(.byeOfCallee, legs.incoming, from, isUp: false, at: time + 110_000)
    answer(.byeOfCallee, legs.incoming, from, isUp: true, at: time + 170_000)
  }

  /// A call to a device that is gone: nothing ever answers.
  mutating func callInVain(_ event: Event) {
    let index = Int(event.device)
    let device = lines[index].device
    guard event.time < device.boundUntil else { return }
    let leg = CallLeg(
      caller: lines[peer(of: index)].device.number, callee: device.number, token: random.next(),
      from: Device.switchPlace, to: device.local)
    for wait in Self.inviteTransmissions.indices {
      say(
        .invite, leg, device.bound, isUp: false,
        at: event.time + Self.inviteTransmissions[wait])
    }
  }

  /// A call for an account that the switch has forgotten, although its device is alive.
  mutating func callRefused(_ event: Event) {
    let index = Int(event.device)
    let caller = lines[peer(of: index)].device
    let leg = CallLeg(
      caller: caller.number, callee: lines[index].device.number, token: random.next(),
      from: caller.local, to: Device.switchPlace)
    say(.invite, leg, caller.place, isUp: true, at: event.time)
    messages.callRefusal(leg)
    pass(caller.place, isUp: false, at: event.time + 10_000)
    say(.ackOfRefusal, leg, caller.place, isUp: true, at: event.time + 50_000)
  }

  private mutating func say(
    _ step: CallStep, _ leg: CallLeg, _ party: Place, isUp: Bool, at time: Int64
  ) {
    messages.call(step, leg)
    pass(party, isUp: isUp, at: time)
  }

  private mutating func answer(
    _ step: CallStep, _ leg: CallLeg, _ party: Place, isUp: Bool, at time: Int64
  ) {
    messages.callAnswer(step, leg)
    pass(party, isUp: isUp, at: time)
  }

  /// Hands the message just written on between the party and the switch.
  private mutating func pass(_ party: Place, isUp: Bool, at time: Int64) {
    outbox.add(
      messages.text.bytes, from: isUp ? party : Device.switchPlace,
      to: isUp ? Device.switchPlace : party, isFromSwitch: !isUp, time: time)
  }
}
