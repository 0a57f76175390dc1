package import Rules

/// One account as far as its place in a list depends on it.
package struct AccountStanding: Sendable {
  /// Its state at the end.
  package let state: AccountState
  /// Whether an error about it goes on at the end: registered, but what use is that.
  package let isFailing: Bool
  /// The highest level of its findings.
  package let level: Level?
  /// How long it could not be reached as far as the findings show.
  package let unreachable: Duration
  /// Its place in the order the accounts were first seen.
  package let index: Int

  package init(_ account: AccountOverview, at index: Int) {
    state = account.state
    isFailing = account.isFailing
    level = account.level
    unreachable = account.unreachable ?? .zero
    self.index = index
  }

  /// Its state in a word.
  package var word: String { state == .registered && isFailing ? "no answer" : state.rawValue }

  package var isHealthy: Bool { level == nil && state == .registered && unreachable == .zero }

  /// Whether its last attempt to register came to nothing, or its registration ran out.
  package var isOutOfService: Bool {
    switch state {
    case .refused, .unanswered, .expired: true
    case .registered, .removed, .unknown: false
    }
  }

  private var weight: Int { level?.rawValue ?? -1 }

  private var urgency: Int {
    switch state {
    case _ where isFailing: 0
    case .unanswered: 1
    case .refused: 2
    case .expired: 3
    case .unknown: 4
    case .removed: 5
    case .registered: 6
    }
  }

  /// Orders by the worst findings, then the worst states, then the longest outages.
  package static func isWorse(_ left: AccountStanding, _ right: AccountStanding) -> Bool {
    if left.weight != right.weight { return left.weight > right.weight }
    if left.urgency != right.urgency { return left.urgency < right.urgency }
    if left.unreachable != right.unreachable { return left.unreachable > right.unreachable }
    return left.index < right.index
  }

  /// `5 registered (2 not reachable), 1 removed`.
  package static func counts(_ standings: some Sequence<AccountStanding>) -> String {
    let states: [AccountState] = [
      .registered, .removed, .unknown, .expired, .refused, .unanswered,
    ]
    // In the place of a state: finding one of six costs less than a hash.
    var counts = states.map { _ in 0 }
    var silent = 0
    for standing in standings {
      if let place = states.firstIndex(of: standing.state) { counts[place] += 1 }
      if standing.state == .registered && standing.isFailing { silent += 1 }
    }
    return zip(states, counts).compactMap { state, number in
      guard number > 0 else { return nil }
      let remark =
        state == .registered && silent > 0 ? " (\(Words.grouped(silent)) not reachable)" : ""
      return "\(Words.grouped(number)) \(state.rawValue)\(remark)"
    }.joined(separator: ", ")
  }
}
