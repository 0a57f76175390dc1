import SIP

/// Rewrites what a datagram or segment carries: SIP as messages, keepalives as they are, STUN
/// without what it tells, and anything else as so many bytes.
struct PayloadRewriter {
  private let messages: MessageRewriter
  private let words: WordRewriter
  /// The keepalive text that the switch is set to, which stays.
  private let keepaliveText: [UInt8]

  /// The longest payload that may be a keepalive's text.
  private static let longestText = 32
  /// A byte that no text, keepalive, STUN or media begins with: opaque stays opaque.
  private static let filler: UInt8 = 0xFF

  init(names: Pseudonyms, keepaliveText: [UInt8]) {
    messages = MessageRewriter(names: names)
    words = WordRewriter(names: names)
    self.keepaliveText = keepaliveText
  }

  /// A payload of which only the length stays.
  func blank(_ bytes: Bytes) -> [UInt8] { .filled(Self.filler, bytes.count) }

  /// The payload of a datagram; a message is drawn out to `fewestBytes`, at most to the length it had.
  func rewrite(_ bytes: Bytes, isCut: Bool, fewestBytes: Int = 0) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    if let message = message(bytes, isCut: isCut, min(fewestBytes, bytes.count)) { return message }
    if bytes.allSatisfy({ $0 == 0 }) || bytes.allSatisfy({ $0 == 0x0D || $0 == 0x0A }) {
      return Array(bytes)
    }
    if Self.isSTUN(bytes) { return Array(bytes.prefix(20)) + .filled(0, bytes.count - 20) }
    guard bytes.count <= Self.longestText, Self.isText(bytes) else { return blank(bytes) }
    return bytes.elementsEqual(keepaliveText) ? keepaliveText : words.keepalive(bytes)
  }

  /// What a TCP segment carries: whether it is text, as SIP is, and how much of it.
  func segment(_ bytes: Bytes) -> [UInt8] {
    let isText = SIPParser.looksLikeSIP(Array(bytes).span)
    return isText ? .filled(UInt8(ascii: "x"), bytes.count) : blank(bytes)
  }

  // MARK: SIP

  /// The payload as a redacted message; `nil` where it is none.
  private func message(_ bytes: Bytes, isCut: Bool, _ fewestBytes: Int) -> [UInt8]? {
    let payload = Array(bytes)
    var message = SIPMessage()
    let outcome = SIPParser.parse(payload.span, isCut: isCut, into: &message)
    guard outcome != .notSIP else { return nil }
    let text = messages.rewrite(payload[...], message, fewestBytes: fewestBytes)
    // What comes out is to be read as what went in was. Where that fails, it is at least SIP that
    // cannot be used.
    var check = SIPMessage()
    let result = SIPParser.parse(text.span, isCut: isCut, into: &check)
    return (result == .message) == (outcome == .message) && result != .notSIP
      && text.count >= fewestBytes ? text : Self.unusable(payload.count)
  }

  /// SIP by its start line, but no message, of the same length (at least that of the shortest
  /// start line there is).
  private static func unusable(_ length: Int) -> [UInt8] {
    let start = Array("SIP/2.0 000".utf8)
    return start + .filled(0x20, length - start.count)
  }

  // MARK: Keepalives

  /// RFC 8489 5: two zero bits, a length that is a multiple of four, the magic cookie.
  private static func isSTUN(_ bytes: Bytes) -> Bool {
    bytes.count >= 20 && bytes.byte(0) & 0xC0 == 0 && bytes.byte(3) & 3 == 0
      && bytes.uint32(4) == 0x2112_A442
  }

  /// Printable characters with line ends and zeros between them.
  private static func isText(_ bytes: Bytes) -> Bool {
    bytes.allSatisfy { 0x20...0x7E ~= $0 || $0 == 0x0D || $0 == 0x0A || $0 == 0 }
  }
}
