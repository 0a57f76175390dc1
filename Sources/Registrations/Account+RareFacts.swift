public import Capture

/// What happens to few accounts; the others pay for an empty array.
struct RareFacts {
  var raised: [RaisedGrants] = []
  var unregistered: [UnregisteredContact] = []
  var cseqBreaks = BoundedList<CSeqBreak>(half: 2)
  var calls: [Call] = []
  var callsLeftOut = 0
  var replacedCalls = BoundedList<ReplacedCall>(half: 4)
  var replacedUses: [ReplacedUse] = []
  var privacies: [PrivacyUse] = []
  var disturbedRefreshes = 0
  var lastInvite: Timestamp?
  var refusedCalls = BoundedList<RefusedCalls>(half: 2)
  var unlisted = BoundedList<UnlistedBinding>(half: 2)
  var restarts = BoundedList<SeriesRestart>(half: 2)
  var firstContacts: [FirstContacts] = []
  var sharedPorts: [SharedPort] = []
}

extension Account {
  private var rare: RareFacts {
    get { rareFacts.first ?? RareFacts() }
    _modify {
      if rareFacts.isEmpty { rareFacts.append(RareFacts()) }
      yield &rareFacts[0]
    }
  }

  /// Grants longer than what was asked for: none or one record.
  public internal(set) var raised: [RaisedGrants] {
    get { rareFacts.first?.raised ?? [] }
    _modify { yield &rare.raised }
  }

  /// Contacts that only lists in answers tell of.
  public internal(set) var unregistered: [UnregisteredContact] {
    get { rareFacts.first?.unregistered ?? [] }
    _modify { yield &rare.unregistered }
  }

  /// REGISTERs whose CSeq fell within their Call-ID.
  public internal(set) var cseqBreaks: BoundedList<CSeqBreak> {
    get { rare.cseqBreaks }
    _modify { yield &rare.cseqBreaks }
  }

  /// The calls that are up, in the order they began.
  var calls: [Call] {
    get { rareFacts.first?.calls ?? [] }
    _modify { yield &rare.calls }
  }

  /// Whether any call that matters was seen: one that a replacement met, or too many to follow.
  public var hasCalls: Bool {
    guard let rare = rareFacts.first else { return false }
    return !rare.replacedCalls.isEmpty || rare.callsLeftOut > 0
  }

  /// Calls no longer followed since too many were up at once.
  public internal(set) var callsLeftOut: Int {
    get { rareFacts.first?.callsLeftOut ?? 0 }
    _modify { yield &rare.callsLeftOut }
  }

  /// Calls that were up when their binding was replaced.
  public internal(set) var replacedCalls: BoundedList<ReplacedCall> {
    get { rare.replacedCalls }
    _modify { yield &rare.replacedCalls }
  }

  /// The last INVITE sent to one of its devices.
  public internal(set) var lastInvite: Timestamp? {
    get { rareFacts.first?.lastInvite }
    _modify { yield &rare.lastInvite }
  }

  /// Calls to it that the registrar refused as if nobody were registered.
  public internal(set) var refusedCalls: BoundedList<RefusedCalls> {
    get { rare.refusedCalls }
    _modify { yield &rare.refusedCalls }
  }

  /// Contacts that fell out of the registrar's lists before their time.
  public internal(set) var unlisted: BoundedList<UnlistedBinding> {
    get { rare.unlisted }
    _modify { yield &rare.unlisted }
  }

  /// New Call-ID series of a device whose old one was left as it was.
  public internal(set) var restarts: BoundedList<SeriesRestart> {
    get { rareFacts.first?.restarts ?? BoundedList(half: 2) }
    _modify { yield &rare.restarts }
  }

  /// What Contact its device sent first from each new mapping; none or one.
  public internal(set) var firstContacts: [FirstContacts] {
    get { rareFacts.first?.firstContacts ?? [] }
    _modify { yield &rare.firstContacts }
  }

  /// The mapped port it shares with an account of another host; none or one.
  public internal(set) var sharedPorts: [SharedPort] {
    get { rareFacts.first?.sharedPorts ?? [] }
    _modify { yield &rare.sharedPorts }
  }

  /// Requests to devices whose binding had been replaced.
  public internal(set) var replacedUses: [ReplacedUse] {
    get { rareFacts.first?.replacedUses ?? [] }
    _modify { yield &rare.replacedUses }
  }

  /// Which Privacy headers its REGISTERs carried; empty where none of them had one.
  public internal(set) var privacies: [PrivacyUse] {
    get { rareFacts.first?.privacies ?? [] }
    _modify { yield &rare.privacies }
  }

  /// Refreshes that tell nothing of when they were due: repeated after a failure, with REGISTERs
  /// missing from the capture before them, or made for another expiry than the one asked for last.
  public internal(set) var disturbedRefreshes: Int {
    get { rareFacts.first?.disturbedRefreshes ?? 0 }
    _modify { yield &rare.disturbedRefreshes }
  }
}
