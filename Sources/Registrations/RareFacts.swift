public import Capture
public import Decode

// What happens to few accounts: each kept in an array that stays empty for the others.

/// A grant of a binding that was longer than those after it.
public struct LongerGrant: Sendable {
  /// The time granted, in seconds.
  public let seconds: UInt32
  /// What had been asked for, in seconds; `nil` when nothing was asked.
  public let requestedSeconds: UInt32?
  /// Where it was read.
  public let source: GrantSource
  /// The answer.
  public let answer: Moment
  /// The answer that granted less.
  public let shortened: Moment
}

/// Grants that were longer than what had been asked for.
public struct RaisedGrants: Sendable {
  /// The first such answer.
  public let first: Moment
  /// The last such answer.
  public internal(set) var last: Moment
  /// How many there were.
  public internal(set) var count = 1
  /// What was asked for last, in seconds.
  public internal(set) var requestedSeconds: UInt32
  /// What was granted for it, in seconds.
  public internal(set) var grantedSeconds: UInt32
  /// The device, as of the first.
  public let source: Endpoint
  /// Its user agent.
  public let userAgent: String
}

/// A row of refreshes so near to the expiry that one lost transaction would let the binding lapse.
public struct ThinMargins: Sendable {
  /// Refreshes in the longest row.
  public internal(set) var longest = 0
  /// Refreshes in the row at hand.
  var current = 0
  var currentFrom: Moment
  var currentShortest: Duration
  /// The first and last refresh of the longest row.
  public internal(set) var from: Moment
  /// See `from`.
  public internal(set) var to: Moment
  /// The shortest time left in the longest row.
  public internal(set) var shortest: Duration
  /// The time granted, in seconds.
  public internal(set) var grantedSeconds: UInt32

  /// Whether the last refresh belongs to the longest row.
  public var isRunning: Bool { current > 0 && current == longest }

  init(at moment: Moment, margin: Duration, grantedSeconds: UInt32) {
    currentFrom = moment
    currentShortest = margin
    from = moment
    to = moment
    shortest = margin
    self.grantedSeconds = grantedSeconds
  }

  /// Adds a refresh that left too little time.
  mutating func extend(to moment: Moment, margin: Duration, grantedSeconds: UInt32) {
    if current == 0 {
      currentFrom = moment
      currentShortest = margin
    }
    current += 1
    currentShortest = min(currentShortest, margin)
    guard current >= longest else { return }
    longest = current
    from = currentFrom
    to = moment
    shortest = currentShortest
    self.grantedSeconds = grantedSeconds
  }
}

/// A Contact that only lists in answers tell of.
public struct UnregisteredContact: Sendable {
  var key: UInt64
  /// Its URI.
  public let contact: String
  /// The first answer that listed it.
  public let first: Moment
  /// The last answer that listed it.
  public internal(set) var last: Moment
  /// When it runs out, as of the last list.
  public internal(set) var expires: Timestamp
  /// The first answer that gave it more time than the one before: somebody had refreshed it.
  public internal(set) var renewed: Moment?
}

/// A REGISTER whose CSeq is lower than that of the one before, with the same Call-ID.
public struct CSeqBreak: Sendable {
  /// The REGISTER.
  public let request: Moment
  /// Its number.
  public let cseq: UInt32
  /// The number of the one before.
  public let previous: UInt32
  /// When that one was sent.
  public let previousSent: Timestamp
  /// Whether the one before was still without answer, so that both may have changed places.
  public let mayBeReordered: Bool
  /// Where it came from.
  public let source: Endpoint
  /// The device's user agent.
  public let userAgent: String
}

/// The valid binding of another place while a REGISTER was refused.
public struct BindingHolder: Sendable {
  /// Where its REGISTERs come from.
  public let source: Endpoint
  /// Its user agent.
  public let userAgent: String
  /// The answer that granted it.
  public let refreshed: Moment
  /// When it runs out.
  public let expires: Timestamp
  /// Whether it was made by the device that was refused, from its old place.
  public let isSameDevice: Bool
}

/// REGISTERs of one device that carry the same Privacy header (RFC 3323 4.2), or none.
///
/// Told apart from the first one on that carries any.
public struct PrivacyUse: Sendable {
  var key: UInt64
  /// The device's address.
  public let source: IPAddress
  /// The value as written, its beginning where it is long; empty where there was no such header,
  /// `nil` where the snap length may have cut it off.
  public let value: String?
  /// The first such REGISTER.
  public let first: Moment
  /// The last one.
  public internal(set) var last: Moment
  /// How many, retransmissions not counted.
  public internal(set) var count = 1
}
