public import Capture

/// What happens to few accounts.
@usableFromInline
struct RareFacts: HasNoFacts {
  @usableFromInline var raised: [RaisedGrants] = []
  @usableFromInline var unregistered: [UnregisteredContact] = []
  @usableFromInline var cseqBreaks = BoundedList<CSeqBreak>(half: 2)
  var calls: [Call] = []
  @usableFromInline var callsLeftOut = 0
  @usableFromInline var replacedCalls = BoundedList<ReplacedCall>(half: 4)
  @usableFromInline var replacedUses: [ReplacedUse] = []
  @usableFromInline var privacies: [PrivacyUse] = []
  @usableFromInline var disturbedRefreshes = 0
  @usableFromInline var lastInvite: Timestamp?
  @usableFromInline var refusedCalls = BoundedList<RefusedCalls>(half: 2)
  @usableFromInline var unlisted = BoundedList<UnlistedBinding>(half: 2)
  @usableFromInline var restarts = BoundedList<SeriesRestart>(half: 2)
  @usableFromInline var firstContacts: [FirstContacts] = []
  @usableFromInline var sharedPorts: [SharedPort] = []

  @usableFromInline init() {}
}

extension Account {
  /// Whether anything happened to it that happens to few.
  @inlinable public var hasRareFacts: Bool { !rareFacts.isEmpty }

  /// Grants longer than what was asked for: none or one record.
  public internal(set) var raised: [RaisedGrants] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].raised }
    _modify { yield &rareFacts.facts.raised }
  }

  /// Contacts that only lists in answers tell of.
  public internal(set) var unregistered: [UnregisteredContact] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].unregistered }
    _modify { yield &rareFacts.facts.unregistered }
  }

  /// REGISTERs whose CSeq fell within their Call-ID.
  public internal(set) var cseqBreaks: BoundedList<CSeqBreak> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 2) : rareFacts.kept[0].cseqBreaks }
    _modify { yield &rareFacts.facts.cseqBreaks }
  }

  /// The calls that are up, in the order they began.
  var calls: [Call] {
    get { rareFacts.isEmpty ? [] : rareFacts.kept[0].calls }
    _modify { yield &rareFacts.facts.calls }
  }

  /// Whether any call that matters was seen: one that a replacement met, or too many to follow.
  @inlinable public var hasCalls: Bool {
    !rareFacts.isEmpty
      && (!rareFacts.kept[0].replacedCalls.isEmpty || rareFacts.kept[0].callsLeftOut > 0)
  }

  /// Calls no longer followed since too many were up at once.
  public internal(set) var callsLeftOut: Int {
    @inlinable get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].callsLeftOut }
    _modify { yield &rareFacts.facts.callsLeftOut }
  }

  /// Calls that were up when their binding was replaced.
  public internal(set) var replacedCalls: BoundedList<ReplacedCall> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 4) : rareFacts.kept[0].replacedCalls }
    _modify { yield &rareFacts.facts.replacedCalls }
  }

  /// The last INVITE sent to one of its devices.
  public internal(set) var lastInvite: Timestamp? {
    @inlinable get { rareFacts.isEmpty ? nil : rareFacts.kept[0].lastInvite }
    _modify { yield &rareFacts.facts.lastInvite }
  }

  /// Calls to it that the registrar refused as if nobody were registered.
  public internal(set) var refusedCalls: BoundedList<RefusedCalls> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 2) : rareFacts.kept[0].refusedCalls }
    _modify { yield &rareFacts.facts.refusedCalls }
  }

  /// Contacts that fell out of the registrar's lists before their time.
  public internal(set) var unlisted: BoundedList<UnlistedBinding> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 2) : rareFacts.kept[0].unlisted }
    _modify { yield &rareFacts.facts.unlisted }
  }

  /// New Call-ID series of a device whose old one was left as it was.
  public internal(set) var restarts: BoundedList<SeriesRestart> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 2) : rareFacts.kept[0].restarts }
    _modify { yield &rareFacts.facts.restarts }
  }

  /// What Contact its device sent first from each new mapping; none or one.
  public internal(set) var firstContacts: [FirstContacts] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].firstContacts }
    _modify { yield &rareFacts.facts.firstContacts }
  }

  /// The mapped port it shares with an account of another host; none or one.
  public internal(set) var sharedPorts: [SharedPort] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].sharedPorts }
    _modify { yield &rareFacts.facts.sharedPorts }
  }

  /// Requests to devices whose binding had been replaced.
  public internal(set) var replacedUses: [ReplacedUse] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].replacedUses }
    _modify { yield &rareFacts.facts.replacedUses }
  }

  /// Which Privacy headers its REGISTERs carried; empty where none of them had one.
  public internal(set) var privacies: [PrivacyUse] {
    @inlinable get { rareFacts.isEmpty ? [] : rareFacts.kept[0].privacies }
    _modify { yield &rareFacts.facts.privacies }
  }

  /// Refreshes that tell nothing of when they were due: repeated after a failure, with REGISTERs
  /// missing from the capture before them, or made for another expiry than the one asked for last.
  public internal(set) var disturbedRefreshes: Int {
    @inlinable get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].disturbedRefreshes }
    _modify { yield &rareFacts.facts.disturbedRefreshes }
  }
}
