/// What happened to an account beside plain registrations, and what went wrong.
@usableFromInline
struct Incidents: HasNoFacts {
  @usableFromInline var past = BoundedList<Binding>(half: 24)
  @usableFromInline var changes = BoundedList<OwnershipChange>(half: 40)
  @usableFromInline var failures = BoundedList<FailureSeries>(half: 12)
  var pastRuns = BoundedList<FailureRun>(half: 4)
  @usableFromInline var strays: [Stray] = []
  @usableFromInline var misdirected: [MisdirectedAnswers] = []
  @Tally @usableFromInline var recovered = 0
  @Tally @usableFromInline var unknownOutcomes = 0
  @Tally @usableFromInline var pending = 0
  @Tally @usableFromInline var openChallenges = 0
  @Tally @usableFromInline var unheardChallenges = 0
  @Tally @usableFromInline var answersWithoutRequest = 0
  @OrSpare @usableFromInline var lastRemoved: Moment? = nil

  @usableFromInline init() {}
}

extension Account {
  /// Bindings ended: the first and the last ones.
  public internal(set) var past: BoundedList<Binding> {
    @inlinable get { incidents.isEmpty ? BoundedList(half: 24) : incidents.kept[0].past }
    _modify { yield &incidents.facts.past }
  }

  /// Changes of who holds the registration.
  public internal(set) var changes: BoundedList<OwnershipChange> {
    @inlinable get { incidents.isEmpty ? BoundedList(half: 40) : incidents.kept[0].changes }
    _modify { yield &incidents.facts.changes }
  }

  /// Failures, each series up to the success that ended it.
  public internal(set) var failures: BoundedList<FailureSeries> {
    @inlinable get { incidents.isEmpty ? BoundedList(half: 12) : incidents.kept[0].failures }
    _modify { yield &incidents.facts.failures }
  }

  /// Runs of failures that a success ended.
  var pastRuns: BoundedList<FailureRun> {
    get { incidents.isEmpty ? BoundedList(half: 4) : incidents.kept[0].pastRuns }
    _modify { yield &incidents.facts.pastRuns }
  }

  /// What was sent to its private Contact address; none or one.
  public internal(set) var strays: [Stray] {
    @inlinable get { incidents.isEmpty ? [] : incidents.kept[0].strays }
    _modify { yield &incidents.facts.strays }
  }

  /// Answers to its REGISTERs that went to another port than they came from; none or one.
  public internal(set) var misdirected: [MisdirectedAnswers] {
    @inlinable get { incidents.isEmpty ? [] : incidents.kept[0].misdirected }
    _modify { yield &incidents.facts.misdirected }
  }

  /// Credentials refused once and accepted right after: an aged nonce.
  public internal(set) var recovered: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].recovered }
    _modify { yield &incidents.facts.recovered }
  }

  /// REGISTERs whose answer is not in the capture.
  public internal(set) var unknownOutcomes: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].unknownOutcomes }
    _modify { yield &incidents.facts.unknownOutcomes }
  }

  /// REGISTERs still running when the capture ended.
  public internal(set) var pending: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].pending }
    _modify { yield &incidents.facts.pending }
  }

  /// Challenges not followed by another REGISTER when the capture ended.
  public internal(set) var openChallenges: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].openChallenges }
    _modify { yield &incidents.facts.openChallenges }
  }

  /// Challenges that did not reach the device: it repeated the REGISTER they answered.
  public internal(set) var unheardChallenges: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].unheardChallenges }
    _modify { yield &incidents.facts.unheardChallenges }
  }

  /// 2xx to REGISTER whose request is not in the capture.
  public internal(set) var answersWithoutRequest: Int {
    @inlinable get { incidents.isEmpty ? 0 : incidents.kept[0].answersWithoutRequest }
    _modify { yield &incidents.facts.answersWithoutRequest }
  }

  /// The last removal.
  public internal(set) var lastRemoved: Moment? {
    @inlinable get { incidents.isEmpty ? nil : incidents.kept[0].lastRemoved }
    _modify { yield &incidents.facts.lastRemoved }
  }
}
