package import Capture
package import Rules

/// Something that happened while the view was up.
package struct News: Sendable {
  /// In the order it was told: names the entry as long as the program runs.
  package var number = 0
  package let time: Timestamp
  /// What became of it: `opened`, `closed`, `withdrawn`; `note` for a message.
  package let kind: String
  package let level: Level?
  package let rule: String?
  package let account: String?
  package let text: String

  /// What became of a finding.
  package init(_ kind: String, _ finding: Finding) {
    self.kind = kind
    time = kind == "closed" ? finding.to ?? finding.from : finding.from
    level = finding.level
    rule = finding.rule
    account = finding.account
    text = finding.summary
  }

  /// A message for the operator.
  package init(message: String, at time: Timestamp) {
    kind = "note"
    self.time = time
    level = nil
    rule = nil
    account = nil
    text = message
  }
}

/// The newest entries, the newest first; what is older is forgotten.
package struct NewsList: Sendable {
  static let most = 500
  package private(set) var entries: [News] = []
  private var told = 0

  package init() {}

  package mutating func add(_ news: News) {
    told += 1
    var entry = news
    entry.number = told
    entries.insert(entry, at: 0)
    if entries.count > Self.most { entries.removeLast() }
  }
}
