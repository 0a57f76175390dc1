import Decode

/// Rewriting of URIs, hosts with ports, and parameters.
struct URIRewriter {
  let names: Pseudonyms
  private var words: WordRewriter { WordRewriter(names: names) }

  init(names: Pseudonyms) { self.names = names }

  /// A URI without its brackets, taken apart as the parser takes it (RFC 3261 19.1).
  func uri(_ text: Bytes) -> [UInt8] {
    let colon = text.find(from: text.startIndex) { $0 == 0x3A || $0 == 0x40 || $0.isSpace }
    guard colon < text.endIndex, text[colon] == UInt8(ascii: ":"), colon > text.startIndex else {
      return bareHost(text)
    }
    let scheme = text[..<colon]
    let rest = text[(colon + 1)...]
    let known = Array(scheme).lowercased
    let start = Array(scheme) + [UInt8(ascii: ":")]
    switch String(decoding: known, as: UTF8.self) {
    case "sip", "sips": return start + sip(rest)
    case "tel":
      let end = rest.find(UInt8(ascii: ";"), from: rest.startIndex)
      return start + names.user(rest[..<end]) + uriParameters(rest[end...])
    default:
      let isKnown = Vocabulary.has(scheme)
      return (isKnown ? start : Array("x-scheme:".utf8)) + names.opaque(.token, rest)
    }
  }

  /// What is no URI at all; often a host, or a number alone.
  private func bareHost(_ text: Bytes) -> [UInt8] {
    text.trimmed.isEmpty ? [] : names.host(text.trimmed)
  }

  private func sip(_ rest: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    var host = rest
    let at = rest.find(UInt8(ascii: "@"), from: rest.startIndex)
    if at < rest.endIndex {
      let colon = min(rest.find(UInt8(ascii: ":"), from: rest.startIndex), at)
      out += names.user(rest[..<colon])
      if colon < at { out += Array(":".utf8) + names.opaque(.digest, rest[(colon + 1)..<at]) }
      out.append(UInt8(ascii: "@"))
      host = rest[(at + 1)...]
    }
    // Only within brackets can a colon or more stand in a host.
    let open = host.first == UInt8(ascii: "[") ? host.find(0x5D, from: host.startIndex) : nil
    let end = host.find(from: open ?? host.startIndex) { $0 == 0x3B || $0 == 0x3F }
    out += hostPort(host[..<end])
    return out + uriParameters(host[end...])
  }

  /// Parameters from their first semicolon on; headers behind a question mark are left out.
  private func uriParameters(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    let end = text.find(UInt8(ascii: "?"), from: text.startIndex)
    for parameter in text[..<end].split(separator: UInt8(ascii: ";")) {
      let equals = parameter.find(UInt8(ascii: "="), from: parameter.startIndex)
      out.append(UInt8(ascii: ";"))
      out += self.parameter(
        parameter[..<equals].trimmed,
        equals < parameter.endIndex ? parameter[(equals + 1)...].trimmed : nil)
    }
    return out
  }

  /// A host and perhaps a port.
  func hostPort(_ text: Bytes) -> [UInt8] {
    if IPAddress.parse(Array(text.trimmed).span) != nil { return names.host(text.trimmed) }
    if text.first == UInt8(ascii: "[") {
      let close = text.find(UInt8(ascii: "]"), from: text.startIndex)
      let inside = names.host(text[(text.startIndex + 1)..<max(close, text.startIndex + 1)])
      guard close < text.endIndex else { return [UInt8(ascii: "[")] + inside }
      return Array("[".utf8) + inside + Array("]".utf8) + port(text[(close + 1)...])
    }
    let end = text.find(from: text.startIndex, \.isNameStop)
    guard text.count(where: { $0 == 0x3A }) > 1, let last = text.lastIndex(of: 0x3A) else {
      return names.host(text[..<end]) + port(text[end...])
    }
    // Eight groups without brackets and a port behind them, or something else with colons in it.
    let number = port(text[last...])
    if !number.isEmpty, IPAddress.parse(Array(text[..<last]).span) != nil {
      // Written with "::", the address would take the port for its last group.
      return Array("[".utf8) + names.host(text[..<last]) + Array("]".utf8) + number
    }
    return names.host(text[..<text.find(from: text.startIndex) { $0.isNameStop && $0 != 0x3A }])
  }

