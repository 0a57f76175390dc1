extension Profile {
  /// Takes over the values of a profile file: `NAME = value` lines and `#` comments.
  ///
  /// The format is a subset of TOML 1.0: bare keys, decimal integers, basic strings and booleans,
  /// no tables. Throws a `ProfileError` naming the first line that is wrong; the profile is
  /// unchanged then.
  public mutating func load(text: String, file: String) throws(ProfileError) {
    var loaded = self
    var lines: [Int: Int] = [:]  // Position in the catalogue -> line that set it.
    // Scalars, not characters: a carriage return and a line feed are one Character.
    let scalars = Array(text.unicodeScalars)
    for (index, line) in scalars.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      let source = Source.profile(file: file, line: index + 1)
      var scanner = ProfileLine(line, source: source)
      guard let (name, value) = try scanner.assignment() else { continue }
      if let position = Parameter.positions[Spelling.folded(name)],
        let firstLine = lines.updateValue(index + 1, forKey: position)
      {
        throw ProfileError(
          .repeated(firstLine: firstLine), parameter: name, value: value, source: source)
      }
      try loaded.set(name, to: value, source: source)
    }
    self = loaded
  }
}

/// Reads one line of a profile file.
private struct ProfileLine {
  private let scalars: [Unicode.Scalar]
  private let source: Profile.Source
  private var position = 0
  private var name = ""

  init(_ line: some Sequence<Unicode.Scalar>, source: Profile.Source) {
    var scalars = Array(line)
    if scalars.last == "\r" { scalars.removeLast() }
    // A byte order mark before the first line is not part of its name.
    if case .profile(_, line: 1) = source, scalars.first == "\u{FEFF}" { scalars.removeFirst() }
    self.scalars = scalars
    self.source = source
  }

  /// The name and the text of its value; `nil` for an empty line or a comment.
  mutating func assignment() throws(ProfileError) -> (String, String)? {
    skipBlanks()
    if isAtEnd { return nil }
    if peek == "[" { throw failure("tables are not used in a profile: write NAME = value") }
    name = take { $0.isBareKey }
    guard !name.isEmpty else { throw failure("expected the name of a parameter") }
    skipBlanks()
    guard peek == "=" else { throw failure("expected = after the name \(name)") }
    position += 1
    skipBlanks()
    let value = try self.value()
    skipBlanks()
    guard isAtEnd else {
      throw failure("expected nothing but a comment after the value of \(name)")
    }
    return (name, value)
  }

  private mutating func value() throws(ProfileError) -> String {
    if peek == "\"" {
      position += 1
      return try basicString()
    }
    let word = take { $0 != "#" && $0 != " " && $0 != "\t" }
    if word == "true" || word == "false" { return word }
    guard let number = Self.integer(word) else {
      throw failure("expected a whole number, true, false or \"text in quotes\" for \(name)")
    }
    return number
  }

  /// A TOML decimal integer without its underscores; `nil` when `word` is not one.
  private static func integer(_ word: String) -> String? {
    let hasSign = word.first == "+" || word.first == "-"
    let groups = word.dropFirst(hasSign ? 1 : 0)
      .split(separator: "_", omittingEmptySubsequences: false)
    let isNumber = groups.allSatisfy { group in
      !group.isEmpty && group.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    let digits = groups.joined()
    // TOML forbids leading zeros.
    guard isNumber, digits.first != "0" || digits.utf8.count == 1 else { return nil }
    return word.first == "-" ? "-" + digits : digits
  }

  private mutating func basicString() throws(ProfileError) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = peek {
      position += 1
      switch scalar {
      case "\"": return String(text)
      case "\\": text.append(try escape())
      case "\u{0}"..."\u{8}", "\u{A}"..."\u{1F}", "\u{7F}":
        throw failure("control characters need an escape in the text of \(name)")
      default: text.append(scalar)
      }
    }
    throw failure("the text of \(name) has no closing quote")
  }

  private mutating func escape() throws(ProfileError) -> Unicode.Scalar {
    let letter = peek
    position += 1
    switch letter {
    case "\"": return "\""
    case "\\": return "\\"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try scalar(digits: 4)
    case "U": return try scalar(digits: 8)
    default: throw failure("unknown escape in the text of \(name)")
    }
  }

  private mutating func scalar(digits: Int) throws(ProfileError) -> Unicode.Scalar {
    let end = min(position + digits, scalars.count)
    let text = scalars[min(position, end)..<end]
    position = end
    let isHex = text.count == digits && text.allSatisfy { $0.properties.isASCIIHexDigit }
    guard isHex, let number = UInt32(String(String.UnicodeScalarView(text)), radix: 16),
      let scalar = Unicode.Scalar(number)
    else { throw failure("expected \(digits) hexadecimal digits of a character in \(name)") }
    return scalar
  }

  private func failure(_ expectation: String) -> ProfileError {
    ProfileError(.syntax(expectation), parameter: name, value: "", source: source)
  }

  private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  /// Whether nothing but a comment is left.
  private var isAtEnd: Bool { peek == nil || peek == "#" }

  private mutating func skipBlanks() {
    while let scalar = peek, scalar == " " || scalar == "\t" { position += 1 }
  }

  private mutating func take(while isPart: (Unicode.Scalar) -> Bool) -> String {
    var text = String.UnicodeScalarView()
    while let scalar = peek, isPart(scalar) {
      text.append(scalar)
      position += 1
    }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether TOML allows it in a key without quotes.
  fileprivate var isBareKey: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-": true
    default: false
    }
  }
}
