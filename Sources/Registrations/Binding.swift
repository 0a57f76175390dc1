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
  /// Whether it ran out while nothing at all was captured of anybody: the clock may have been set.
  public var mayBeOfClock: Bool
}

/// One binding as long as it kept its Contact and its flow (RFC 3261 10).
///
/// What every REGISTER and answer touches stands first; what few bindings have is in `rareFacts`.
public struct Binding: Sendable {
  /// Keyed hashes of the Contact and the Call-ID.
  @usableFromInline var contactKey: UInt64
  @usableFromInline var callIDKey: UInt64
  /// Where its REGISTERs came from, as the registrar sees it.
  @Compact public internal(set) var source: Endpoint
  /// Who granted it.
  @Compact public internal(set) var registrar: Endpoint
  /// When it runs out unless refreshed.
  public internal(set) var expires: Timestamp
  /// The last answer that granted or refreshed it.
  public internal(set) var refreshed: Moment
  /// The REGISTER this answer belongs to.
  public internal(set) var refreshRequest: Moment
  /// One of `refreshedBefore` and `carriedOver`.
  @OrSpare private var before: Timestamp? = nil
  @usableFromInline var rareFacts = Aside<RareBindingFacts>()
  /// The number of the flow's record, `nil` for a binding that is only listed.
  @OrSpare public internal(set) var path: UInt32? = nil
  /// How many times it was refreshed.
  @Tally public internal(set) var refreshes = 0
  /// How often it kept its Call-ID for a refresh.
  @Tally public internal(set) var keptCallIDs = 0
  /// How often its device took a new Call-ID for a plain refresh.
  @Tally public internal(set) var freshCallIDs = 0
  @usableFromInline var cseq: UInt32
  /// The CSeq number its present series began with.
  @usableFromInline var firstCSeq: UInt32
  /// The granted time in seconds, as of the last answer.
  public internal(set) var grantedSeconds: UInt32
  /// The time asked for, in seconds; `nil` when nothing was asked.
  public internal(set) var requestedSeconds: UInt32?
  /// Where the granted time was read.
  public internal(set) var grantSource: GrantSource
  /// Whether only a list in an answer told of it: nobody registered it in the capture.
  public internal(set) var isOnlyListed: Bool
  /// Whether the device is behind a NAT, as far as the messages show it.
  public internal(set) var isBehindNAT: Bool
  /// Keyed hashes of the instance with its flow and of the instance alone, 0 when it names none: one
  /// device may have several flows (RFC 5626).
  @usableFromInline var instanceKey: UInt32
  var urnKey: UInt32 = 0
  /// The first two gaps between accepted registrations; all of them, from the third on, in
  /// `manyGaps`.
  private var gapPair = GapPair()
  private var manyGaps: [GapSample] = []
  /// Its Contact and its Call-ID.
  var texts: TextPair
  /// Whether the capture was taken on the device's own side of its NAT.
  public internal(set) var isSeenFromInside: Bool
  /// Whether an earlier run told of it and this one has not seen it refreshed yet.
  public private(set) var isCarriedOver = false
  let agent: UserAgent
  /// The answer that made it, or the first packet that told of it.
  public internal(set) var from: Moment
  /// The first REGISTER of the exchange that made it.
  public internal(set) var fromRequest: Moment

  init(
    contactKey: UInt64, callIDKey: UInt64, source: Endpoint, registrar: Endpoint,
    expires: Timestamp, isOnlyListed: Bool, refreshed: Moment, refreshRequest: Moment,
    grantedSeconds: UInt32, requestedSeconds: UInt32? = nil, grantSource: GrantSource,
    cseq: UInt32, instanceKey: UInt32, isBehindNAT: Bool, isSeenFromInside: Bool,
    texts: TextPair, agent: UserAgent, from: Moment, fromRequest: Moment, firstCSeq: UInt32
  ) {
    (self.contactKey, self.callIDKey) = (contactKey, callIDKey)
    self.source = source
    self.registrar = registrar
    self.expires = expires
    self.refreshed = refreshed
    self.refreshRequest = refreshRequest
    (self.cseq, self.firstCSeq) = (cseq, firstCSeq)
    self.grantedSeconds = grantedSeconds
    self.requestedSeconds = requestedSeconds
    self.grantSource = grantSource
    self.isOnlyListed = isOnlyListed
    self.isBehindNAT = isBehindNAT
    self.isSeenFromInside = isSeenFromInside
    self.instanceKey = instanceKey
    self.texts = texts
    self.agent = agent
    self.from = from
    self.fromRequest = fromRequest
  }

  /// The gaps between accepted registrations.
  public var gaps: GapSample { manyGaps.first ?? gapPair.sample }

  /// Takes in the gap before an accepted registration.
  mutating func noteGap(milliseconds: UInt32) {
    if !manyGaps.isEmpty {
      manyGaps[0].add(milliseconds: milliseconds)
    } else if !gapPair.add(milliseconds: milliseconds) {
      manyGaps = [gapPair.sample(with: milliseconds)]
    }
  }

  /// The Contact URI as the registrar lists it.
  public var contact: String { texts.first }

  /// The Call-ID of the last registration.
  public var callID: String { texts.second }

  /// The device's user agent, empty when it names none.
  public var userAgent: String { agent.name }

  /// Tells the user agent from others in the same history; 0 where it names none.
  public var userAgentNumber: Int { Int(agent.number) }

  /// Whether it was valid at `time`.
  @inlinable public func isValid(at time: Timestamp) -> Bool {
    from.time <= time && time < validUntil
  }

  /// When it ended or will run out, whichever is first.
  @inlinable public var validUntil: Timestamp {
    // Where it is asked for the binding is not copied.
    @inline(__always)
    get {
      guard let end, end != .expired, let ended else { return expires }
      return min(ended.time, expires)
    }
  }

  /// The answer before the last one that refreshed it; `nil` until it is refreshed.
  public internal(set) var refreshedBefore: Timestamp? {
    get { isCarriedOver ? nil : before }
    set { (before, isCarriedOver) = (newValue, false) }
  }

  /// When it would have run out as an earlier run left it, until it is refreshed in this one.
  ///
  /// What became of it in between is not known: `expires` is the latest time. `nil` for any other.
  public internal(set) var carriedOver: Timestamp? {
    get { isCarriedOver ? before : nil }
    set { (before, isCarriedOver) = (newValue, newValue != nil) }
  }

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

extension Binding: HasFiller {
  /// No binding at all.
  public static var filler: Binding {
    let nobody = Endpoint(address: IPAddress(ipv4: 0), port: 0)
    return Binding(
      contactKey: 0, callIDKey: 0, source: nobody, registrar: nobody, expires: .spare,
      isOnlyListed: false, refreshed: .spare, refreshRequest: .spare, grantedSeconds: 0,
      grantSource: .assumed, cseq: 0, instanceKey: 0, isBehindNAT: false, isSeenFromInside: false,
      texts: TextPair(), agent: .none, from: .spare, fromRequest: .spare, firstCSeq: 0)
  }
}
