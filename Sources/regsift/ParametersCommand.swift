import ArgumentParser
import Parameters
import Reports

/// `regsift parameters`: what the rules compare with, and where each value comes from.
struct ParametersCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters",
    abstract: "List the parameters in effect, with the source of each value.")

  @OptionGroup var profile: ProfileOptions

  @Option(
    help: ArgumentHelp("Form of the list (default: text).", valueName: "text|json"),
    transform: ListFormat.init(option:))
  var format: ListFormat?

  @Flag(help: "Write them as a profile file with an explanation of each.")
  var template = false

  func perform() throws -> ExitStatus {
    guard format == nil || !template else {
      throw UsageError("--template and --format do not go together: a template is YAML")
    }
    let profile = try profile.makeProfile()
    if template { return StandardOutput.write(ProfileTemplate(profile).text) }
    switch format ?? .text {
    case .text: return StandardOutput.write(Self.table(profile))
    case .json:
      return StandardOutput.write { (sink) throws(WriteFailure) in
        try JSONReport.write(profile, to: &sink)
      }
    }
  }

  private static func table(_ profile: Profile) -> String {
    let rows = profile.entries.map { entry in
      [entry.parameter.name, value(of: entry), source(of: entry), recommendation(for: entry)]
    }
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.reduce(into: "") { text, row in
      var line = ""
      for (cell, width) in zip(row, widths) where width > 0 {
        line += (line.isEmpty ? "" : "  ") + padded(cell, width)
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
  }

  private static func value(of entry: Profile.Entry) -> String {
    entry.value.map { entry.parameter.withUnit($0) } ?? "not known"
  }

  private static func source(of entry: Profile.Entry) -> String {
    switch entry.source {
    case .profile(let file, let line): "profile \(file):\(line)".onOneLine
    case .commandLine: "command-line"
    case .documented where entry.value == nil: "no source states a default"
    case .documented where entry.parameter.isDisputed: "documented, sources disagree"
    case .documented: "documented"
    }
  }

  /// What the scenarios advise, with a remark when the value in effect is another one.
  private static func recommendation(for entry: Profile.Entry) -> String {
    guard let advice = entry.recommended else { return "" }
    let remark = entry.isOutsideRecommendation ? ": \(value(of: entry)) is not" : ""
    return "recommended \(entry.parameter.words(for: advice))\(remark)"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }
}

extension Parameter {
  fileprivate func withUnit(_ value: ParameterValue) -> String {
    guard case .integer = value, !unit.isEmpty else { return value.description }
    return "\(value) \(unit)"
  }

  /// The advised values with their unit and who advises them.
  func words(for advice: Recommendation) -> String {
    let unit = advice.range == nil || unit.isEmpty ? "" : " " + unit
    let scenarios = advice.scenarios.map(\.rawValue).joined(separator: ", ")
    return "\(advice.words)\(unit) (\(scenarios))"
  }
}
