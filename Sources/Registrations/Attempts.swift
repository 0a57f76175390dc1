public import Capture
public import Decode

/// A REGISTER that failed, and what answered it.
public struct FailedAttempt: Sendable {
  /// The request, first transmission.
  public var request: Moment
  /// The answer that refused it; `nil` when none came.
  public var answer: Moment?
  /// Status of the answer; 0 when none came.
  public var status: UInt16
  /// Whether the request carried credentials.
  public var hadCredentials: Bool
}

/// A series of registrations of one device that failed for one kind of reason, up to the next success.
public struct FailureSeries: Sendable {
  /// The kinds of failure that are told apart.
  public enum Kind: UInt8, CaseIterable, Sendable {
    /// Credentials were sent and challenged again, or challenges were never answered.
    case authentication
    /// Credentials were sent and answered with 403.
    case forbidden
    /// A final error that has nothing to do with credentials.
    case refused
    /// No answer at all.
    case unanswered
    /// 423 Interval Too Brief.
    case tooBrief
  }

  /// What kind of failure.
  public var kind: Kind
  /// Where the REGISTERs came from, as of the last one.
  public var source: Endpoint
  /// Who was asked.
  public var registrar: Endpoint
  /// The device's user agent.
  public var userAgent: String
  /// The first and last failures, and how many.
  public var attempts = BoundedList<FailedAttempt>(half: 3)
  /// Failures of requests whose credentials were refused without `stale=true`.
  public var rejectedCredentials = 0
  /// Of `rejectedCredentials`, those made with another nonce than that of the challenge just
  /// before: the nonce may have been refused, not the password.
  public var agedNonces = 0
  /// The longest time a device took to answer a challenge with credentials that were refused then.
  public var slowestRetry = Duration.zero
  /// Challenges that were followed by another REGISTER without credentials.
  public var withoutCredentials = 0
  /// Challenges that called the nonce stale.
  public var staleNonces = 0
  /// Whether the credentials named another realm than the challenge.
  public var realmDiffers = false
  /// Whether the credentials named a user other than the account's.
  public var usernameDiffers = false
  /// The realm of the challenge.
  public var realm = ""
  /// Status of the last answer; 0 when none came.
  public var status: UInt16 = 0
  /// Reason phrase of the last answer.
  public var reason = ""
  /// Text of the last answer's Warning header; empty when it had none.
  public var warning = ""
  /// Seconds in the last answer's Retry-After header.
  public var retryAfter: UInt32?
  /// The most transmissions of one unanswered REGISTER.
  public var longestLadder = 0
  /// Whether the registrar answered somebody else while it left these unanswered.
  public var othersWereAnswered = false
  /// The first ICMP error that quoted one of these REGISTERs.
  public var refusal: Refusal?
  /// The shortest gap between two attempts.
  public var gaps = GapSample()
  /// The 2xx that ended the series; `nil` while nothing succeeded.
  public var success: Moment?
  /// The Min-Expires of the last 423; `nil` when it had none.
  public var minExpires: UInt32?
  /// What the last REGISTER answered with 423 asked for, in seconds.
  public var requestedSeconds: UInt32?
  /// REGISTERs that asked for less than the Min-Expires of the 423 before.
  public var briefAgain = 0
  /// Whose binding was valid elsewhere at the last refusal of credentials that were sent.
  public var holder: BindingHolder?
  /// Whether this device had been accepted for the account before.
  public var deviceWasAccepted = false
  /// The most refused credentials in a row under one Call-ID that were challenged anew.
  public internal(set) var longestDialogue = 0
  /// Credentials of other devices of the account that the registrar had refused when this began.
  public var rejectedOfOthers = 0
  /// Whether another Call-ID's binding of the account was valid at the last failure.
  public var othersWereRegistered = false
  /// Until when the device's own binding was valid, as of the last failure; `nil` for none.
  public var registeredUntil: Timestamp?

  /// Whether a REGISTER or its answer may be missing from the capture since the last failure.
  public var mayMissSuccess = false
  /// The last transmission of the last unanswered REGISTER.
  public var lastTransmission: Moment?

  /// Whether it made room for others (`TrackerLimits.troublesPerRegistrant`) while it went on.
  var isSetAside = false
  var dialogueKey: UInt64 = 0
  var dialogue = 0
  var callIDKey: UInt64

  /// Whether both belong to one Call-ID: no restart lies between.
  public func isSameCallID(as other: FailureSeries) -> Bool { callIDKey == other.callIDKey }

  /// Whether the success that ended it came under another Call-ID.
  var wasEndedByAnother = false
  var statusOfReason: UInt16 = 0

  /// Credentials made for the last challenge were challenged anew.
  mutating func noteDialogue(_ callIDKey: UInt64) {
    dialogue = dialogueKey == callIDKey ? dialogue + 1 : 1
    dialogueKey = callIDKey
    longestDialogue = max(longestDialogue, dialogue)
  }

  /// The first failure.
  public var first: FailedAttempt? { attempts.kept.first }
  /// The last failure.
  public var last: FailedAttempt? { attempts.kept.last }
}

/// A change of who holds the account's registration.
public struct OwnershipChange: Sendable {
  /// What happened.
  public enum Kind: UInt8, Sendable {
    /// Another device's binding took the place of this one.
    case replaced
    /// The same device came from another host.
    case moved
    /// The registration was removed.
    case removed
    /// It had run out and came back.
    case lapsed
    /// It came back after a removal.
    case returned
  }

  /// What happened.
  public var kind: Kind
  /// When the state before it ended: for a lapse the time the binding ran out.
  public var since: Timestamp
  /// The packet that made the change.
  public var moment: Moment
  /// Source of the binding that lost, user agent and Contact.
  public var previous: Owner
  /// Source of the binding that won.
  public var next: Owner
}

/// Who holds a binding.
public struct Owner: Hashable, Sendable {
  /// Where its REGISTERs come from.
  public var source: Endpoint
  /// Its user agent.
  public var userAgent: String
  /// Its Contact.
  public var contact: String
  var deviceKey: UInt64

  /// Whether both are the same device.
  public func isSameDevice(as other: Owner) -> Bool { deviceKey == other.deviceKey }
}
