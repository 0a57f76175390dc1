public import Capture
public import Decode

/// One leg of a call between the switch and a device, while it is up.
struct Call {
  static let noPeer = UInt32.max

  /// Keyed hash of Call-ID and flow: a proxy uses one Call-ID on both legs.
  var key: UInt64
  /// Keyed hash of the calling and the called number, by which the legs of a B2BUA are joined.
  var numbers: UInt64
  var path: UInt32
  var invite: Moment
  var answered: Moment?
  /// The other leg: its account and key.
  var peerAccount = Call.noPeer
  var peerKey: UInt64 = 0
  /// When the party on the other leg hung up.
  var peerHungUp: Moment?
  /// When the switch ended the other leg.
  var peerReleased: Moment?
  /// When the binding it runs on was replaced.
  var replaced: Moment?
}

/// A call that was up when another device's registration replaced the binding it ran on.
public struct ReplacedCall: Sendable {
  /// How it went on.
  public enum Outcome: UInt8, Sendable {
    /// The switch ended it, and no party had hung up before.
    case released
    /// The switch ended it; whether the other party had hung up is not known.
    case releasedWithoutOtherLeg
    /// A party hung up.
    case hungUp
    /// It had not ended when the capture did.
    case open
  }

  let key: UInt64
  /// How it went on.
  public let outcome: Outcome
  /// The device it ran to.
  public let source: Endpoint
  /// Its INVITE.
  public let invite: Moment
  /// The 2xx that answered it.
  public let answered: Moment
  /// The answer to the REGISTER that replaced the binding.
  public let replaced: Moment
  /// The BYE; `nil` while it is up.
  public let ended: Moment?
  /// The BYE of the switch to the other leg; `nil` where none was seen.
  public internal(set) var otherLegReleased: Moment?
}

/// Requests outside of calls that were sent to a device after its binding was replaced.
public struct ReplacedUse: Sendable {
  var path: UInt32
  /// The device, by its address.
  public let source: Endpoint
  /// When the binding was replaced.
  public let replaced: Timestamp
  /// The first request that did not cross the replacement on the way; `nil` when all may have.
  public internal(set) var first: Moment?
  /// The last one.
  public internal(set) var last: Moment?
  /// How many.
  public internal(set) var requests = 0
  /// INVITEs among them.
  public internal(set) var invites = 0
  /// The first of these.
  public internal(set) var firstInvite: Moment?
}
