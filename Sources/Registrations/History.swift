/// What a tracker leaves when the observation has ended: the accounts and the records of their flows.
public final class History: Sendable {
  /// The accounts, in the order they were first seen.
  public let accounts: Chunks<Account>
  /// The addresses that REGISTERs were refused to as to strangers.
  public let sources: [SourceFailures]
  private let flows: Pool<Reachability>

  init(
    accounts: consuming Chunks<Account>, sources: [SourceFailures],
    flows: consuming Pool<Reachability>
  ) {
    self.accounts = accounts
    self.sources = sources
    self.flows = flows
  }

  /// The flow record of a binding; `nil` when only a list in an answer told of the binding.
  public func reachability(of binding: Binding) -> Reachability? {
    binding.path.map { flows[$0] }
  }
}

extension Tracker {
  /// Ends the observation: what is not decided by now stays undecided.
  public consuming func history() -> History {
    finish()
    return History(accounts: accounts, sources: sources, flows: paths)
  }
}
