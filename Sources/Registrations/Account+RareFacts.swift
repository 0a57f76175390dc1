/// What happens to few accounts; the others pay for an empty array.
struct RareFacts {
  var raised: [RaisedGrants] = []
  var unregistered: [UnregisteredContact] = []
  var cseqBreaks = BoundedList<CSeqBreak>(half: 2)
  var calls: [Call] = []
  var callsLeftOut = 0
  var replacedCalls = BoundedList<ReplacedCall>(half: 4)
  var replacedUses: [ReplacedUse] = []
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

  /// Requests to devices whose binding had been replaced.
  public internal(set) var replacedUses: [ReplacedUse] {
    get { rareFacts.first?.replacedUses ?? [] }
    _modify { yield &rare.replacedUses }
  }
}
