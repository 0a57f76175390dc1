import Parameters

/// A profile file: values that somebody gave are set, defaults stand in comments.
struct ProfileTemplate {
  private let profile: Profile

  init(_ profile: Profile) { self.profile = profile }

  /// The file; read back, it gives the same values.
  var text: String {
    profile.entries.reduce(
      into: "# Profile for regsift (YAML): a line NAME: value each; remove the # to set one.\n"
    ) { $0 += "\n" + Self.paragraph(on: $1) }
  }

  private static func paragraph(on entry: Profile.Entry) -> String {
    let parameter = entry.parameter
    var text = comment(parameter.summary)
    text += comment("Accepts \(parameter.acceptedValues). Source: \(parameter.source).")
    if !parameter.defaultNote.isEmpty { text += comment("Default: \(parameter.defaultNote).") }
    if let advice = entry.recommended {
      text += comment("Recommended: \(parameter.words(for: advice)), \(advice.reason).")
    }
    guard let value = entry.value else { return text + "# \(parameter.name):\n" }
    if entry.source == .documented { text += "# " }
    return text + "\(parameter.name): \(value.yaml)\n"
  }

  private static func comment(_ text: String) -> String {
    Paragraph(text).wrapped(width: 78).split(separator: "\n").reduce(into: "") {
      $0 += "# \($1)\n"
    }
  }
}
