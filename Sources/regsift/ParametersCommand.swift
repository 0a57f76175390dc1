import ArgumentParser
import Parameters

/// `regsift parameters`: what the rules compare with, and where each value comes from.
struct ParametersCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "parameters",
    abstract: "List the parameters in effect, with the source of each value.")

  @OptionGroup var profile: ProfileOptions

  @Flag(help: "Write them as a profile file with an explanation of each.")
  var template = false

  func perform() throws -> ExitStatus {
    let profile = try profile.makeProfile()
    return StandardOutput.write(template ? Self.template(profile) : Self.table(profile))
  }

  private static func table(_ profile: Profile) -> String {
    let rows = profile.entries.map { ($0.parameter.name, value(of: $0), source(of: $0)) }
    let nameWidth = rows.map(\.0.count).max() ?? 0
    let valueWidth = rows.map(\.1.count).max() ?? 0
    return rows.reduce(into: "") { text, row in
      text += padded(row.0, nameWidth) + "  " + padded(row.1, valueWidth) + "  " + row.2 + "\n"
    }
  }

  private static func value(of entry: Profile.Entry) -> String {
    guard let value = entry.value else { return "not known" }
    guard case .integer = value, !entry.parameter.unit.isEmpty else { return value.description }
    return "\(value) \(entry.parameter.unit)"
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

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }

  /// A profile file: values that somebody gave are set, defaults stand in comments.
  private static func template(_ profile: Profile) -> String {
    var text = "# Profile for regsift: a line NAME = value each; remove the # to set one.\n"
    for entry in profile.entries {
      let parameter = entry.parameter
      text += "\n"
      text += comment(parameter.summary)
      text += comment("Accepts \(parameter.acceptedValues). Source: \(parameter.source).")
      if !parameter.defaultNote.isEmpty { text += comment("Default: \(parameter.defaultNote).") }
      guard let value = entry.value else {
        text += "# \(parameter.name) =\n"
        continue
      }
      if entry.source == .documented { text += "# " }
      text += "\(parameter.name) = \(written(value))\n"
    }
    return text
  }

  private static func comment(_ text: String) -> String {
    Paragraph(text).wrapped(width: 78).split(separator: "\n").reduce(into: "") {
      $0 += "# \($1)\n"
    }
  }

  /// The value as a profile file spells it.
  private static func written(_ value: ParameterValue) -> String {
    if case .integer(let number) = value { return String(number) }
    var text = ""
    for scalar in value.description.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { text.append("\\") }
      text.unicodeScalars.append(scalar)
    }
    return "\"\(text)\""
  }
}
