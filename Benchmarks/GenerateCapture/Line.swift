/// One account of an hour.
struct Line {
  var device: Device
  /// The second device of an account that two share.
  var rival: Device
  var injection: Injection?
  /// Between device and registrar, in microseconds.
  var delay: Int64
  /// Where the switch itself registers this account; `nil` for one that registers at the switch.
  var upstream: Place?
  /// Microseconds between keepalives that the switch sends it; 0 for none.
  var switchKeepaliveInterval: Int64 = 0
  var getsKeepalives = false
  /// While it hears nothing.
  var outage: Range<Int64>?
  /// Whether its NAT has forgotten it: its next packet comes from a new port.
  var hasLostMapping = false
  /// When it last sent anything.
  var lastSent: Int64 = 0
  /// Whether its next REGISTER removes its binding.
  var isLeaving = false
  /// Whether its next REGISTER is the first after a start that nothing prepared.
  var isRestarting = false
  /// The call it is in: who called, and both legs.
  var call: (caller: Int, legs: CallLegs)?
  /// Whether it waits for a person when its registration failed.
  var givesUp: Bool { device.model % 2 == 1 }
  /// Which line's registrations it shares the moment with, that line's own included; `nil` for none.
  var herd: UInt32?
  /// From when on it sends no REGISTER any more.
  var silentFrom = Int64.max

  init(number: UInt32, options: Options, random: inout Random) {
    device = Device(number: number, options: options, random: &random)
    delay = random.number(in: 3_000...40_000)
    rival = device
    if number % 10 == 9 {
      // A trunk: no NAT, long registrations.
      device.leaveNAT(Place(address: 0xC613_0000 | (number & 0xFFFF), port: 5060))
      device.granted = random.happens(percent: 50) ? 1800 : 900
      device.probeInterval = 60_000_000
    } else if number % 40 == 15 {
      becomeOutbound()
      device.granted = random.happens(percent: 50) ? 600 : 300
    } else if device.isNATed, device.keepaliveInterval == 0, number % 5 == 1 {
      switchKeepaliveInterval = 30_000_000
    } else if device.isNATed, device.keepaliveInterval == 0, device.granted == 120 {
      // Probed about as often as it refreshes it would be silent for longer than any probe tests.
      device.keepaliveInterval = 25_000_000
    }
    device.bound = device.place
    rival = device
  }

  /// Who answers its REGISTERs.
  var registrar: Place { upstream ?? Device.switchPlace }

  /// Makes it a registration of the switch at one of three upstream servers.
  private mutating func becomeOutbound() {
    device.leaveNAT(Device.switchPlace)
    device.model = Device.softswitch
    device.probeInterval = 0
    // 198.51.100.40 and those after it.
    upstream = Place(address: 0xC633_6428 + device.number % 3, port: 5060)
  }

  /// Makes it one of the registrations that the switch renews together with that of `leader`.
  mutating func join(_ leader: Line) {
    becomeOutbound()
    herd = leader.device.number
    upstream = leader.upstream
    switchKeepaliveInterval = 0
    device.granted = leader.device.granted
    device.keepaliveInterval = 0
    device.bound = device.place
    rival = device
  }

  /// Gives the account a fault that begins at its first chance after `start`.
  mutating func inject(_ kind: InjectedKind, start: Int64) {
    injection = Injection(kind: kind, start: kind.isLasting ? 0 : start)
    upstream = nil
    switchKeepaliveInterval = kind == .keepaliveTooSlow ? 60_000_000 : 0
    if kind.isOutbound {
      becomeOutbound()
    } else {
      if device.model == Device.softswitch { device.model = 0 }
      device.probeInterval = kind.probeInterval
    }
    device.granted = kind.granted
    device.keepaliveInterval = kind == .sentToPrivate ? 20_000_000 : 0
    if kind == .raised { device.asked = 60 }
    device.asksPrivacy = kind == .privacy
    device.isRewritten = kind == .gateway
    if kind == .outboundNAT || kind == .herd {
      // 198.51.100.100 and those after it: an upstream server that has nothing to do with others.
      upstream = Place(address: 0xC633_6464 + device.number / 8 % 150, port: 5060)
    }
    if kind == .outboundNAT {
      device.mapped = Place(address: 0xCB00_7109, port: UInt16(20_000 + device.number % 10_000))
    }
    if kind == .herd { herd = device.number }
    // 403 to a request with credentials would be another fault.
    if kind == .refused || kind == .suspended { device.keepsNonce = false }
    let home = Place(address: 0xC612_4000 | (device.number & 0x3FFF), port: 5060)
    if kind.isBehindNAT ?? device.isNATed {
      // Behind a NAT of its own: what that does is no concern of healthy neighbours.
      device.isNATed = true
      device.local = Place(address: 0xC0A8_0100 | (20 + device.number % 8), port: 5060)
      device.place = home
      device.openMapping()
    } else if !kind.isOutbound {
      device.leaveNAT(home)
    }
    device.bound = device.place
    rival = device
    rival.unit = 1
    rival.boots = 1_000
    rival.model = (device.model + 1) % 6
    rival.local.address = 0xC0A8_0200 | (20 + device.number % 8)
    rival.place.address ^= 0x8000
    if kind == .bothKept { rival.leaveNAT(rival.place) }
  }

  /// The device that the switch believes to have the account.
  var holder: Device {
    guard device.bound.address == rival.place.address, device.place.address != rival.place.address
    else { return device }
    var holder = rival
    holder.probes = device.probes
    holder.bound = device.bound
    return holder
  }

  /// Whether it gets what the switch sends.
  func isReachable(at time: Int64) -> Bool {
    guard !hasLostMapping else { return false }
    return !(outage?.contains(time) ?? false)
  }

  /// Whether a fault of `kind` is going on.
  func suffers(_ kind: InjectedKind, at time: Int64) -> Bool {
    guard let injection, injection.kind == kind else { return false }
    return injection.isActive(at: time)
  }
}
