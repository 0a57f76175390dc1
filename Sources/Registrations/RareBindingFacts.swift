/// What happens to few bindings.
@usableFromInline
struct RareBindingFacts: HasNoFacts {
  @usableFromInline var end: BindingEnd?
  @usableFromInline var ended: Moment?
  @usableFromInline var unknownSince: Moment?
  @usableFromInline var lapses = BoundedList<Lapse>(half: 4)
  @usableFromInline var rush: RegistrationRush?
  @usableFromInline var longerGrant: LongerGrant?
  @usableFromInline var thinMargin: ThinMargins?
  @usableFromInline var isSuperseded = false
  /// Whose answer listed it last beside that one's own Contact: the key of that; 0 for none.
  var listedBeside: UInt64 = 0

  @usableFromInline init() {}
}

extension Binding {
  /// How it ended; `nil` while it is valid.
  public internal(set) var end: BindingEnd? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].end }
    set { rareFacts.facts.end = newValue }
  }

  /// Whether the device gave it up itself, by a newer Contact of its own.
  public internal(set) var isSuperseded: Bool {
    @inlinable get { !rareFacts.isEmpty && rareFacts.kept[0].isSuperseded }
    set { if newValue || !rareFacts.isEmpty { rareFacts.facts.isSuperseded = newValue } }
  }

  /// When it ended, with the packet that ended it (for an expiry the last answer).
  public internal(set) var ended: Moment? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].ended }
    set { rareFacts.facts.ended = newValue }
  }

  /// A REGISTER whose answer is missing: from here on the expiry is not known.
  public internal(set) var unknownSince: Moment? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].unknownSince }
    set {
      if newValue != nil || !rareFacts.isEmpty { rareFacts.facts.unknownSince = newValue }
    }
  }

  /// Refreshes that came too late.
  public internal(set) var lapses: BoundedList<Lapse> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 4) : rareFacts.kept[0].lapses }
    _modify { yield &rareFacts.facts.lapses }
  }

  /// The longest row of accepted registrations in quick succession.
  public internal(set) var rush: RegistrationRush? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].rush }
    set { rareFacts.facts.rush = newValue }
  }

  /// Whether there was one.
  @inlinable public var wasRushed: Bool { !rareFacts.isEmpty && rareFacts.kept[0].rush != nil }

  /// The longest grant, where shorter ones have followed.
  public internal(set) var longerGrant: LongerGrant? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].longerGrant }
    set { rareFacts.facts.longerGrant = newValue }
  }

  /// Whether there is one.
  @inlinable public var wasGrantedLonger: Bool {
    !rareFacts.isEmpty && rareFacts.kept[0].longerGrant != nil
  }

  /// Rows of refreshes close before the expiry; `nil` where there was none.
  public internal(set) var thinMargin: ThinMargins? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].thinMargin }
    set { rareFacts.facts.thinMargin = newValue }
  }

  /// Whether there was one.
  @inlinable public var hasThinMargin: Bool {
    !rareFacts.isEmpty && rareFacts.kept[0].thinMargin != nil
  }

  var listedBeside: UInt64 {
    get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].listedBeside }
    set { rareFacts.facts.listedBeside = newValue }
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
