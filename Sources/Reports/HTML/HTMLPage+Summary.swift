import Capture
import Parameters
import Registrations
import Rules

/// What a reader with two minutes sees: the verdict, the worst findings, what to change.
extension HTMLPage {
  /// Findings told on the first screen.
  private static let mostWorst = 5

  func writeSummary() {
    let (verdict, style) = facts.verdict
    let tone: Tone =
      switch style {
      case .error: .bad
      case .warning: .warning
      case .good: .good
      default: .notice
      }
    html.write(
      Tag.header(.class("top \(tone.style)")) {
        Tag.p(.class("kind")) { "SIP registrations: what the packets show" }
        Tag.h1 { verdict }
        Tag.dl(.class("facts")) {
          facts.captured.map { label, text in
            Tag.div {
              Tag.dt { label }
              Tag.dd { text }
            }
          }
        }
        limits
      })
    html.open(.main)
    writeWorst()
  }

  private var limits: Markup? {
    let limits = facts.limits
    guard !limits.isEmpty else { return nil }
    return Tag.div(.class("note")) {
      Tag.p { Tag.strong { "What to know about this capture" } }
      Tag.ul { limits.map { text in Tag.li { text } } }
    }
  }

  private func writeWorst() {
    let lines = worst
    html.open(.section, .id("short"))
    html.write(Tag.h2 { "In short" })
    guard !lines.isEmpty else {
      html.write(Tag.p { faultless })
      html.close()
      return
    }
    html.write {
      Tag.ol(.class("worst")) { Array(lines.prefix(Self.mostWorst)) }
      lines.count > Self.mostWorst
        ? Tag.p {
          "And \(Words.count(lines.count - Self.mostWorst, "more point")), "
          Tag.a(.href(to: "findings")) { "all told below" }
          "."
        } : nil
    }
    html.close()
  }

  /// A point for each account, and one for all that share a cause; the worst first.
  private var worst: [Markup] {
    var causes: [Int: CauseGroup] = [:]
    for cause in diagnosis.overview.causes {
      for index in cause.findings { causes[index] = cause }
    }
    var shown: Set<Int> = []
    var lines: [Markup] = []
    for group in plan.groups {
      guard let cause = causes[group.findings[0]], let first = cause.findings.first else {
        lines.append(short(group))
        continue
      }
      if shown.insert(first).inserted { lines.append(short(cause, first)) }
    }
    return lines
  }

  private func short(_ cause: CauseGroup, _ first: Int) -> Markup {
    let finding = diagnosis.findings[first]
    let title = RuleCatalogue.summary(named: cause.rule)?.title ?? cause.rule
    return Tag.li {
      Self.badge(finding.level)
      " "
      Tag.a(.href(to: Self.id(ofFinding: first + 1))) {
        "\(Words.count(cause.accounts.count, "account")): \(Self.within(title))"
      }
      Tag.p(.class("what")) {
        "They are \(Self.place(of: cause)). For example: \(Self.sentence(finding.summary))"
      }
    }
  }

  private var faultless: String {
    diagnosis.rules.contains { $0.held > 0 }
      ? """
      Nothing wrong was found. What was put to the test by packets in this capture, and what \
      nothing here tests, is listed below.
      """ : "The capture shows nothing that could be judged."
  }

  /// One account's worst finding in a line, with its further ones as links.
  private func short(_ group: (account: String?, findings: [Int])) -> Markup {
    let index = group.findings[0]
    let finding = diagnosis.findings[index]
    return Tag.li {
      Self.badge(finding.level)
      " "
      Tag.a(.href(to: Self.id(ofFinding: index + 1))) { finding.summary }
      Tag.p(.class("what")) {
        RuleCatalogue.summary(named: finding.rule).map { Self.sentence($0.title) + " " } ?? ""
        Self.sentence(facts.when(finding))
      }
      group.findings.count > 1
        ? Tag.p(.class("what")) {
          "Also: "
          Self.links(Array(group.findings.dropFirst()))
        } : nil
    }
  }

  /// Words as they stand within a sentence: `REGISTER` and names stay as they are.
  private static func within(_ words: String) -> String {
    let start = words.prefix(2)
    guard start != start.uppercased() || start.last == " " else { return words }
    return words.prefix(1).lowercased() + words.dropFirst()
  }

  private static func sentence(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst() + (words.hasSuffix(".") ? "" : ".")
  }

  // MARK: What to change

  func writeChanges() {
    let changes = facts.changes
    guard !changes.isEmpty else { return }
    let settings = facts.settings
    html.write(
      Tag.section(.id("changes")) {
        Tag.h2 { "What to change on the switch" }
        Self.wideTable(
          "Parameters to change",
          head: ["Parameter", "Configured", "Measured", "Set to", "Because"],
          rows: changes.map(row))
        Tag.p(.class("what")) {
          "To copy (the findings below say more, and what else to do):"
        }
        Tag.pre(.class("copy"), .focusable) {
          settings.flatMap { line in [.text(line), .lineEnd] }
        }
      })
  }

  private func row(_ change: AdvisedChange) -> Markup {
    Tag.tr {
      Tag.th(.scope("row")) { Tag.code { change.name } }
      Tag.td { change.configured ?? "not known" }
      Tag.td { change.observed ?? "-" }
      Tag.td {
        change.values.enumerated().map { index, value in
          Tag.strong {
            (index > 0 ? " or " : "") + (facts.value(value.value, of: change.name) ?? "")
          }
        }
      }
      Tag.td { Self.links(change.values.flatMap(\.findings).sorted()) }
    }
  }
}
