import Capture

/// What few flows have.
@usableFromInline
struct RareFlowFacts: HasNoFacts {
  /// The rows of requests without an answer, in order of time.
  @usableFromInline var runs = BoundedList<UnansweredRun>(half: 8)
  /// Nanoseconds behind `shortestClosed`; negative while there are none.
  var shortestClosedNanoseconds: Int64 = -1
  var aliasKey: UInt64?
  var replacedAt = Int64.max
  @usableFromInline var undecided = 0
  @usableFromInline var overdue = 0
  @usableFromInline var opaque = 0
  /// Requests without an answer since the last answer, and whether one may have been lost here.
  var silentRow = 0
  var isRowInDoubt = false
  var hasOpenRun = false
  @usableFromInline var mayHideOutage = false

  @usableFromInline init() {}
}

extension Reachability {
  /// The rows of requests without an answer, in order of time.
  public internal(set) var runs: BoundedList<UnansweredRun> {
    @inlinable get { rareFacts.isEmpty ? BoundedList(half: 8) : rareFacts.kept[0].runs }
    _modify { yield &rareFacts.facts.runs }
  }

  /// Whether the last row is still open.
  var hasOpenRun: Bool {
    get { !rareFacts.isEmpty && rareFacts.kept[0].hasOpenRun }
    set { rareFacts.facts.hasOpenRun = newValue }
  }

  /// A second key: the Contact's address where the switch may send to it instead of the source.
  var aliasKey: UInt64? {
    get { rareFacts.isEmpty ? nil : rareFacts.kept[0].aliasKey }
    set { rareFacts.facts.aliasKey = newValue }
  }

  /// Nanoseconds at which the last binding over it was replaced by another device's.
  var replacedAt: Int64 {
    get { rareFacts.isEmpty ? .max : rareFacts.kept[0].replacedAt }
    set { if newValue != .max || !rareFacts.isEmpty { rareFacts.facts.replacedAt = newValue } }
  }

  /// Requests younger than Timer F when the capture ended.
  public internal(set) var undecided: Int {
    @inlinable get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].undecided }
    set { rareFacts.facts.undecided = newValue }
  }

  /// Of these, the ones without an answer for longer than half of Timer F.
  public internal(set) var overdue: Int {
    @inlinable get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].overdue }
    set { rareFacts.facts.overdue = newValue }
  }

  /// Datagrams that are neither SIP nor keepalive.
  public internal(set) var opaque: Int {
    @inlinable get { rareFacts.isEmpty ? 0 : rareFacts.kept[0].opaque }
    set { rareFacts.facts.opaque = newValue }
  }

  /// Whether packets that were lost may hide that the device could not be reached.
  public internal(set) var mayHideOutage: Bool {
    @inlinable get { !rareFacts.isEmpty && rareFacts.kept[0].mayHideOutage }
    set { rareFacts.facts.mayHideOutage = newValue }
  }
}
