/// Rewriting of the values of header fields, each by what the field is for.
struct HeaderRewriter {
  let names: Pseudonyms
  private var uris: URIRewriter { URIRewriter(names: names) }
  private var words: WordRewriter { WordRewriter(names: names) }
  private var lists: AddressListRewriter { AddressListRewriter(names: names) }

  init(names: Pseudonyms) { self.names = names }

  /// The value of a field that holds what `kind` says.
  func value(_ kind: HeaderKind, _ value: Bytes) -> [UInt8] {
    switch kind {
    case .via: lists.vias(value)
    case .address: lists.addresses(value, isList: false)
    case .addresses: lists.addresses(value, isList: true)
    case .callID: names.opaque(.call, value)
    case .sequence: sequence(value)
    case .digest: digest(value)
    case .number: words.number(value)
    case .longNumber: words.number(value, mostDigits: WordRewriter.allDigits)
    case .words: words.words(value)
    case .warning: warning(value)
    // Products are rewritten with the message's names at hand, or not kept at all.
    case .product, .text: names.opaque(.header, value)
    }
  }

  /// A method as it is, where it is known; two unknown ones stay different.
  func method(_ name: Bytes) -> [UInt8] {
    guard !name.isEmpty, !Vocabulary.methods.contains(Array(name)) else { return Array(name) }
    return Array("X".utf8)
      + names.opaque(.token, name, length: 7).map { $0.isLetter ? $0 & 0xDF : $0 }
  }

  /// A number and a method (RFC 3261 20.16).
  private func sequence(_ value: Bytes) -> [UInt8] {
    let end = value.find(from: value.startIndex) { !$0.isDigit }
    let start = value.find(from: end) { !$0.isSpace }
    return words.numeral(value[..<end], mostDigits: WordRewriter.allDigits)
      + .filled(0x20, start - end) + method(value[start...])
  }

  /// Code, agent and text (RFC 3261 20.43); the text may name anything.
  private func warning(_ value: Bytes) -> [UInt8] {
    let code = value.find(from: value.startIndex, \.isSpace)
    let text = value.find(UInt8(ascii: "\""), from: code)
    let agent = value[code..<text].trimmed
    return words.words(value[..<code], mostDigits: 3) + Array(" ".utf8) + uris.hostPort(agent)
      + Array(" \"".utf8) + names.opaque(.display, value[text...]) + Array("\"".utf8)
  }

  // MARK: Digest

  /// A challenge or credentials (RFC 3261 22.4); of other schemes only the name stays.
  private func digest(_ value: Bytes) -> [UInt8] {
    let end = value.find(from: value.startIndex, \.isSpace)
    let scheme = words.words(value[..<end])
    guard value.begins(with: "digest") || value[..<end].contains(UInt8(ascii: "=")) else {
      return scheme + Array(" ".utf8) + names.opaque(.digest, value[end...].trimmed)
    }
    var out = value.begins(with: "digest") ? scheme + Array(" ".utf8) : []
    var here = value.begins(with: "digest") ? end : value.startIndex
    while here < value.endIndex {
      let byte = value[here]
      if byte.isSpace || byte == UInt8(ascii: ",") {
        if byte == UInt8(ascii: ",") { out += Array(", ".utf8) }
        here += 1
      } else {
        out += pair(value, &here)
      }
    }
    return out
  }

  /// The pair at `here`, which moves behind it.
  private func pair(_ value: Bytes, _ here: inout Int) -> [UInt8] {
    let end = value.find(from: here, \.isNameStop)
    let name = value[here..<end]
    let equals = value.find(from: end) { !$0.isSpace }
    guard equals < value.endIndex, value[equals] == UInt8(ascii: "=") else {
      here = max(equals, here + 1)
      return words.words(name) + Array(" ".utf8)
    }
    let start = value.find(from: equals + 1) { !$0.isSpace }
    var text: Bytes
    var quote: [UInt8] = []
    var isClosed = true
    if start < value.endIndex, value[start] == UInt8(ascii: "\"") {
      quote = [UInt8(ascii: "\"")]
      let close = value.closingQuote(from: start)
      isClosed = close != nil
      text = value[(start + 1)..<(close ?? value.endIndex)]
      here = min((close ?? value.endIndex) + 1, value.endIndex)
    } else {
      here = value.find(from: start) { $0 <= 0x20 || $0 == 0x2C || $0 == 0x3B }
      text = value[start..<here]
      if here == start { here += 1 }
    }
    return words.words(name) + Array("=".utf8) + quote + pairValue(name, text)
      + (isClosed ? quote : [])
  }

  private func pairValue(_ name: Bytes, _ value: Bytes) -> [UInt8] {
    switch String(decoding: Array(name).lowercased, as: UTF8.self) {
    case "username": return account(value)
    case "realm", "domain": return names.realm(value)
    case "uri": return uris.uri(value)
    case "algorithm", "qop", "stale", "charset", "userhash": return words.words(value)
    // RFC 2617 3.2.2: eight hexadecimal digits that count.
    case "nc" where value.count == 8 && value.allSatisfy(\.isHexDigit): return Array(value)
    default: return names.opaque(.digest, value, length: 32)
    }
  }

  /// A username: often the user's part of the address, or all of it.
  private func account(_ value: Bytes) -> [UInt8] {
    guard let at = value.lastIndex(of: UInt8(ascii: "@")) else { return names.user(value) }
    return names.user(value[..<at]) + Array("@".utf8) + names.host(value[(at + 1)...])
  }
}

extension UInt8 {
  var isHexDigit: Bool { isDigit || 0x61...0x66 ~= lowercased }
}
