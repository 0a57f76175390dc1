import ArgumentParser
import Rules

/// `regsift rules`: the list of rules, or one of them in full.
struct RulesCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "rules", abstract: "List the rules, or explain one of them.")

  @Argument(
    help: "The rule to explain.",
    completion: .list(RuleCatalogue.summaries.map(\.identifier)))
  var rule: String?

  func perform() throws -> ExitStatus {
    guard let rule else { return StandardOutput.write(Self.list) }
    guard let known = RuleCatalogue.summary(named: rule) else {
      throw UsageError("'\(rule)': \(UsageError(noRule: rule))")
    }
    return StandardOutput.write(Self.text(known))
  }

  private static var list: String {
    RuleCatalogue.summaries.reduce(into: "") { text, rule in
      text += "\(rule.identifier) (\(rule.level.word))\n"
      text += Paragraph(rule.title).wrapped(indent: 4)
    }
  }

  private static func text(_ rule: RuleSummary) -> String {
    var text = "\(rule.identifier) (\(rule.level.word))\n"
    text += Paragraph(rule.title).wrapped() + "\n"
    for paragraph in Paragraph.all(in: rule.explanation) { text += paragraph.wrapped() + "\n" }
    text += Paragraph("Needs: \(rule.needs).").wrapped()
    text += Paragraph("Source: \(rule.source).").wrapped()
    if !rule.parameters.isEmpty {
      text += Paragraph("Parameters: \(rule.parameters.joined(separator: ", ")).").wrapped()
    }
    return text
  }
}

/// Words that are set in lines.
struct Paragraph {
  private let words: [Substring]

  init(_ text: some StringProtocol) {
    words = String(text).split { $0 == " " || $0 == "\n" }.map { $0 }
  }

  /// The paragraphs of `text`, which empty lines separate.
  static func all(in text: String) -> [Paragraph] {
    var paragraphs: [Paragraph] = []
    var lines: [Substring] = []
    let ended = text + "\n"
    for line in ended.split(separator: "\n", omittingEmptySubsequences: false) {
      if !line.isEmpty {
        lines.append(line)
      } else if !lines.isEmpty {
        paragraphs.append(Paragraph(lines.joined(separator: " ")))
        lines = []
      }
    }
    return paragraphs
  }

  /// The words in lines of `width` columns, each ended and indented.
  func wrapped(width: Int = 80, indent: Int = 0) -> String {
    var text = ""
    var line = ""
    for word in words {
      if !line.isEmpty, indent + line.count + 1 + word.count > width {
        text += String(repeating: " ", count: indent) + line + "\n"
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return text + String(repeating: " ", count: indent) + line + "\n"
  }
}
