import Capture
import Registrations
import Rules

extension TextPage {
  /// Writes how the accounts stand: numbers first, then the worst ones.
  mutating func writeAccounts() {
    guard !diagnosis.accounts.isEmpty else { return }
    text.blankLine()
    text.paragraph(
      "Accounts when the capture ended:", states, column: 33, labelStyle: .heading)
    let order = worstFirst(max(options.accounts, 0))
    guard !order.isEmpty else { return }
    text.line(Self.row("state", "reachable", "unreachable") + "account", .label, indent: 2)
    for account in order { write(account) }
    let left = diagnosis.accounts.count - order.count
    if left > 0 {
      text.line(
        "... and \(Words.grouped(left)) more (--account NAME or --format json shows them)",
        indent: 2)
    }
  }

  private static let states: [AccountState] = [
    .unanswered, .refused, .expired, .unknown, .removed, .registered,
  ]

  private var states: String {
    var counts: [AccountState: Int] = [:]
    for account in diagnosis.accounts { counts[account.state, default: 0] += 1 }
    return Self.states.reversed().compactMap { state in
      counts[state].map { "\(Words.grouped($0)) \(state.rawValue)" }
    }.joined(separator: ", ")
  }

  /// The accounts with the worst findings, then the worst states, then the longest outages.
  private func worstFirst(_ number: Int) -> [AccountSummary] {
    var levels: [String: Int] = [:]
    for finding in diagnosis.findings {
      guard let account = finding.account else { continue }
      levels[account] = max(levels[account] ?? -1, finding.level.rawValue)
    }
    let weights = diagnosis.accounts.enumerated().map { index, account in
      Weight(
        level: levels[account.subject.account.addressOfRecord] ?? -1,
        state: Self.states.firstIndex(of: account.state) ?? 0,
        unreachable: account.unreachable ?? .zero, index: index)
    }
    return weights.sorted(by: Weight.isWorse).prefix(number).map { diagnosis.accounts[$0.index] }
  }

  private struct Weight {
    var level: Int
    var state: Int
    var unreachable: Duration
    var index: Int

    static func isWorse(_ left: Weight, _ right: Weight) -> Bool {
      if left.level != right.level { return left.level > right.level }
      if left.state != right.state { return left.state < right.state }
      if left.unreachable != right.unreachable { return left.unreachable > right.unreachable }
      return left.index < right.index
    }
  }

  private mutating func write(_ account: AccountSummary) {
    let reachable = account.reachable.map(Words.span) ?? "-"
    let unreachable = account.unreachable.map { $0 == .zero ? "-" : Words.span($0) } ?? "-"
    text.paragraph(
      Self.row(account.state.rawValue, reachable, unreachable), describe(account.subject),
      indent: 2, column: Self.accountColumn, labelStyle: style(of: account))
  }

  /// Where an account's name stands.
  private static let accountColumn = 39

  private static func row(_ state: String, _ reachable: String, _ unreachable: String) -> String {
    [(state, 11), (reachable, 13), (unreachable, 13)].map { cell, width in
      cell + String(repeating: " ", count: max(width - cell.utf8.count, 1))
    }.joined()
  }

  private func style(of account: AccountSummary) -> TextStyle {
    switch account.state {
    case .registered: .plain
    case .unanswered, .refused: .error
    case .expired: .warning
    case .removed, .unknown: .plain
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
    if last.isBehindNAT { words += " NAT" }
    let whole = "\(words), \(last.userAgent)"
    let fits = DisplayWidth.of(Visible.text(whole)) <= text.width - Self.accountColumn
    return fits && !last.userAgent.isEmpty ? whole : words
  }
}
