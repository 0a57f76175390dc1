/// Plays the devices and their switch and writes what a capture at the switch shows of it.
struct Traffic: ~Copyable {
  private var devices: [Device]
  private var agenda = Agenda()
  private var random: Random
  private var messages = Messages()
  private var media: Media
  private var file: CaptureWriter
  private let options: Options

  /// One answer in this many gets lost on its way, so that the request comes again.
  private static let answersPerLoss: UInt64 = 500
  /// Retransmissions of a request that stays unanswered, in microseconds after the first
  /// transmission (RFC 3261 17.1.2.2: T1 0.5 s doubling up to T2 4 s, until 64*T1).
  private static let retransmissions: [11 of Int64] = [
    0, 500_000, 1_500_000, 3_500_000, 7_500_000, 11_500_000, 15_500_000, 19_500_000, 23_500_000,
    27_500_000, 31_500_000,
  ]

  init(_ options: Options, file: consuming CaptureWriter) {
    self.options = options
    self.file = file
    random = Random(seed: options.seed)
    media = Media(random: &random)
    devices = []
    devices.reserveCapacity(options.accounts)
    for number in 0..<UInt32(clamping: options.accounts) {
      var device = Device(number: number, options: options, random: &random)
      if let probes = options.probes { device.probeInterval = Int64(probes) * 1_000_000 }
      if device.isQuiet { device.keepaliveInterval = 25_000_000 }
      devices.append(device)
      // A capture starts in the middle of life: the first refresh seen may be any time ahead.
      let refresh = Int64(device.granted) * 500_000
      let start = random.number(in: 0...min(refresh, 120_000_000))
      agenda.add(Event(time: start, device: number, sequence: 0, action: .register))
    }
  }

  /// Writes packets until there are as many as asked for.
  consuming func write() {
    while file.packets < options.packets, let event = agenda.next(),
      event.time < options.length
    {
      while options.rtp > 0, file.packets < options.packets,
        random.happens(percent: options.rtp)
      {
        media.write(to: &file, time: event.time)
      }
      if file.packets < options.packets { play(event) }
    }
    file.finish()
  }

  private mutating func play(_ event: Event) {
    switch event.action {
    case .register: register(event)
    case .challenge: challenge(event)
    case .authorize: authorize(event)
    case .accept: accept(event)
    case .probe: probe(event)
    case .probeAgain: repeatProbe(event)
    case .probeAnswer: answerProbe(event)
    case .keepalive: keepalive(event)
    case .mappingLost, .outageBegins: devices[Int(event.device)].isReachable = false
    case .outageEnds: devices[Int(event.device)].isReachable = true
    case .switchKeepalive, .call, .hangUp, .callInVain, .bindingLost, .callRefused, .scan: break
    }
  }

  // MARK: Registration

  private mutating func register(_ event: Event) {
    let index = Int(event.device)
    begin(index)
    let isAuthorized = devices[index].keepsNonce && devices[index].nonce != 0
    messages.register(devices[index], isAuthorized: isAuthorized)
    send(event, fromSwitch: false)
    let isAccepted = isAuthorized && devices[index].fault != .wrongPassword
    let answer: Action = isAccepted ? .accept : .challenge
    plan(answer, event, after: random.number(in: 300...2_000))
  }

  /// Readies a device for its next REGISTER.
  private mutating func begin(_ index: Int) {
    if devices[index].fault == .switchedOff, !devices[index].isReachable {
      devices[index].boots += 1
      devices[index].sequence = 0
      devices[index].nonce = 0
    }
    if !devices[index].isReachable, devices[index].fault != .outages {
      devices[index].openMapping()
      devices[index].isReachable = true
    }
    devices[index].sequence += 1
    devices[index].nonceUses += 1
  }

  private mutating func challenge(_ event: Event) {
    let index = Int(event.device)
    devices[index].nonce = random.next() | 1
    devices[index].nonceUses = 0
    messages.challenge(devices[index])
    send(event, fromSwitch: true)
    if devices[index].fault == .wrongPassword, event.count == 1 {
      plan(.register, event, after: random.number(in: 58_000_000...62_000_000))
    } else {
      plan(.authorize, event, after: random.number(in: 15_000...80_000))
    }
  }

  private mutating func authorize(_ event: Event) {
    let index = Int(event.device)
    if event.count == 0 {
      devices[index].sequence += 1
      devices[index].nonceUses += 1
    }
    messages.register(devices[index], isAuthorized: true)
    send(event, fromSwitch: false)
    if devices[index].fault == .wrongPassword {
      plan(.challenge, event, after: random.number(in: 300...2_000), 1)
    } else {
      plan(.accept, event, after: random.number(in: 500...3_000), event.count)
    }
  }

