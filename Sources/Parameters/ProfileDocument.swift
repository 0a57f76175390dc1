import Yams

/// A profile file as YAML sees it: one flat mapping of names to single values.
struct ProfileDocument {
  /// A name and its value as they are written.
  struct Assignment {
    let name: String
    let value: String
    let line: Int
  }

  private(set) var assignments: [Assignment] = []
  private let file: String

  /// Reads the only document in `text`.
  init(_ text: String, file: String) throws(ProfileError) {
    self.file = file
    try refuseBombs(in: text)
    let parser: Parser
    let root: Node?
    do {
      // The basic resolver leaves values as they are written: what a value may be is for its
      // parameter to say, and YAML's guesses (yes, 1:30, 0o17) are left out.
      parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      root = try parser.singleRoot()
    } catch let error as YamlError {
      throw failure(error)
    } catch {
      throw failure("cannot be read as YAML", line: 1)
    }
    // Nodes refer to their anchors weakly; the parser holds them.
    defer { withExtendedLifetime(parser) {} }
    if let root { try read(root) }
  }

  private mutating func read(_ root: Node) throws(ProfileError) {
    try refuseOrnaments(root)
    switch root {
    case .mapping(let mapping):
      for (key, value) in mapping { assignments.append(try assignment(key, value)) }
    case .scalar(let scalar) where scalar.isNull: return
    default: throw failure("expected a line NAME: value for each parameter", line: root.line)
    }
  }

  private func assignment(_ key: Node, _ value: Node) throws(ProfileError) -> Assignment {
    try refuseOrnaments(key)
    guard case .scalar(let name) = key, !name.string.isEmpty else {
      throw failure("expected the name of a parameter", line: key.line)
    }
    let shown = ProfileError.printable(name.string)
    try refuseOrnaments(value)
    guard case .scalar(let text) = value else {
      throw failure("expected a single value for \(shown)", line: key.line)
    }
    guard !text.isNull else {
      throw failure("expected a value for \(shown); an empty text is \"\"", line: key.line)
    }
    return Assignment(name: name.string, value: text.string, line: key.line)
  }
}

// MARK: - What a profile does without

extension ProfileDocument {
  /// More aliases than this are refused unread: so few can repeat a text some twenty times at most
  /// (three in each of two or three levels).
  private static let mostAliases = 8

  /// Refuses text with more than a few signs that could begin an alias, in comments, too.
  ///
  /// Keys are compared while the document is read, aliases in them expanded: a few hundred bytes
  /// could keep the program busy for years.
  private func refuseBombs(in text: String) throws(ProfileError) {
    var count = 0
    var line = 1
    var before = UInt8(ascii: "\n")
    for byte in text.utf8 {
      if before == UInt8(ascii: "*"), Self.isAnchorName(byte) { count += 1 }
      if byte == UInt8(ascii: "\n") { line += 1 }
      guard count <= Self.mostAliases else {
        throw failure("too many * signs: anchors and aliases are not used in a profile", line: line)
      }
      before = byte
    }
  }

  private static func isAnchorName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// Anchors, aliases and tags: an alias needs an anchor, so refusing that is enough.
  private func refuseOrnaments(_ node: Node) throws(ProfileError) {
    guard node.anchor == nil else {
      throw failure("anchors and aliases are not used in a profile", line: node.line)
    }
    guard let tag = node.explicitTag else { return }
    throw failure(
      "the tag \(ProfileError.printable(tag)) is not used in a profile", line: node.line)
  }
}

// MARK: - Errors

extension ProfileDocument {
  private func failure(_ expectation: String, line: Int) -> ProfileError {
    ProfileError(
      .syntax(expectation), parameter: "", value: "", source: .profile(file: file, line: line))
  }

  private func failure(_ error: YamlError) -> ProfileError {
    switch error {
    case .scanner(let context, let problem, let mark, _):
      // Where the piece began that has no end, rather than where its end was given up.
      failure(Self.words(context, problem), line: context?.mark.line ?? mark.line)
    case .parser(let context, let problem, let mark, _):
      failure(Self.words(context, problem), line: mark.line)
    case .composer(let context, let problem, let mark, _):
      failure(Self.words(context, problem), line: mark.line)
    case .reader(let problem, let offset, _, let text):
      failure(Self.words(nil, problem), line: Self.line(at: offset ?? 0, of: text))
    case .duplicatedKeysInMapping(let names, let context):
      failure(
        "\(ProfileError.printable(names.first ?? "")) has a value here and another one below",
        line: context.mark.line)
    default: failure("cannot be read as YAML", line: 1)
    }
  }

  private static func words(_ context: YamlError.Context?, _ problem: String) -> String {
    let place = context.map { "\($0.text), " } ?? ""
    return "not a line NAME: value (\(place)\(problem))"
  }

  private static func line(at offset: Int, of text: String) -> Int {
    1 + text.prefix(offset).count { $0 == "\n" || $0 == "\r\n" }
  }
}

extension Node {
  fileprivate var line: Int { mark?.line ?? 1 }

  /// A tag somebody wrote, as in `!!binary`; quoted text and mappings have theirs by themselves.
  fileprivate var explicitTag: String? {
    let (tag, own): (Tag, Tag.Name) =
      switch self {
      case .scalar(let scalar): (scalar.tag, .str)
      case .mapping(let mapping): (mapping.tag, .map)
      case .sequence(let sequence): (sequence.tag, .seq)
      case .alias(let alias): (alias.tag, .implicit)
      }
    let name = tag.description
    return name.isEmpty || name == own.rawValue ? nil : name
  }
}

extension Node.Scalar {
  /// Whether nothing is written, or one of YAML's words for it.
  fileprivate var isNull: Bool {
    style == .plain && ["", "~", "null", "Null", "NULL"].contains(string)
  }
}
