/// Rewriting of headers that hold addresses, Via and Route among them: what the parser takes for a
/// name, a URI or a parameter, this does too.
struct AddressListRewriter {
  let names: Pseudonyms
  private var uris: URIRewriter { URIRewriter(names: names) }
  private var words: WordRewriter { WordRewriter(names: names) }

  init(names: Pseudonyms) { self.names = names }

  private static let semicolon = UInt8(ascii: ";")
  private static let comma = UInt8(ascii: ",")
  private static let quote = UInt8(ascii: "\"")

  // MARK: Addresses

  /// A value of addresses (RFC 3261 20.10); without `isList` a comma separates nothing.
  func addresses(_ value: Bytes, isList: Bool) -> [UInt8] {
    var out: [UInt8] = []
    var here = value.startIndex
    while here < value.endIndex {
      let byte = value[here]
      if byte.isSpace || byte == Self.comma {
        out.append(byte.isSpace ? 0x20 : byte)
        here += 1
      } else if byte == UInt8(ascii: "*"), isList {
        out.append(byte)
        here = value.find(Self.comma, from: here)
      } else {
        address(value, &here, isList: isList, &out)
        if !isList { return out }
      }
    }
    return out
  }

  private func address(_ value: Bytes, _ here: inout Int, isList: Bool, _ out: inout [UInt8]) {
    guard let end = Self.nameEnd(value, here, isList: isList) else {
      // An open quote takes the rest, here and there.
      out += [Self.quote] + names.opaque(.display, value[here...])
      here = value.endIndex
      return
    }
    let text = value[here..<end].trimmed
    if end < value.endIndex, value[end] == UInt8(ascii: "<") {
      out += displayName(text)
      let close = value.find(UInt8(ascii: ">"), from: end)
      out += Array("<".utf8) + uris.uri(value[(end + 1)..<close].trimmed)
      if close < value.endIndex { out.append(UInt8(ascii: ">")) }
      here = min(close + 1, value.endIndex)
    } else {
      out += Self.opensQuote(text) ? displayName(text) : uris.uri(text)
      here = end
    }
    out += parameters(value, &here, isList: isList)
  }

  /// Where the bracket of the address at `start` opens, or it ends without one; `nil` where a quote
  /// stays open.
  private static func nameEnd(_ value: Bytes, _ start: Int, isList: Bool) -> Int? {
    var here = start
    while here < value.endIndex {
      switch value[here] {
      case UInt8(ascii: "<"), semicolon: return here
      case comma where isList: return here
      case quote:
        guard let close = value.closingQuote(from: here) else { return nil }
        here = close + 1
      case UInt8(ascii: "\\"): here += 2
      default: here += 1
      }
    }
    return value.endIndex
  }

  /// Whether a quote stands in it that no backslash escapes: in a URI, where none belongs, the parser
  /// passes over the others.
  private static func opensQuote(_ text: Bytes) -> Bool {
    var here = text.startIndex
    while here < text.endIndex {
      if text[here] == quote { return true }
      here += text[here] == UInt8(ascii: "\\") ? 2 : 1
    }
    return false
  }

  private func displayName(_ text: Bytes) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    let name = Array("n".utf8) + names.opaque(.display, text, length: 8)
    guard text.contains(Self.quote) else { return name + Array(" ".utf8) }
    return [Self.quote] + name + [Self.quote] + Array(" ".utf8)
  }

  /// The header parameters at `here`, which moves to the comma behind them or to the end.
  private func parameters(_ value: Bytes, _ here: inout Int, isList: Bool) -> [UInt8] {
    var out: [UInt8] = []
    while here < value.endIndex, value[here] != Self.comma {
      guard value[here] == Self.semicolon else {
        // What no grammar allows between two parameters is left out.
        here += 1
        continue
      }
      out.append(Self.semicolon)
      let start = value.find(from: here + 1) { !$0.isSpace }
      let end = value.find(from: start, \.isNameStop)
      here = value.find(from: end) { !$0.isSpace }
      var content: Bytes?
      if here < value.endIndex, value[here] == UInt8(ascii: "=") {
        content = parameterValue(value, &here)
      }
      out += uris.parameter(value[start..<end], content)
    }
    return out
  }

  /// The value behind the equals sign at `here`, which moves behind it.
  private func parameterValue(_ value: Bytes, _ here: inout Int) -> Bytes {
    let start = value.find(from: here + 1) { !$0.isSpace }
    guard start < value.endIndex, value[start] == Self.quote else {
      here = value.find(from: start) { $0 <= 0x20 || $0 == Self.comma || $0 == Self.semicolon }
      return value[start..<here]
    }
    here = min((value.closingQuote(from: start) ?? value.endIndex) + 1, value.endIndex)
    return value[start..<here]
  }

  // MARK: Via

  /// A value of Vias (RFC 3261 20.42): protocol, host and port, parameters.
  func vias(_ value: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    var here = value.startIndex
    while here < value.endIndex {
      if value[here] == Self.comma || value[here].isSpace {
        out.append(value[here] == Self.comma ? Self.comma : 0x20)
        here += 1
        continue
      }
      let sentBy = Self.sentBy(value, here)
      out += words.words(value[here..<sentBy])
      let open = sentBy < value.endIndex && value[sentBy] == UInt8(ascii: "[")
      let from = open ? value.find(UInt8(ascii: "]"), from: sentBy) : sentBy
      here = value.find(from: from) { $0 == Self.semicolon || $0 == Self.comma }
      out += uris.hostPort(value[sentBy..<here].trimmed)
      out += parameters(value, &here, isList: true)
    }
    return out
  }

  /// Where the host begins: behind two slashes, the transport and white space.
  private static func sentBy(_ value: Bytes, _ start: Int) -> Int {
    var here = start
    for _ in 0..<2 {
      here = value.find(UInt8(ascii: "/"), from: here)
      guard here < value.endIndex else { return value.endIndex }
      here = value.find(from: here + 1) { !$0.isSpace }
    }
    here = value.find(from: here) { $0 <= 0x20 || $0 == comma || $0 == semicolon }
    return value.find(from: here) { !$0.isSpace }
  }
}
