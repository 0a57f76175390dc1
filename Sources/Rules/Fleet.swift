import Capture
public import Registrations

/// All accounts of a capture in numbers.
public struct Fleet: Sendable {
  /// An account that could not be reached, and for how long.
  public struct Unreachable: Sendable {
    /// The account.
    public let account: String
    /// For how long, in all its episodes.
    public let time: Duration
  }

  /// Accounts listed as the worst ones.
  public static let mostListed = 20
  private static let mostAgents = 10_000

  /// Accounts by the state they ended in.
  public var states: [AccountState: Int] { Dictionary(uniqueKeysWithValues: endings.all) }
  /// Accounts by direction.
  public var directions: [Direction: Int] { Dictionary(uniqueKeysWithValues: ways.all) }
  /// Accounts with a binding, and those among them behind NAT.
  public private(set) var bound = 0
  /// Accounts whose last binding was behind NAT.
  public private(set) var behindNAT = 0
  /// Accounts that could not be reached longest, the worst first.
  public private(set) var worst: [Unreachable] = []
  /// Accepted registrations over time.
  public let registrations: RateSeries
  /// OPTIONS sent to devices over time.
  public let probes: RateSeries
  private var endings = Counts<AccountState>()
  private var ways = Counts<Direction>()
  /// The user agents by number: to tell their names apart takes longer.
  private var agents: [(name: String, accounts: Int)] = []
  private var countedAgents = 0

  init(_ history: History) {
    registrations = history.registrations
    probes = history.probes
  }

  /// The devices' user agents with the number of accounts that used them last, the most frequent
  /// first; an empty name stands for none given.
  public var userAgents: [(name: String, accounts: Int)] {
    let known = agents.lazy.filter { $0.accounts > 0 }
    // Names that were no text may have become the same one.
    return Dictionary(known.map { ($0.name, $0.accounts) }, uniquingKeysWith: +)
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
  }

  mutating func take(_ glance: borrowing Glance, _ standing: Standing) {
    endings.add(standing.state)
    ways.add(glance.direction)
    // By place: a search with a closure, or a binding held on to, would copy the glance.
    if let place = glance.lastBound {
      bound += 1
      if glance.bindings[place].binding.isBehindNAT { behindNAT += 1 }
      countAgent(of: glance.bindings[place])
    }
    if let time = standing.unreachable, time > .zero { note(glance.account.addressOfRecord, time) }
  }

  // The view of a binding: handed on as itself it would be copied.
  private mutating func countAgent(of last: ObservedBinding) {
    let number = last.binding.userAgentNumber
    while agents.count <= number { agents.append(("", 0)) }
    if agents[number].accounts == 0 {
      guard countedAgents < Self.mostAgents else { return }
      countedAgents += 1
      agents[number].name = last.binding.userAgent
    }
    agents[number].accounts += 1
  }

  /// Keeps the list short and in order: of equal times the account seen first stands first.
  private mutating func note(_ account: String, _ time: Duration) {
    guard worst.count < Self.mostListed || (worst.last.map { time > $0.time } ?? true) else {
      return
    }
    let place = worst.firstIndex { $0.time < time } ?? worst.count
    worst.insert(Unreachable(account: account, time: time), at: place)
    if worst.count > Self.mostListed { worst.removeLast() }
  }
}
