package import Parameters
package import Rules

extension ParameterComparison {
  /// What stands before it: whether there is something to set.
  package var label: String { recommended == nil ? "param" : "set" }

  /// Its name with what is configured, observed and recommended.
  package func words(_ profile: Profile) -> String {
    let unit = Parameter.named(name)?.unit ?? ""
    func value(_ text: String) -> String {
      Int(text) == nil || unit.isEmpty ? text : "\(text) \(unit)"
    }
    var words: [String] = []
    if let configured {
      // A default is a guess about this switch, and said to be one.
      let isDefault = profile.entry(named: name)?.source == .documented
      words.append("configured \(value(configured))\(isDefault ? " (documented default)" : "")")
    }
    if let observed { words.append("observed \(value(observed))") }
    if let recommended { words.append("recommended \(value(recommended))") }
    if words.isEmpty { words = ["not known what it is set to"] }
    return "\(name): \(words.joined(separator: ", "))"
  }
}
