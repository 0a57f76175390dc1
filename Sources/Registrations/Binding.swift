public import Capture
public import Decode

/// How a binding's life ended.
public enum BindingEnd: UInt8, Sendable {
  /// Refreshed by the same device from another address or with another Contact.
  case refreshed
  /// Another device's registration took its place.
  case replaced
  /// Removed by a REGISTER with Expires 0.
  case removed
  /// Its granted time passed without a refresh.
  case expired
  /// The capture can no longer tell: its clock stepped, or answers are missing.
  case unknown
}

/// Where the granted expiry of a binding was read.
public enum GrantSource: UInt8, Sendable {
  /// The `expires` parameter of the device's own Contact in the 2xx.
  case contact
  /// The Expires header of the 2xx.
  case header
  /// Nothing in the 2xx: what the request asked for.
  case request
  /// Nothing anywhere: 3600 s (RFC 3261 10.2).
  case assumed
}

/// A refresh that came after the granted time had run out.
public struct Lapse: Sendable {
  /// The 2xx that granted the time.
  public var granted: Moment
  /// The time granted, in seconds.
  public var grantedSeconds: UInt32
  /// What the device had asked for, in seconds; `nil` when it asked for nothing.
  public var requestedSeconds: UInt32?
  /// Where the granted time was read.
  public var grantSource: GrantSource
  /// When the binding ran out.
  public var expired: Timestamp
  /// The REGISTER that came too late.
  public var next: Moment
  /// Whether it belongs to the same Call-ID series.
  public var isSameSeries: Bool
  /// Whether REGISTERs in between may be missing from the capture.
  public var mayMissRefresh: Bool
}

/// One binding as long as it kept its Contact and its flow (RFC 3261 10).
public struct Binding: Sendable {
  /// Keyed hashes: Contact, Call-ID, instance (0 when none), user part of the Contact.
  @usableFromInline var contactKey: UInt64
  @usableFromInline var callIDKey: UInt64
  /// Where its REGISTERs came from, as the registrar sees it.
  public internal(set) var source: Endpoint
  /// Who granted it.
  public internal(set) var registrar: Endpoint
  /// When it runs out unless refreshed.
  public internal(set) var expires: Timestamp
  /// The number of the flow's record, `nil` for a binding that is only listed.
  public internal(set) var path: UInt32?
  /// Whether only a list in an answer told of it: nobody registered it in the capture.
  public internal(set) var isOnlyListed: Bool
  /// How it ended; `nil` while it is valid.
  public internal(set) var end: BindingEnd?
  /// The last answer that granted or refreshed it.
  public internal(set) var refreshed: Moment
  /// The answer before that; `nil` until it is refreshed.
  public internal(set) var refreshedBefore: Timestamp?
  /// How many times it was refreshed.
  public internal(set) var refreshes = 0
  /// The REGISTER this answer belongs to.
  public internal(set) var refreshRequest: Moment
  /// The granted time in seconds, as of the last answer.
  public internal(set) var grantedSeconds: UInt32
  /// The time asked for, in seconds; `nil` when nothing was asked.
  public internal(set) var requestedSeconds: UInt32?
  /// Where the granted time was read.
  public internal(set) var grantSource: GrantSource
  @usableFromInline var cseq: UInt32
  @usableFromInline var instanceKey: UInt64
  /// Whether the device is behind a NAT, as far as the messages show it.
  public internal(set) var isBehindNAT: Bool
  /// Whether the capture was taken on the device's own side of that NAT.
  public internal(set) var isSeenFromInside: Bool
  /// A REGISTER whose answer is missing: from here on the expiry is not known.
  public internal(set) var unknownSince: Moment?
  /// When it would have run out as an earlier run left it, until it is refreshed in this one.
  ///
  /// What became of it in between is not known: `expires` is the latest time. `nil` for any other.
  public internal(set) var carriedOver: Timestamp?
  /// How often it kept its Call-ID for a refresh.
  public internal(set) var keptCallIDs = 0
  /// How often its device took a new Call-ID for a plain refresh.
  public internal(set) var freshCallIDs = 0
  /// The shortest and longest gaps between accepted registrations.
  public internal(set) var gaps = GapSample()
  /// The Contact URI as the registrar lists it.
  public internal(set) var contact: String
  /// The Call-ID of the last registration.
  public internal(set) var callID: String
  /// The device's user agent, empty when it names none.
  public internal(set) var userAgent: String
  /// The answer that made it, or the first packet that told of it.
  public internal(set) var from: Moment
  /// The first REGISTER of the exchange that made it.
  public internal(set) var fromRequest: Moment
  /// When it ended, with the packet that ended it (for an expiry the last answer).
  public internal(set) var ended: Moment?
  /// Whether the device gave it up itself, by a newer Contact of its own.
  public internal(set) var isSuperseded = false
  /// Refreshes that came too late.
  public internal(set) var lapses = BoundedList<Lapse>(half: 4)
  /// The longest row of accepted registrations in quick succession.
  public internal(set) var rush: RegistrationRush? {
    @inlinable get { rushes.first }
    set { rushes = newValue.map { [$0] } ?? [] }
  }
  /// Whether there was one.
  @inlinable public var wasRushed: Bool { !rushes.isEmpty }
  /// None or one, in a place of its own: few bindings ever have one.
  @usableFromInline var rushes: [RegistrationRush] = []
  /// The longest grant, where shorter ones have followed.
  @inlinable public var longerGrant: LongerGrant? { longerGrants.first }
  /// Whether there is one.
  @inlinable public var wasGrantedLonger: Bool { !longerGrants.isEmpty }
  @usableFromInline var longerGrants: [LongerGrant] = []
  /// Rows of refreshes close before the expiry; `nil` where there was none.
  @inlinable public var thinMargin: ThinMargins? { thinMargins.first }
  /// Whether there was one.
  @inlinable public var hasThinMargin: Bool { !thinMargins.isEmpty }
  @usableFromInline var thinMargins: [ThinMargins] = []
  /// Keyed hash of the instance alone, 0 when none: one device may have several flows (RFC 5626).
  var urnKey: UInt64 = 0
  /// Whose answer listed it last beside that one's own Contact: the key of that; 0 for none.
  var listedBeside: UInt64 = 0
  var userAgentKey: UInt64
  /// The CSeq number its present series began with.
  @usableFromInline var firstCSeq: UInt32

