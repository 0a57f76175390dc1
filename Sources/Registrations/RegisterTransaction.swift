import Capture
import Decode

/// A REGISTER transaction (RFC 3261 17.1.2), from its first transmission until it times out.
struct RegisterTransaction {
  static let none = UInt32.max

  enum State: UInt8 {
    case open
    case answered
    /// The exchange went on, so an answer must have come, but the capture does not hold it.
    case answeredUnseen
  }

  var key: UInt64
  var flowKey: UInt64
  var serial: UInt32
  var account: UInt32
  var registrant: Int
  var sent: Moment
  var last: Moment
  var transmissions: UInt32 = 1
  var source: Endpoint
  var destination: Endpoint
  var state = State.open
  var cseq: UInt32
  var callIDKey: UInt64
  var contactKey: UInt64
  var instanceKey: UInt32
  var urnKey: UInt32 = 0
  var userAgent: UInt32
  var realmKey: UInt64
  var nonceKey: UInt64 = 0
  /// Whether its credentials were made for the challenge just before it.
  var answersChallenge = false
  /// How long after that challenge it was sent.
  var retryDelay = Duration.zero
  /// What it asked for, in seconds; `nil` when it asked for nothing.
  var requestedSeconds: UInt32?
  var contacts: Int
  var isRemoval: Bool
  var isWildcard: Bool
  var hasCredentials: Bool
  /// The snap length cut headers off: Contacts and credentials may be missing here.
  var isIncomplete: Bool
  var usernameDiffers: Bool
  var isShared: Bool
  /// Whether it was seen on both sides of a NAT.
  var isTranslated = false
  /// Where the account's REGISTER before came from, where that was another place.
  var previousSource: Endpoint?
  /// Whether the account has a binding of this Contact from this source.
  var isRefresh = false
  /// Endpoint of the Contact where the switch may send to it directly; `nil` when it is a name.
  var contactEndpoint: Endpoint?
  /// The same of a private Contact behind a public source, where the switch can reach nobody.
  var insideEndpoint: Endpoint?
  /// Whether its Contact is a private address other than the one it came from.
  var hasPrivateContact = false
  /// User part of the Contact, by which requests behind an edge proxy are told apart.
  var contactUserKey: UInt64
  var refusal: Refusal?
  /// The next attempt of its client, where that did not wait for Timer F.
  var nextAttempt: Moment?

  mutating func noteOffer(_ offer: Registrant.Offer?) {
    guard let offer else { return }
    answersChallenge = offer.nonceKey == nonceKey
    retryDelay = sent.time - offer.time
  }

  /// A query asks for the bindings and changes none (RFC 3261 10.2.3).
  var isQuery: Bool { contacts == 0 && !isWildcard && !isIncomplete }
}
