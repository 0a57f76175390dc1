import SIP

/// Rewriting of one SIP message: start line, header fields and body.
struct MessageRewriter {
  let names: Pseudonyms
  private let lines = LineMemory()
  private var words: WordRewriter { WordRewriter(names: names) }
  private var headers: HeaderRewriter { HeaderRewriter(names: names) }

  init(names: Pseudonyms) { self.names = names }

  /// The redacted message; `message` is what the parser recognised of `bytes`.
  ///
  /// The body keeps its length, so that Content-Length stays as true as it was. What is shorter than
  /// `fewestBytes` gets spaces in front of the value of its first header field, where a reader skips
  /// as many as there are (RFC 3261 7.3.1).
  func rewrite(
    _ bytes: Bytes, _ message: borrowing SIPMessage, fewestBytes: Int = 0
  ) -> [UInt8] {
    let start = bytes.startIndex + min(message.startOffset, bytes.count)
    let headerEnd = bytes.startIndex + min(max(message.headerEnd, message.startOffset), bytes.count)
    var out = words.keepalive(bytes[..<start])
    var told: MessageNames?
    var contentType: Bytes?
    var line = start
    var room: Int?
    while line < headerEnd {
      let end = Self.lineEnd(bytes[..<headerEnd], line)
      let content = bytes[line..<end]
      let text = content.trimmedAtEnd
      if contentType == nil { contentType = Self.contentType(text) }
      let field: [UInt8]
      if line == start {
        field = startLine(text, message.isRequest)
      } else if text.begins(with: "user-agent") || text.begins(with: "server") {
        // What is replaced in these depends on the message: no memory of lines for them.
        if told == nil { told = MessageNames(message, in: bytes) }
        field = rewritten(text, told)
      } else {
        field = lines.replacement(for: text) { rewritten(text, nil) }
      }
      if line != start, room == nil, let colon = field.firstIndex(of: UInt8(ascii: ":")) {
        room = out.count + colon + 1
      }
      out += field
      // What ended the line ends it again, white space before that with it.
      out += content[text.endIndex...].drop { $0 != 0x0D && $0 != 0x0A }
      line = end
    }
    out += BodyRewriter(contentType: contentType).body(bytes[headerEnd...])
    if let room { out.insert(contentsOf: [UInt8].filled(0x20, fewestBytes - out.count), at: room) }
    return out
  }

  /// Where the field at `start` ends with its continuation lines (RFC 3261 7.3.1).
  private static func lineEnd(_ bytes: Bytes, _ start: Int) -> Int {
    var end = bytes.find(UInt8(ascii: "\n"), from: start) + 1
    while end < bytes.endIndex, bytes[end] == 0x20 || bytes[end] == 0x09,
      end - 1 > start
    {
      end = bytes.find(UInt8(ascii: "\n"), from: end) + 1
    }
    return min(end, bytes.endIndex)
  }

  // MARK: Start line

  private func startLine(_ text: Bytes, _ isRequest: Bool) -> [UInt8] {
    guard isRequest else {
      // Version, status code, reason phrase.
      return words.words(text, mostDigits: 3)
    }
    let space = text.find(UInt8(ascii: " "), from: text.startIndex)
    let uri = text.find(from: space) { !$0.isSpace }
    let last = text[uri...].lastIndex(where: \.isSpace).map { $0 + 1 } ?? text.endIndex
    let isVersion = text[last...].begins(with: "sip/")
    let address = text[uri..<(isVersion ? last : text.endIndex)].trimmed
    return headers.method(text[..<space]) + Array(" ".utf8) + requestURI(address)
      + Array(" ".utf8) + (isVersion ? version(text[last...]) : [])
  }

  private func version(_ text: Bytes) -> [UInt8] {
    text.count <= 12 && text.dropFirst(4).allSatisfy { $0.isDigit || $0 == 0x2E }
      ? Array(text) : words.words(text)
  }

  private func requestURI(_ text: Bytes) -> [UInt8] {
    let uris = URIRewriter(names: names)
    guard text.first == UInt8(ascii: "<"), text.last == UInt8(ascii: ">"), text.count > 1 else {
      return uris.uri(text)
    }
    return Array("<".utf8) + uris.uri(text.dropFirst().dropLast()) + Array(">".utf8)
  }

  // MARK: Header fields

  /// The media type that a field states; `nil` where it is not the field for it.
  private static func contentType(_ text: Bytes) -> Bytes? {
    guard text.begins(with: "c") else { return nil }
    let colon = text.find(UInt8(ascii: ":"), from: text.startIndex)
    guard HeaderKind.statesContentType(Array(text[..<colon].trimmedAtEnd).lowercased) else {
      return nil
    }
    let value = text[colon...].dropFirst()
    return value.prefix { $0 != UInt8(ascii: ";") }.trimmed
  }

  /// A header field; `told` are the message's names, which fields of products need.
  private func rewritten(_ text: Bytes, _ told: MessageNames?) -> [UInt8] {
    guard !text.isEmpty else { return [] }
    let colon = text.find(UInt8(ascii: ":"), from: text.startIndex)
    guard colon < text.endIndex else { return .filled(UInt8(ascii: "x"), text.count) }
    let name = text[..<colon].trimmedAtEnd
    let kind = HeaderKind.known[Array(name).lowercased]
    let value = text[(colon + 1)...].trimmed
    var field =
      kind == nil ? Array("X-".utf8) + names.opaque(.token, name, length: 8) : Array(name)
    field.append(value.isEmpty ? ":" : ": ")
    if kind == .product, let told {
      return field + ProductRewriter(names: names, told: told).products(value)
    }
    return field + headers.value(kind ?? .text, value)
  }
}

extension Bytes {
  /// Without linear white space at the end.
  fileprivate var trimmedAtEnd: Bytes {
    var rest = self
    while let last = rest.last, last.isSpace { rest = rest.dropLast() }
    return rest
  }
}