  private mutating func accept(_ event: Event) {
    let index = Int(event.device)
    messages.accept(devices[index])
    send(event, fromSwitch: true)
    if event.count == 0, random.next() % Self.answersPerLoss == 0 {
      plan(.authorize, event, after: Self.retransmissions[1], 1)
      return
    }
    let lifetime = Int64(devices[index].granted) * 1_000_000
    devices[index].bound = devices[index].place
    devices[index].boundUntil = event.time + lifetime
    devices[index].registrations += 1
    startProbes(index, event)
    planRefresh(index, event, lifetime)
  }

  private mutating func startProbes(_ index: Int, _ event: Event) {
    if !devices[index].isProbed {
      devices[index].isProbed = true
      plan(.probe, event, after: random.number(in: 1_000_000...devices[index].probeInterval))
    }
    if devices[index].keepaliveInterval > 0, !devices[index].sendsKeepalives {
      devices[index].sendsKeepalives = true
      plan(.keepalive, event, after: devices[index].keepaliveInterval)
    }
  }

  /// Plans the refresh at half the granted time, and what goes wrong before it.
  private mutating func planRefresh(_ index: Int, _ event: Event, _ lifetime: Int64) {
    let device = devices[index]
    var refresh = lifetime / 2 - random.number(in: 0...lifetime / 20)
    switch device.fault {
    case .losesMapping where device.registrations % 4 == 2:
      plan(.mappingLost, event, after: 10_000_000)
    case .switchedOff where device.registrations % 3 == 2:
      plan(.mappingLost, event, after: 20_000_000)
      refresh = random.number(in: 400...1_200) * 1_000_000
    case .outages where device.registrations % 3 == 1:
      plan(.outageBegins, event, after: 5_000_000)
      plan(.outageEnds, event, after: 5_000_000 + 3 * device.probeInterval)
    default: break
    }
    plan(.register, event, after: refresh)
  }

  // MARK: Reachability

  private mutating func probe(_ event: Event) {
    let index = Int(event.device)
    guard event.time < devices[index].boundUntil else {
      devices[index].isProbed = false
      return
    }
    devices[index].probes += 1
    plan(.probe, event, after: devices[index].probeInterval)
    var first = event
    first.sequence = devices[index].probes
    first.count = 0
    repeatProbe(first)
  }

  /// Sends a probe for the first or another time; plans its answer or the next copy.
  private mutating func repeatProbe(_ event: Event) {
    let index = Int(event.device)
    messages.probe(devices[index], event.sequence)
    send(event, fromSwitch: true)
    if devices[index].isReachable {
      plan(.probeAnswer, event, after: random.number(in: 15_000...80_000))
    } else if Int(event.count) + 1 < Self.retransmissions.count {
      let step = Self.retransmissions[Int(event.count) + 1] - Self.retransmissions[Int(event.count)]
      plan(.probeAgain, event, after: step, event.count + 1)
    }
  }

  private mutating func answerProbe(_ event: Event) {
    messages.probeAnswer(devices[Int(event.device)], event.sequence)
    send(event, fromSwitch: false)
  }

  private mutating func keepalive(_ event: Event) {
    let device = devices[Int(event.device)]
    let payload: [UInt8] = device.model % 2 == 0 ? [13, 10, 13, 10] : [0, 0, 0, 0]
    file.add(
      payload, from: device.place, to: Device.switchPlace, fromSwitch: false, time: event.time)
    plan(.keepalive, event, after: device.keepaliveInterval)
  }

  // MARK: Sending and planning

  /// Sends the message just written between the event's device and the switch.
  private mutating func send(_ event: Event, fromSwitch: Bool) {
    let device = devices[Int(event.device)]
    let isProbe = event.action == .probe || event.action == .probeAgain
    let remote = isProbe ? device.bound : device.place
    file.add(
      messages.text.bytes, from: fromSwitch ? Device.switchPlace : remote,
      to: fromSwitch ? remote : Device.switchPlace, fromSwitch: fromSwitch, time: event.time)
  }

  private mutating func plan(
    _ action: Action, _ event: Event, after delay: Int64, _ count: UInt8 = 0
  ) {
    agenda.add(
      Event(
        time: event.time + delay, device: event.device, sequence: event.sequence, action: action,
        count: count))
  }
}
