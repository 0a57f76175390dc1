import Rules

/// Errors of a running capture that wait for a bundle.
struct BundleWishes {
  private var waiting: [BundleWish] = []
  /// Findings that are in a bundle or wait for one.
  private var told: Set<Int> = []

  /// Findings that are remembered; of an older one that comes back there would be a second bundle.
  private static let mostTold = 20_000

  /// Takes in what became of findings; says whether an error has come to those that wait.
  mutating func take(_ events: [LiveEvent]) -> Bool {
    let before = waiting.count
    for event in events where event.kind != .withdrawn { take(event) }
    let hasCome = waiting.count > before
    // All of them at once: a sender can have very many errors open and withdrawn.
    let withdrawn = Set(events.lazy.filter { $0.kind == .withdrawn }.map(\.number))
    if !withdrawn.isEmpty { waiting.removeAll { withdrawn.contains($0.number) } }
    return hasCome
  }

  /// What waits, which now waits no longer.
  mutating func taken() -> [BundleWish] {
    if told.count > Self.mostTold, let newest = told.max() {
      told = told.filter { $0 > newest - Self.mostTold / 2 }
    }
    defer { waiting = [] }
    return waiting
  }

  private mutating func take(_ event: LiveEvent) {
    // What was over when this run began has no packets.
    guard event.finding.level == .error, !event.finding.evidence.isEmpty,
      told.insert(event.number).inserted
    else { return }
    waiting.append(
      BundleWish(number: event.number, rule: event.finding.rule, account: event.finding.account))
  }
}
