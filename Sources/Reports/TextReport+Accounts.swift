import Capture
import Registrations
import Rules

extension TextPage {
  /// Writes how the accounts stand: numbers first, then the worst ones.
  mutating func writeAccounts() {
    guard !diagnosis.accounts.isEmpty else { return }
    let standings = standings
    text.blankLine()
    text.paragraph(
      "Accounts at the end:", Self.counts(standings), column: 21, labelStyle: .heading)
    let listed = worstFirst(standings)
    guard !listed.isEmpty else { return }
    text.line(Self.row("state", "reachable", "unreachable") + " account", .label, indent: 2)
    for standing in listed { write(standing) }
    let left = diagnosis.accounts.count - listed.count
    if left > 0 {
      text.line(
        "... and \(Words.grouped(left)) more: --account NAME or --format json shows them",
        indent: 2)
    }
  }

  // MARK: How they stand

  /// One account as far as its place in the list depends on it.
  private struct Standing {
    var state: AccountState
    /// Whether an error about it goes on at the end: registered, but what use is that.
    var isFailing: Bool
    var level: Int
    var unreachable: Duration
    var index: Int

    var word: String { state == .registered && isFailing ? "no answer" : state.rawValue }

    var urgency: Int {
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

    var isHealthy: Bool { level < 0 && state == .registered && unreachable == .zero }

    static func isWorse(_ left: Standing, _ right: Standing) -> Bool {
      if left.level != right.level { return left.level > right.level }
      if left.urgency != right.urgency { return left.urgency < right.urgency }
      if left.unreachable != right.unreachable { return left.unreachable > right.unreachable }
      return left.index < right.index
    }
  }

  private var standings: [Standing] {
    diagnosis.accounts.indices.map { index in
      let account = diagnosis.accounts.overview(at: index)
      return Standing(
        state: account.state, isFailing: account.isFailing, level: account.level?.rawValue ?? -1,
        unreachable: account.unreachable ?? .zero, index: index)
    }
  }

  /// `5 registered (2 of them without an answer), 1 removed`.
  private static func counts(_ standings: [Standing]) -> String {
    var counts: [AccountState: Int] = [:]
    for standing in standings { counts[standing.state, default: 0] += 1 }
    let silent = standings.count { $0.state == .registered && $0.isFailing }
    let states: [AccountState] = [
      .registered, .removed, .unknown, .expired, .refused, .unanswered,
    ]
    return states.compactMap { state in
      guard let number = counts[state] else { return nil }
      let remark =
        state == .registered && silent > 0 ? " (\(Words.grouped(silent)) not reachable)" : ""
      return "\(Words.grouped(number)) \(state.rawValue)\(remark)"
    }.joined(separator: ", ")
  }

  /// The accounts with the worst findings, then the worst states, then the longest outages.
  private func worstFirst(_ standings: [Standing]) -> [Standing] {
    let room = max(options.accounts, 0)
    // The healthy ones, nearly all of them, keep the order they were seen in: no need to sort.
    let worst = standings.filter { !$0.isHealthy }.sorted(by: Standing.isWorse).prefix(room)
    return Array(worst) + standings.lazy.filter(\.isHealthy).prefix(room - worst.count)
  }

  // MARK: The list

  private mutating func write(_ standing: Standing) {
    let account = diagnosis.accounts[standing.index]
    let reachable = account.reachable.map(Wording.span) ?? "-"
    let unreachable = account.unreachable.map { $0 == .zero ? "-" : Wording.span($0) } ?? "-"
    text.paragraph(
      Self.row(standing.word, reachable, unreachable), describe(account.subject),
      indent: 2, column: Self.accountColumn, labelStyle: Self.style(of: standing))
  }

  /// Where an account's name stands.
  private static let accountColumn = 37

  private static func row(_ state: String, _ reachable: String, _ unreachable: String) -> String {
    [(state, 11), (reachable, 12), (unreachable, 11)].map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.utf8.count, 0))
    }.joined()
  }

  private static func style(of standing: Standing) -> TextStyle {
    if standing.isFailing { return .error }
    return switch standing.state {
    case .unanswered, .refused: .error
    case .expired: .warning
    case .registered, .removed, .unknown: .plain
    }
  }

  /// Its name and where it is, and which device where there is room for it.
  private func describe(_ subject: Subject) -> String {
    var words = subject.account.addressOfRecord
    if subject.direction == .outbound { words += " to \(subject.account.registrar)" }
    guard let last = subject.bindings.last(where: { !$0.binding.isOnlyListed })?.binding else {
      return words + " from \(subject.account.source)"
    }
    words += " via \(last.source)"
    if last.isBehindNAT { words += " (NAT)" }
    let whole = "\(words), \(last.userAgent)"
    let fits = DisplayWidth.of(Visible.text(whole)) <= text.width - Self.accountColumn
    return fits && !last.userAgent.isEmpty ? whole : words
  }
}
