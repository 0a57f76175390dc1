/// A fault that is put into an hour on purpose, called as the rule that has to find it.
enum InjectedKind: String, CaseIterable {
  case natPinholeLost = "nat-pinhole-lost"
  case staleBinding = "stale-binding"
  case transientOutage = "transient-outage"
  case callToUnreachable = "call-to-unreachable-binding"
  case slowOffline = "slow-offline-detection"
  case refreshAfterExpiry = "refresh-after-expiry"
  case bindingExpired = "binding-expired"
  case probeAfterRemoval = "probe-after-removal"
  case probeInterval = "probe-interval-exceeded"
  case natExpiryTooLong = "nat-expiry-too-long"
  case keepaliveMissing = "keepalive-missing"
  case keepaliveTooSlow = "keepalive-too-slow"
  case sentToPrivate = "sent-to-private-address"
  case wrongPort = "answer-to-wrong-port"
  case flapping = "registration-flapping"
  case takeover = "contact-takeover"
  case replaceRefused = "replace-refused"
  case replacedStillUsed = "replaced-binding-still-used"
  case callDropped = "call-dropped-by-reregistration"
  case callNotReleased = "replaced-call-not-released"
  case grantTooLong = "granted-expiry-mismatch"
  case raised = "expiry-raised"
  case tooBrief = "interval-too-brief"
  case flood = "register-flood"
  case authLoop = "auth-failure-loop"
  case rejected = "credentials-rejected"
  case refused = "registration-refused"
  case unanswered = "register-unanswered"
  case trunkOutage = "trunk-outage"
  case retryTooFast = "retry-too-fast"
  case retryTooSlow = "retry-too-slow"
  case retryAbandoned = "retry-abandoned"
  case upstreamBlocked = "upstream-blocked"
  case expiryOutOfRange = "outbound-expiry-out-of-range"
  case privacy = "privacy-mismatch"
  case unregisterMissing = "unregister-missing"
  case offSchedule = "outbound-refresh-off-schedule"
  case suspended = "registration-suspended"
  case lostBinding = "registrar-lost-binding"
  case scan = "registration-scan"
  case gateway = "sip-alg-suspected"
  case outboundNAT = "outbound-expiry-behind-nat"
  case herd = "synchronized-refresh"
  case bothKept = "replace-policy-contradicted"

  /// The granted time that lets the fault show: long for what happens between two refreshes.
  var granted: UInt32 {
    switch self {
    case .natPinholeLost, .transientOutage, .staleBinding, .callToUnreachable, .slowOffline, .herd:
      300
    case .natExpiryTooLong, .lostBinding, .outboundNAT: 600
    case .grantTooLong: 7200
    case .expiryOutOfRange: 9000
    default: 120
    }
  }

  /// Whether it is one of the switch's own registrations that fails.
  var isOutbound: Bool {
    switch self {
    case .trunkOutage, .retryTooFast, .retryTooSlow, .retryAbandoned, .upstreamBlocked,
      .expiryOutOfRange, .privacy, .offSchedule, .outboundNAT, .herd:
      true
    default: false
    }
  }

  /// Whether it takes a NAT, or must not have one; `nil` where that does not matter.
  var isBehindNAT: Bool? {
    switch self {
    case .natPinholeLost, .natExpiryTooLong, .keepaliveMissing, .keepaliveTooSlow, .sentToPrivate,
      .wrongPort, .gateway:
      true
    case .probeInterval, .grantTooLong, .lostBinding, .scan, .bothKept: false
    default: nil
    }
  }

  /// Whether it is there from the first registration on.
  var isLasting: Bool {
    switch self {
    case .natPinholeLost, .probeInterval, .natExpiryTooLong, .keepaliveMissing, .keepaliveTooSlow,
      .sentToPrivate, .grantTooLong, .raised, .expiryOutOfRange, .privacy, .offSchedule,
      .gateway, .outboundNAT, .herd:
      true
    default: false
    }
  }

  /// Microseconds between probes; 0 for none.
  var probeInterval: Int64 {
    switch self {
    case .natPinholeLost: 60_000_000
    case .probeInterval: 120_000_000
    case .natExpiryTooLong, .keepaliveMissing, .keepaliveTooSlow, .bothKept: 0
    default: 30_000_000
    }
  }
}

/// A fault of one account; times are microseconds since the start of the capture.
struct Injection {
  var kind: InjectedKind
  /// Nothing happens before.
  var start: Int64
  /// Whether a stranger who tries accounts sends passwords as well.
  var sendsPasswords = false
  /// When it began and ended, once it did.
  var from: Int64?
  var to: Int64?

  /// How long a fault lasts that does not end by itself.
  static let length: Int64 = 600_000_000
  /// How long an upstream suffers attempts in quick succession before it blocks them.
  static let patience: Int64 = 60_000_000
  /// How long a phone tries the wrong password before its owner puts it right.
  static let mistakes: Int64 = 35_000_000
  /// How long the switch shuts it out then, as documented (SS_AUTHENTICATION_FAILED_SUSPEND).
  static let suspension: Int64 = 180_000_000
  /// How late an upstream is asked again where the granted time does not count.
  static let lateness: Int64 = 25_000_000
  /// How many accounts a stranger tries.
  static let scanned: UInt8 = 30
  /// How many of the switch's own registrations are always renewed at the same time.
  static let herd = 8
  /// How long a phone takes to start.
  static let bootTime: Int64 = 15_000_000
  /// Silence after which the NAT of a lost mapping has forgotten it.
  static let mappingLifetime: Int64 = 40_000_000

  /// Whether it is going on.
  func isActive(at time: Int64) -> Bool {
    guard let from else { return false }
    return time >= from && time < to ?? .max
  }
}
