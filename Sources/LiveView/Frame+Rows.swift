import Reports
import Rules

extension Frame {
  /// From here on an account has a column of its own.
  private static let wide = 64
  /// From here on levels are written out.
  private static let roomy = 50

  private var levelWidth: Int { columns >= Self.roomy ? 7 : 1 }
  private var accountWidth: Int { max(min(columns / 4, 32), 16) }

  /// What the columns of the list are.
  var heads: Line? {
    guard rows >= 8, columns >= Self.roomy else { return nil }
    var heads = line("  ")
    switch model.list {
    case .findings:
      heads.put("level", cell: levelWidth, .label)
      heads.put("since", cell: timeWidth, .label)
      if columns >= Self.wide { heads.put("account", cell: accountWidth, .label) }
      heads.put("what is wrong", .label)
    case .accounts:
      heads.put("state", cell: 10, .label)
      heads.put("findings", cell: 8, .label)
      heads.put("not reachable", cell: 13, .label)
      heads.put("account", .label)
    case .events:
      heads.put("time", cell: timeWidth, .label)
      heads.put("event", cell: 9, .label)
      heads.put("level", cell: levelWidth, .label)
      if columns >= Self.wide { heads.put("account", cell: accountWidth, .label) }
      heads.put("what", .label)
    }
    return heads
  }

  /// The row of the list at `place`.
  func row(at place: Int, isSelected: Bool) -> Line {
    let source = model.listing.rows[place]
    let mark = isSelected ? "> " : "  "
    var row = line(mark)
    switch model.list {
    case .findings: if let snapshot = model.snapshot { add(snapshot.findings[source], to: &row) }
    case .accounts: if let snapshot = model.snapshot { add(snapshot.accounts[source], to: &row) }
    case .events:
      row = event(model.news.entries[source], indent: 0)
      var marked = line(mark)
      for piece in row.pieces { marked.put(piece.text, piece.style) }
      row = marked
    }
    return isSelected ? row.filled(.selected) : row
  }

  private func add(_ finding: Finding, to row: inout Line) {
    add(finding.level, to: &row)
    row.put(time(finding.from), cell: timeWidth)
    guard columns >= Self.wide else { return row.put(finding.summary) }
    row.put(finding.account ?? "all", cell: accountWidth)
    row.put(Self.brief(finding.summary, finding.account))
  }

  private func add(_ level: Level, to row: inout Line) {
    row.put(levelWidth == 1 ? Self.letter(level) : level.word, cell: levelWidth, level.lineStyle)
  }

  private static func letter(_ level: Level) -> String { String(level.word.prefix(1).uppercased()) }

  /// What is wrong, without the account that stands beside it.
  private static func brief(_ summary: String, _ account: String?) -> String {
    guard let account, summary.hasPrefix(account) else { return summary }
    return String(summary.dropFirst(account.count).drop { $0 == " " || $0 == ":" })
  }

  private func add(_ account: AccountRow, to row: inout Line) {
    let standing = account.standing
    if columns < Self.roomy {
      row.put(standing.word, cell: 10, standing.lineStyle)
      return row.put(account.name)
    }
    row.put(standing.word, cell: 10, standing.lineStyle)
    row.put(standing.level?.word ?? "-", cell: 8, standing.level?.lineStyle ?? .plain)
    let unreachable = standing.unreachable == .zero ? "-" : Wording.span(standing.unreachable)
    row.put(unreachable, cell: 13)
    row.put(account.name)
  }

  /// One entry of the news.
  func event(_ news: News, indent: Int) -> Line {
    var row = line()
    row.skip(indent)
    row.put(time(news.time), cell: timeWidth)
    row.put(news.kind, cell: columns >= Self.roomy ? 9 : 1)
    if let level = news.level {
      // What is over or was none need not call for attention.
      let style = news.kind == "opened" ? level.lineStyle : .plain
      row.put(levelWidth == 1 ? Self.letter(level) : level.word, cell: levelWidth, style)
    }
    guard columns >= Self.wide, let account = news.account else {
      row.put(news.text)
      return row
    }
    row.put(account, cell: accountWidth)
    row.put(Self.brief(news.text, account))
    return row
  }
}

extension Level {
  var lineStyle: Style {
    switch self {
    case .error: .error
    case .warning: .warning
    case .notice: .notice
    }
  }
}

extension AccountStanding {
  var lineStyle: Style {
    if isFailing { return .error }
    return switch state {
    case .unanswered, .refused: .error
    case .expired: .warning
    case .registered, .removed, .unknown: .plain
    }
  }
}
