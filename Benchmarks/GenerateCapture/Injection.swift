/// A fault that is put into an hour on purpose, called as the rule that has to find it.
enum InjectedKind: String, CaseIterable {
  case natPinholeLost = "nat-pinhole-lost"
  case staleBinding = "stale-binding"
  case transientOutage = "transient-outage"
  case refreshAfterExpiry = "refresh-after-expiry"
  case bindingExpired = "binding-expired"
  case flapping = "registration-flapping"
  case flood = "register-flood"
  case authLoop = "auth-failure-loop"
  case rejected = "credentials-rejected"
  case refused = "registration-refused"
  case unanswered = "register-unanswered"

  /// The granted time that lets the fault show: long for what happens between two refreshes.
  var granted: UInt32 {
    switch self {
    case .natPinholeLost, .transientOutage, .staleBinding: 600
    default: 120
    }
  }
}

/// A fault of one account; times are microseconds since the start of the capture.
struct Injection {
  var kind: InjectedKind
  /// Nothing happens before.
  var start: Int64
  /// When it began and ended, once it did.
  var from: Int64?
  var to: Int64?

  /// How long a fault lasts that does not end by itself.
  static let length: Int64 = 600_000_000

  /// Whether it is going on.
  func isActive(at time: Int64) -> Bool {
    guard let from else { return false }
    return time >= from && time < to ?? .max
  }
}

/// One account of an hour.
struct Line {
  var device: Device
  /// The second device of an account that two share.
  var rival: Device
  var injection: Injection?
  /// Between device and switch, in microseconds.
  var delay: Int64
  /// While it hears nothing.
  var outage: Range<Int64>?
  /// Whether its NAT has forgotten it: its next packet comes from a new port.
  var hasLostMapping = false
  /// Whether it waits for a person when its registration failed.
  var givesUp: Bool { device.model % 2 == 1 }
  /// From when on it sends no REGISTER any more.
  var silentFrom = Int64.max

  init(number: UInt32, options: Options, random: inout Random) {
    device = Device(number: number, options: options, random: &random)
    delay = random.number(in: 3_000...40_000)
    if number % 10 == 9 {
      // A trunk: no NAT, long registrations.
      device.isNATed = false
      device.place = Place(address: 0xC613_0000 | (number & 0xFFFF), port: 5060)
      device.local = device.place
      device.keepaliveInterval = 0
      device.granted = random.happens(percent: 50) ? 1800 : 900
      device.probeInterval = 60_000_000
    }
    device.bound = device.place
    rival = device
  }

  /// Gives the account a fault that begins at its first chance after `start`.
  mutating func inject(_ kind: InjectedKind, start: Int64) {
    injection = Injection(kind: kind, start: start)
    device.granted = kind.granted
    device.keepaliveInterval = 0
    device.probeInterval = 30_000_000
    // 403 to a request with credentials would be another fault.
    if kind == .refused { device.keepsNonce = false }
    if kind == .natPinholeLost, !device.isNATed {
      device.isNATed = true
      device.local = Place(address: 0xC0A8_0100 | (20 + device.number % 8), port: 5060)
      device.openMapping()
      device.bound = device.place
    }
    rival = device
    rival.boots = 1_000
    rival.model = (device.model + 1) % 6
    rival.local.address = 0xC0A8_0200 | (20 + device.number % 8)
    rival.place.address ^= 0x8000
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
}
