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
      "Accounts at the end:", AccountStanding.counts(standings), column: 21, labelStyle: .heading)
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

  private var standings: [AccountStanding] {
    diagnosis.accounts.indices.map { AccountStanding(diagnosis.accounts.overview(at: $0), at: $0) }
  }

  /// The accounts with the worst findings, then the worst states, then the longest outages.
  private func worstFirst(_ standings: [AccountStanding]) -> [AccountStanding] {
    let room = max(options.accounts, 0)
    // The healthy ones, nearly all of them, keep the order they were seen in: no need to sort.
    let worst = Self.worst(room, of: standings)
    return worst + standings.lazy.filter(\.isHealthy).prefix(room - worst.count)
  }

  /// The worst `room` of those that are not healthy; of an attacker's million no list is made.
  private static func worst(_ room: Int, of standings: [AccountStanding]) -> [AccountStanding] {
    var worst: [AccountStanding] = []
    for standing in standings where !standing.isHealthy {
      worst.append(standing)
      guard worst.count / 2 > room else { continue }
      worst.sort(by: AccountStanding.isWorse)
      worst.removeSubrange(room...)
    }
    return Array(worst.sorted(by: AccountStanding.isWorse).prefix(room))
  }

  // MARK: The list

  private mutating func write(_ standing: AccountStanding) {
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

  private static func style(of standing: AccountStanding) -> TextStyle {
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
