import Rules

/// Accounts one by one, where somebody asked for them.
extension MetricsWriter {
  /// Writes `most` accounts with findings at the most: those that fail first, then those unreachable
  /// longest.
  mutating func writeWorst(_ diagnosis: Diagnosis, most: Int) {
    let worst = Self.worst(diagnosis.accounts, most: most)
    begin(
      "account_up", .gauge,
      "Whether an account is registered and no error about it goes on; the worst accounts only, as many as --metrics-accounts says."
    )
    for account in worst {
      let isUp = account.state == .registered && !account.isFailing
      sample([("account", account.addressOfRecord)], isUp ? 1 : 0)
    }
    begin(
      "account_unreachable_seconds", .gauge,
      "How long an account could not be reached, as far as the findings show; the worst accounts only, as many as --metrics-accounts says."
    )
    for account in worst {
      guard let time = account.unreachable else { continue }
      sample([("account", account.addressOfRecord)], time)
    }
  }

  /// The worst accounts, the worst first; of those that look alike the first seen.
  private static func worst(_ accounts: AccountSummaries, most: Int) -> [AccountOverview] {
    var worst: [AccountOverview] = []
    // Names that differ in bytes alone look alike: a sample must not stand twice.
    var names: Set<String> = []
    let faulty = accounts.indices.lazy.map { accounts.overview(at: $0) }.filter { $0.level != nil }
    // Sorting keeps the order of those that are alike: the first seen stands first.
    for account in faulty.sorted(by: { $1.weight < $0.weight }) {
      guard worst.count < most else { break }
      if names.insert(Visible.text(account.addressOfRecord)).inserted { worst.append(account) }
    }
    return worst
  }
}

extension AccountOverview {
  /// How bad things stand: by what goes on, then the level of what was found, then the time.
  fileprivate var weight: (Int, Int, Duration) {
    (isFailing ? 1 : 0, level?.rawValue ?? -1, unreachable ?? .zero)
  }
}
