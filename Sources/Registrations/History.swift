/// What a tracker leaves when the observation has ended: the accounts and the records of their flows.
public final class History: Sendable {
  /// The accounts, in the order they were first seen.
  public let accounts: Chunks<Account>
  /// The hosts REGISTERs were sent to.
  public let registrars: [Registrar]
  /// Accepted registrations over time.
  public let registrations: RateSeries
  /// OPTIONS sent to devices over time.
  public let probes: RateSeries
  /// What was counted of the traffic as a whole.
  public let measures: Measures
  /// The keepalives the switches sent.
  public let switchKeepalives: SwitchKeepalives
  /// The addresses that REGISTERs were refused to as to strangers.
  public let sources: [SourceFailures]
  /// What was counted beside the accounts, and left out.
  public let counts: TrackerCounts
  /// When packets are known to be missing.
  public let losses: Losses
  @usableFromInline let flows: Pool<Reachability>
  let gaps: GapStore

  init(_ tracker: consuming Tracker) {
    registrars = tracker.registrars
    registrations = tracker.registrations
    probes = tracker.probes
    measures = tracker.measures
    switchKeepalives = tracker.switchKeepalives
    sources = tracker.sources
    counts = tracker.counts
    losses = tracker.losses
    accounts = tracker.accounts
    flows = tracker.paths
    gaps = tracker.gaps
  }

  func fetchFlow(_ path: UInt32) { flows.fetch(path) }

  /// The bindings of an account that have not ended, where they stand as long as this history does.
  public func currentBindings(of account: Int) -> UnsafeBufferPointer<Binding> {
    accounts.currentBindings(of: account)
  }

  /// The flow record of a binding; `nil` when only a list in an answer told of the binding.
  @inlinable
  public func flow(of binding: borrowing Binding) -> Flow? {
    guard let path = binding.path else { return nil }
    return Flow(self, path)
  }

  /// The accounts with a request to one of their devices that stayed unanswered.
  public var failing: Set<UInt32> {
    var accounts: Set<UInt32> = []
    for number in flows.numbers where !flows[number].runs.isEmpty && !flows[number].isReleased {
      accounts.insert(flows[number].account)
    }
    return accounts
  }

  /// Calls `body` for every flow.
  public func forEachFlow(_ body: (Flow) -> Void) {
    for number in flows.numbers where !flows[number].isReleased { body(Flow(self, number)) }
  }

  /// What became of requests to a private Contact address; `nil` when only keepalives went there.
  public func flow(of stray: Stray) -> Flow? {
    stray.path == Reachability.none ? nil : Flow(self, stray.path)
  }
}

extension Tracker {
  /// Ends the observation: what is not decided by now stays undecided.
  public consuming func history() -> History {
    // What is settled only since the observation ends may yet turn out otherwise in one that goes on.
    let counted = measures
    finish()
    measures = counted
    return History(self)
  }
}
