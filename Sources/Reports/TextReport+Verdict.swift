import Capture
import Registrations
import Rules

extension TextPage {
  /// Writes what it all comes to, in one line.
  mutating func writeVerdict() {
    let (words, style) = verdict
    text.blankLine()
    entry("Verdict", words, style: style)
  }

  private var verdict: (words: String, style: TextStyle) {
    let capture = diagnosis.capture
    if !diagnosis.findings.isEmpty { return (findingsInWords, worst.style) }
    if !capture.files.isEmpty && capture.files.allSatisfy({ $0.format == nil }) {
      return ("nothing could be read, so nothing can be said", .error)
    }
    if capture.frames == 0 { return ("the capture is empty, so nothing can be said", .warning) }
    if diagnosis.accounts.isEmpty {
      return ("no registration to judge: nothing can be said of any account", .warning)
    }
    return faultless
  }

  private var worst: Level { diagnosis.findings.map(\.level).max() ?? .notice }

  private var findingsInWords: String {
    let findings = diagnosis.findings
    let counts = Level.allCases.reversed().compactMap { level -> String? in
      let number = findings.count { $0.level == level }
      return number == 0 ? nil : Words.count(number, level.word)
    }
    let words = Wording.list(counts)
    let affected = Set(findings.compactMap(\.account))
    guard !affected.isEmpty else {
      let lasts = findings.contains { $0.to == nil }
      return words + (lasts ? "; still going on at the end" : "; all over at the end")
    }
    let still = stillAffected(affected)
    let what = "\(words) on \(Words.grouped(affected.count)) of"
    let end =
      switch still {
      case 0: "all over at the end"
      case affected.count: "still going on at the end"
      default: "\(Words.grouped(still)) still affected at the end"
      }
    return "\(what) \(Words.count(diagnosis.accounts.count, "account")); \(end)"
  }

  /// Accounts whose fault goes on, or that are out of service although nobody tries any more.
  private func stillAffected(_ affected: Set<String>) -> Int {
    var still = Set(diagnosis.findings.filter { $0.to == nil }.compactMap(\.account))
    for index in diagnosis.accounts.indices {
      let account = diagnosis.accounts.overview(at: index)
      switch account.state {
      case .refused, .unanswered, .expired:
        if affected.contains(account.addressOfRecord) { still.insert(account.addressOfRecord) }
      case .registered, .removed, .unknown: break
      }
    }
    return still.count
  }

  /// No finding: what that is worth depends on what could be tested.
  private var faultless: (words: String, style: TextStyle) {
    let rules = diagnosis.rules
    let tests = rules.reduce(0) { $0 + $1.tests }
    let tested = rules.count { $0.held > 0 }
    let undecided = rules.count { $0.undecided > 0 }
    guard tests > 0 else {
      return ("no finding, but nothing was tested: this capture proves nothing", .warning)
    }
    var words = """
      no fault found: \(tested) of \(Words.count(rules.count, "rule")) tested \
      \(Words.count(tests, "time")) and held
      """
    if undecided > 0 { words += "; \(undecided) undecided" }
    return (words, undecided > 0 ? .warning : .good)
  }

  // MARK: What was tested

  /// Writes what every rule says, so that silence can be told from health.
  mutating func writeTests() {
    guard !diagnosis.rules.isEmpty, !diagnosis.accounts.isEmpty else { return }
    text.blankLine()
    text.line("What was tested, in accounts", .heading)
    text.line(Self.row("", "violated", "held", "tests", "not seen", "undecided"), .label, indent: 2)
    for tally in diagnosis.rules { write(tally) }
    if diagnosis.rules.contains(where: { $0.notObserved > 0 }) {
      text.line("not seen: nothing in the capture tests the rule", .label, indent: 2)
    }
    for (why, rules) in undecided {
      text.paragraph(
        "undecided", "\(rules.joined(separator: ", ")): \(why)", indent: 2, column: 13,
        labelStyle: .label)
    }
  }

  /// Why rules are undecided, each reason with the rules it is the reason of: often one does for many.
  private var undecided: [(why: String, rules: [String])] {
    var reasons: [(why: String, rules: [String])] = []
    for tally in diagnosis.rules {
      guard let why = tally.why else { continue }
      if let known = reasons.firstIndex(where: { $0.why == why }) {
        reasons[known].rules.append(tally.rule)
      } else {
        reasons.append((why, [tally.rule]))
      }
    }
    return reasons
  }

  private mutating func write(_ tally: RuleTally) {
    let style: TextStyle =
      tally.violated > 0 ? Self.style(of: tally.rule) : tally.held > 0 ? .plain : .label
    text.line(
      Self.row(
        tally.rule, Self.cell(tally.violated), Self.cell(tally.held), Self.cell(tally.tests),
        Self.cell(tally.notObserved), Self.cell(tally.undecided)), style, indent: 2)
  }

  private static func style(of rule: String) -> TextStyle {
    RuleCatalogue.summary(named: rule)?.level.style ?? .plain
  }

  private static func cell(_ number: Int) -> String { number == 0 ? "-" : Words.grouped(number) }

  private static func row(_ cells: String...) -> String {
    let widths = [28, 9, 9, 10, 9, 10]
    return zip(cells, widths).enumerated().map { index, pair in
      let padding = String(repeating: " ", count: max(pair.1 - pair.0.utf8.count, 0))
      return index == 0 ? pair.0 + padding : padding + pair.0
    }.joined()
  }
}
