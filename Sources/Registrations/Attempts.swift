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

  var callIDKey: UInt64

  /// Whether both belong to one Call-ID: no restart lies between.
  public func isSameCallID(as other: FailureSeries) -> Bool { callIDKey == other.callIDKey }

  /// Whether the success that ended it came under another Call-ID.
  var wasEndedByAnother = false
  var statusOfReason: UInt16 = 0

  /// The first failure.
  public var first: FailedAttempt? { attempts.kept.first }
  /// The last failure.
  public var last: FailedAttempt? { attempts.kept.last }
}

/// The device that sends REGISTERs for an account: told apart by host and user agent.
@usableFromInline
struct Registrant: Sendable {
  /// What an exchange (challenge and retry are one) hands on to the binding it makes.
  struct Exchange {
    /// Its first REGISTER.
    var start: Moment
    /// That REGISTER's CSeq number.
    var cseq: UInt32 = 0
    /// The first REGISTER since the last success, and its CSeq: when the device began to try.
    var pursuitStart: Moment?
    var pursuitCSeq: UInt32 = 0
    /// Whether any message of the device showed a NAT in between.
    var isBehindNAT = false
    var isSeenFromInside = false
  }

  /// The nonce of a challenge and when it came.
  struct Offer {
    var nonceKey: UInt64
    var time: Timestamp
  }

  /// The last REGISTER it sent; the serial tells whether the number still means that one.
  struct LastRegister {
    var number = RegisterTransaction.none
    var serial: UInt64 = 0
    var callIDKey: UInt64 = 0
    var cseq: UInt32 = 0
    var sent = Timestamp(nanoseconds: 0)
    var registrar = IPAddress(ipv4: 0)
    var userKey: UInt64 = 0
    /// Whether an earlier run saw it: others may have followed that nobody saw.
    var isCarriedOver = false
  }

  var host: IPAddress
  var userAgentKey: UInt64
  var lastSeen: Timestamp
  var exchange: Exchange
  /// The challenge it has not answered yet.
  var openChallenge: FailedAttempt?
  /// The Contact it was made for.
  var challengedContact: UInt64 = 0
  /// Whether REGISTERs or their answers may be missing from the capture since the last success.
  var missesRegisters = false
  /// The last answer, where that was a challenge.
  var offer: Offer?
  var last = LastRegister()
  /// Whether it repeated a REGISTER long after the answer to it.
  var missesAnswers = false
  /// The Contact of its last REGISTER that made none of the known bindings anew.
  var contactKey: UInt64 = 0
  var contact = ""
  /// Whether it was ever accepted.
  var hasSucceeded = false
  /// Its own address as its Via has it, where that is private behind a public source.
  var inside: IPAddress?
  /// Whether it asked to be removed since it was accepted last.
  var hasAskedForRemoval = false
  /// The failures since the last success.
  @usableFromInline var series: [FailureSeries] = []
  /// The same whatever their kind, one run for each registrar.
  var runs: [FailureRun] = []
}

extension Registrant {
  /// Takes a new REGISTER for its last one and gives the challenge it may answer.
  mutating func begin(
    _ transaction: RegisterTransaction, isRetry: Bool
  ) -> Offer? {
    if !isRetry {
      exchange.start = transaction.sent
      exchange.cseq = transaction.cseq
    }
    if exchange.pursuitStart == nil {
      exchange.pursuitStart = transaction.sent
      exchange.pursuitCSeq = transaction.cseq
    }
    last = LastRegister(
      serial: transaction.serial, callIDKey: transaction.callIDKey,
      cseq: transaction.cseq, sent: transaction.sent.time,
      registrar: transaction.destination.address, userKey: transaction.contactUserKey)
    openChallenge = nil
    if transaction.isRemoval { hasAskedForRemoval = true }
    defer { offer = nil }
    return offer
  }

  /// Something between the last REGISTER and this moment is not in the capture.
  mutating func noteMissing() {
    missesRegisters = true
    for index in series.indices { series[index].mayMissSuccess = true }
    for index in runs.indices { runs[index].mayMissAttempts = true }
  }

  /// Devices of one kind behind one address register one account side by side: a challenge to one
  /// is no concern of the others.
  func isChallenged(_ transaction: RegisterTransaction) -> Bool {
    last.callIDKey == transaction.callIDKey || challengedContact == transaction.contactKey
  }

  /// The last challenge of a device that answers none counts like those before it.
  mutating func leaveUnanswered(_ challenge: FailedAttempt) {
    for index in series.indices where series[index].withoutCredentials > 0 {
      series[index].withoutCredentials += 1
      series[index].attempts.append(challenge)
    }
  }
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
