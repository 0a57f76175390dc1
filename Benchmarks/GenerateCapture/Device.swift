/// What is wrong with a device, over and over again.
enum Fault: UInt8 {
  case none
  /// Its NAT forgets the mapping; the next refresh comes from another port.
  case losesMapping
  /// It is switched off and comes back later as after a restart: new Call-ID, new CSeq.
  case switchedOff
  /// Its password is wrong: every try is challenged again.
  case wrongPassword
  /// Path or device is away for a while and comes back by itself.
  case outages
}

/// One account and the phone that registers it.
struct Device {
  var number: UInt32
  var model: Int
  var isNATed: Bool
  var fault = Fault.none
  /// Sends the nonce of last time at once, so that most refreshes need no challenge.
  var keepsNonce: Bool
  /// Where its packets come from, as the switch sees it.
  var place: Place
  /// Where the switch believes it to be.
  var bound: Place
  /// What it knows itself as: Via and Contact say so.
  var local: Place
  var granted: UInt32
  /// Whether its router writes the mapped address into Contact.
  var isRewritten = false
  /// What its registrar sees of it through a NAT beyond the place of the capture; `nil` for none.
  var mapped: Place?
  /// What it asks for, where that is not what it is granted.
  var asked: UInt32?
  /// Whether its REGISTERs carry `Privacy: id`.
  var asksPrivacy = false
  /// Microseconds between probes the switch sends it.
  var probeInterval: Int64
  /// Microseconds between keepalives; 0 for none.
  var keepaliveInterval: Int64

  /// Tells devices of one account apart.
  var unit: UInt64 = 0
  var boots: UInt32 = 0
  var sequence: UInt32 = 0
  var registrations = 0
  var nonce: UInt64 = 0
  var nonceUses: UInt32 = 0
  var boundUntil: Int64 = 0
  /// When it was accepted last.
  var refreshed: Int64 = 0
  var probes: UInt32 = 0
  var isReachable = true
  var isProbed = false
  var sendsKeepalives = false

  /// The model that is the switch itself.
  static let softswitch = 6
  /// The address the capture is taken at: the switch's.
  static let switchPlace = Place(address: 0xC000_020A, port: 5060)
  /// 198.18.0.0/15, set aside for measurements (RFC 2544): the lower half sites, the upper phones.
  private static let network: UInt32 = 0xC612_0000
  /// Phones behind one NAT.
  private static let siteSize: UInt32 = 8
  /// Mapped ports that one phone of a site uses in turn.
  private static let portsPerPhone: UInt32 = 5000

  init(number: UInt32, options: Options, random: inout Random) {
    self.number = number
    model = Int(random.next() % 6)
    isNATed = random.happens(percent: options.nat)
    keepsNonce = random.happens(percent: 30)
    // As documented, a switch grants less behind NAT (SS_ENDPOINT_NAT_EXPIRE 300).
    let longest: UInt32 = isNATed ? 300 : 600
    granted = min([120, 180, 300, 600][Int(random.next() % 4)], longest)
    probeInterval = random.number(in: 30...60) * 1_000_000
    keepaliveInterval = 0
    if isNATed {
      let site = number / Self.siteSize
      let address = Self.network | (site & 0xFFFF)
      place = Place(address: address, port: 0)
      local = Place(address: 0xC0A8_0100 | (20 + number % Self.siteSize), port: 5060)
    } else {
      let address = Self.network | 0x1_0000 | (number & 0xFFFF)
      place = Place(address: address, port: UInt16(truncatingIfNeeded: 5060 + (number >> 16)))
      local = place
    }
    bound = place
    if random.happens(percent: options.faults) {
      fault = [.losesMapping, .switchedOff, .wrongPassword, .outages][Int(random.next() % 4)]
      if fault == .losesMapping, !isNATed { fault = .outages }
      // Time for an outage between two refreshes.
      if fault == .outages { granted = longest }
    }
    if isNATed, fault == .none, random.happens(percent: options.keepalives) {
      keepaliveInterval = random.number(in: 25...30) * 1_000_000
    }
    if isNATed { openMapping() }
  }

  /// Gives the device the next port of its own on the NAT.
  mutating func openMapping() {
    guard isNATed else { return }
    let mapping = UInt32(truncatingIfNeeded: registrations) &* 7 % Self.portsPerPhone
    let first = 20_000 + number % Self.siteSize * Self.portsPerPhone
    place.port = UInt16(truncatingIfNeeded: first + mapping)
  }

  /// Takes it out from behind its NAT.
  mutating func leaveNAT(_ place: Place) {
    isNATed = false
    self.place = place
    local = place
    keepaliveInterval = 0
  }

  /// Whether it is behind a NAT, has nothing wrong with it, and would yet be silent for longer than
  /// any probe shows a mapping to last: it refreshes about as often as it is probed.
  var isQuiet: Bool {
    isNATed && fault == .none && keepaliveInterval == 0 && granted <= 120
  }

  /// A number that is the device's own for `purpose` in this boot and `sequence`.
  func token(_ purpose: UInt64, _ sequence: UInt32 = 0) -> UInt64 {
    let who = UInt64(number) << 32 | UInt64(boots)
    return scattered(scattered(who ^ (purpose << 56)) &+ UInt64(sequence) &* 0x9E37_79B9_7F4A_7C15)
  }
}
