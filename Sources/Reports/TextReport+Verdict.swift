import Capture
import Registrations
import Rules

extension TextPage {
  /// Writes what it all comes to, in one line.
  mutating func writeVerdict() {
    let (words, style) = Conclusion(diagnosis).verdict
    text.blankLine()
    entry("Verdict", words, style: style)
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
    for (why, rules) in Conclusion(diagnosis).undecided {
      text.paragraph(
        "undecided", "\(rules.joined(separator: ", ")): \(why)", indent: 2, column: 13,
        labelStyle: .label)
    }
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
    let widths = [31, 9, 8, 10, 9, 10]
    return zip(cells, widths).enumerated().map { index, pair in
      let padding = String(repeating: " ", count: max(pair.1 - pair.0.utf8.count, 0))
      return index == 0 ? pair.0 + padding : padding + pair.0
    }.joined()
  }
}