  /// A colon and a number, as the parser finds them behind a host; what else stands there leads
  /// readers astray once the host is another.
  private func port(_ text: Bytes) -> [UInt8] {
    let colon = text.find(from: text.startIndex) { !$0.isSpace }
    guard colon < text.endIndex, text[colon] == UInt8(ascii: ":") else { return [] }
    let start = text.find(from: colon + 1) { !$0.isSpace }
    let end = text.find(from: start) { !$0.isDigit }
    guard 1...5 ~= end - start, end == text.endIndex || text[end].isNameStop else { return [] }
    return Array(":".utf8) + text[start..<end]
  }

  /// One parameter of a URI or header; `value` with its quotes if it has some.
  func parameter(_ name: Bytes, _ value: Bytes?) -> [UInt8] {
    let isKnown = Vocabulary.has(name)
    let start =
      isKnown || name.isEmpty
      ? Array(name) : [UInt8(ascii: "p")] + names.opaque(.token, name, length: 5)
    guard let value else { return start }
    let isQuoted = value.first == UInt8(ascii: "\"")
    let inside = isQuoted ? value.dropFirst() : value
    let isClosed = isQuoted && inside.last == UInt8(ascii: "\"")
    let text = isClosed ? inside.dropLast() : inside
    let kind = isKnown ? Self.parameterKinds[Array(name).lowercased] : nil
    let quote = isQuoted ? [UInt8(ascii: "\"")] : []
    return start + Array("=".utf8) + quote + parameterValue(kind ?? .text, text)
      + (isClosed ? quote : [])
  }

  /// What the value of a parameter is made of.
  private enum ParameterKind {
    case tag, branch, instance, host, number, longNumber
    /// Known words and no numbers.
    case words
    /// Anything.
    case text
  }

  /// By name, in lower case.
  private static let parameterKinds: [[UInt8]: ParameterKind] = {
    let numbers = Vocabulary.set(
      """
      q reg-id rport ttl keep cause retry-after counter duration version
      """)
    let words = Vocabulary.set(
      """
      transport user lr method methods refresher comp events audio video charset i handling reason
      purpose
      """)
    let others: [(String, ParameterKind)] = [
      ("tag", .tag), ("branch", .branch), ("+sip.instance", .instance), ("received", .host),
      ("maddr", .host), ("expires", .longNumber),
    ]
    var kinds = Dictionary(uniqueKeysWithValues: numbers.map { ($0, ParameterKind.number) })
    for name in words { kinds[name] = .words }
    for (name, kind) in others { kinds[Array(name.utf8)] = kind }
    return kinds
  }()

  private func parameterValue(_ kind: ParameterKind, _ value: Bytes) -> [UInt8] {
    switch kind {
    case .tag: names.opaque(.tag, value)
    case .branch: branch(value)
    case .instance: instance(value)
    case .host: value.begins(with: "sip") ? uri(value) : hostPort(value)
    case .number: words.number(value)
    case .longNumber: words.number(value, mostDigits: WordRewriter.allDigits)
    case .words: words.words(value, mostDigits: 0)
    case .text: names.opaque(.token, value)
    }
  }

  /// The cookie of RFC 3261 8.1.1.7 stays: without it another rule finds the transaction.
  func branch(_ value: Bytes) -> [UInt8] {
    guard value.begins(with: "z9hg4bk") else { return names.opaque(.branch, value) }
    return Array(value.prefix(7)) + names.opaque(.branch, value.dropFirst(7))
  }

  private func instance(_ value: Bytes) -> [UInt8] {
    guard value.first == UInt8(ascii: "<"), value.last == UInt8(ascii: ">"), value.count > 1 else {
      return names.instance(value)
    }
    return Array("<".utf8) + names.instance(value.dropFirst().dropLast()) + Array(">".utf8)
  }
}
