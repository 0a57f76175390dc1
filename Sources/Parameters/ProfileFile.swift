extension Profile {
  /// Takes over the values of a profile file: YAML, one `NAME: value` for each parameter.
  ///
  /// Throws a `ProfileError` naming the first line that is wrong; the profile is unchanged then.
  public mutating func load(text: String, file: String) throws(ProfileError) {
    var loaded = self
    var lines: [Int: Int] = [:]  // Position in the catalogue -> line that set it.
    for assignment in try ProfileDocument(text, file: file).assignments {
      let source = Source.profile(file: file, line: assignment.line)
      if let position = Parameter.positions[Spelling.folded(assignment.name)],
        let firstLine = lines.updateValue(assignment.line, forKey: position)
      {
        throw ProfileError(
          .repeated(firstLine: firstLine), parameter: assignment.name, value: assignment.value,
          source: source)
      }
      try loaded.set(assignment.name, to: assignment.value, source: source)
    }
    self = loaded
  }
}
