package import Capture
import Reports
import Rules

/// What a list is made of.
package enum ListKind: Int, CaseIterable, Sendable {
  case findings, accounts, events

  package var next: ListKind {
    ListKind(rawValue: (rawValue + 1) % ListKind.allCases.count) ?? .findings
  }
}

/// In which order a list stands; not every list knows every order.
package enum Order: Sendable {
  case level, newest, account, worst, unreachable

  package var words: String {
    switch self {
    case .level: "by level"
    case .newest: "newest first"
    case .account: "by account"
    case .worst: "worst first"
    case .unreachable: "longest out first"
    }
  }
}

extension ListKind {
  package var orders: [Order] {
    switch self {
    case .findings: [.level, .newest, .account]
    case .accounts: [.worst, .unreachable, .account]
    case .events: [.newest]
    }
  }
}

/// Names a row whatever its place in the list.
package enum RowID: Hashable, Sendable {
  case finding(rule: String, account: String?, from: Timestamp)
  case account(String)
  case event(Int)
}

/// The rows of a list in their order, as places in what they are read from.
struct Listing {
  let kind: ListKind
  let rows: [Int]
  /// Rows there would be without a filter.
  let total: Int

  init(_ kind: ListKind, _ order: Order, filter: String, _ snapshot: Snapshot?, _ news: [News]) {
    let filter = Filter(filter)
    self.kind = kind
    let all: [Int]
    switch kind {
    case .findings:
      let findings = snapshot?.findings ?? []
      all = Self.sorted(snapshot?.current ?? [], order, findings)
      rows = filter.isEmpty ? all : all.filter { filter.fits(findings[$0]) }
    case .accounts:
      let accounts = snapshot?.accounts ?? []
      all = Self.sorted(accounts, order)
      rows = filter.isEmpty ? all : all.filter { filter.fits(accounts[$0]) }
    case .events:
      all = Array(news.indices)
      rows = filter.isEmpty ? all : all.filter { filter.fits(news[$0]) }
    }
    total = all.count
  }

  /// Findings come by level, then time.
  private static func sorted(_ places: [Int], _ order: Order, _ findings: [Finding]) -> [Int] {
    switch order {
    case .newest: places.sorted { findings[$0].from > findings[$1].from }
    case .account:
      places.sorted { (findings[$0].account ?? "", $0) < (findings[$1].account ?? "", $1) }
    case .level, .worst, .unreachable: places
    }
  }

  private static func sorted(_ accounts: [AccountRow], _ order: Order) -> [Int] {
    switch order {
    case .account: return accounts.indices.sorted { accounts[$0].name < accounts[$1].name }
    case .unreachable:
      return accounts.indices.sorted {
        (accounts[$1].standing.unreachable, $0) < (accounts[$0].standing.unreachable, $1)
      }
    case .worst, .level, .newest:
      // The healthy ones, nearly all of them, keep the order they were seen in.
      let ill = accounts.indices.filter { !accounts[$0].standing.isHealthy }
      return ill.sorted { AccountStanding.isWorse(accounts[$0].standing, accounts[$1].standing) }
        + accounts.indices.filter { accounts[$0].standing.isHealthy }
    }
  }
}

/// What the operator looks for: every word must be in a row, in any case.
struct Filter {
  private let words: [String]

  init(_ text: String) { words = text.lowercased().split(separator: " ").map(String.init) }

  var isEmpty: Bool { words.isEmpty }

  func fits(_ finding: Finding) -> Bool {
    fits([finding.rule, finding.level.word, finding.account ?? "", finding.summary])
  }

  func fits(_ row: AccountRow) -> Bool {
    fits([row.name, row.standing.word, row.standing.level?.word ?? ""])
  }

  func fits(_ news: News) -> Bool {
    fits([news.rule ?? "", news.kind, news.level?.word ?? "", news.account ?? "", news.text])
  }

  private func fits(_ parts: [String]) -> Bool {
    let text = parts.joined(separator: " ").lowercased()
    return words.allSatisfy { text.contains($0) }
  }
}