  /// Whether it was valid at `time`.
  @inlinable public func isValid(at time: Timestamp) -> Bool {
    from.time <= time && time < validUntil
  }

  /// When it ended or will run out, whichever is first.
  @inlinable public var validUntil: Timestamp {
    guard let ended, end != .expired else { return expires }
    return min(ended.time, expires)
  }

  /// Whether an earlier run told of it and this one has not seen it refreshed yet.
  public var isCarriedOver: Bool { carriedOver != nil }

  /// Whether both were made by the same device, as far as instance, Call-ID and Contact tell.
  @inlinable public func isSameDevice(as other: Binding) -> Bool {
    if instanceKey != 0 && other.instanceKey != 0 { return instanceKey == other.instanceKey }
    if callIDKey == other.callIDKey { return true }
    return false
  }

  /// Whether both name the same instance, whichever their flows; `nil` where one names none.
  public func hasSameInstance(as other: Binding) -> Bool? {
    urnKey == 0 || other.urnKey == 0 ? nil : urnKey == other.urnKey
  }

  /// Whether its client takes a new Call-ID for every registration, so that one tells of no restart.
  @inlinable public var takesFreshCallIDs: Bool { freshCallIDs >= 2 && keptCallIDs == 0 }

  /// Whether `other` is an earlier life of the same instance: a new Call-ID whose CSeq began anew.
  @inlinable public func isRestart(of other: Binding) -> Bool {
    callIDKey != other.callIDKey && firstCSeq <= other.cseq && !takesFreshCallIDs
  }

  /// Whether both have the same Contact URI.
  @inlinable public func hasSameContact(as other: Binding) -> Bool {
    contactKey == other.contactKey
  }
}

/// Accepted registrations of one binding that followed one another too fast to be needed.
public struct RegistrationRush: Sendable {
  /// Gaps in the longest row that were shorter than the limits.
  public internal(set) var longest = 0
  /// First and last registration of the longest row.
  public internal(set) var from: Moment?
  /// The last registration of the longest row.
  public internal(set) var to: Moment?
  /// Shortest gap in that row.
  public internal(set) var shortest: Duration = .zero
  /// Granted seconds in that row.
  public internal(set) var grantedSeconds: UInt32 = 0
  /// Registrations in the longest row; 0 when there was none.
  public var registrations: Int { longest == 0 ? 0 : longest + 1 }
  /// Whether the last registration belongs to the longest row.
  public var isRunning: Bool { current > 0 && current == longest }
  var current = 0
  var currentFrom: Moment?
  var currentShortest: Duration = .zero

  /// Adds a registration that came too soon after the one at `start`.
  mutating func extend(
    from start: Moment, to moment: Moment, gap: Duration, grantedSeconds: UInt32
  ) {
    if current == 0 {
      currentFrom = start
      currentShortest = gap
    }
    current += 1
    currentShortest = min(currentShortest, gap)
    guard current >= longest else { return }
    longest = current
    from = currentFrom
    to = moment
    shortest = currentShortest
    self.grantedSeconds = grantedSeconds
  }
}
