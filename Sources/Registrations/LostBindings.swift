public import Capture
public import Decode

// Signs that a registrar has forgotten a binding before its time; empty for healthy accounts.

/// Calls that the registrar refused as if nobody were registered, while a binding was valid.
public struct RefusedCalls: Sendable {
  /// Status of the answer to the caller: 404, 410 or 480.
  public let status: UInt16
  /// The first such answer.
  public let first: Moment
  /// The last one.
  public internal(set) var last: Moment
  /// How many calls.
  public internal(set) var calls = 1
  /// The device that held the binding.
  public let source: Endpoint
  /// Its user agent.
  public let userAgent: String
  /// The answer that had granted the binding.
  public let granted: Moment
  /// How long for, in seconds.
  public let grantedSeconds: UInt32
  /// When the binding would have run out.
  public let expires: Timestamp
  /// Requests and keepalives to the device before, by which the capture shows how it is reached.
  public let sentBefore: Int
  /// Requests and keepalives to it since: the registrar still knows the binding.
  public internal(set) var sentSince = 0
  /// The last OPTIONS before the first refusal, where there were several, and their longest gap.
  public let probing: (last: Timestamp, longest: Duration, probes: Int)?
  /// Whether the device was heard after the first of these calls.
  public internal(set) var wasHeardSince = false
  /// The next accepted REGISTER of the account; `nil` where none followed.
  public internal(set) var restored: Moment?
  /// Whether that came from the same place in the same series.
  public internal(set) var isSameDevice = false
  var isSettled = false
  var callKey: UInt64
  let callIDKey: UInt64
  let path: UInt32
  let pathKey: UInt32
}

/// A Contact that an answer to another Contact's REGISTER no longer lists, although such answers
/// listed it before and nothing removed or replaced it.
public struct UnlistedBinding: Sendable {
  /// The device that held the binding.
  public let source: Endpoint
  /// Its user agent.
  public let userAgent: String
  /// Its Contact.
  public let contact: String
  /// The answer that had granted the binding.
  public let granted: Moment
  /// How long for, in seconds.
  public let grantedSeconds: UInt32
  /// When the binding would have run out.
  public let expires: Timestamp
  /// The answer that no longer lists it.
  public let noticed: Moment
  /// Whose REGISTER that answered.
  public let other: Endpoint
  /// The device's next accepted REGISTER in the same series: it had never left.
  public internal(set) var restored: Moment?
  /// Whether a later answer listed it although its device had not registered again.
  public internal(set) var isListedAgain = false
  let contactKey: UInt64
  let callIDKey: UInt64
}
