/// Reads one UDP datagram as a SIP message.
public enum SIPParser {
  /// Tells in a few comparisons that bytes cannot be SIP: media, STUN, DNS.
  ///
  /// True promises nothing; `parse` decides. SIP is text, so the first eight bytes are; RTP, RTCP
  /// and STUN have a byte among theirs that text has not.
  @inline(__always)
  public static func looksLikeSIP(_ bytes: Span<UInt8>) -> Bool {
    // "SIP/2.0 200" is the shortest start line there is.
    guard bytes.count >= 11, bytes[0] < 0x7F else { return false }
    return beginsAsText(bytes)
  }

  @usableFromInline
  static func beginsAsText(_ bytes: Span<UInt8>) -> Bool {
    if Text(bytes).word(at: 0).isPlainText { return true }
    for position in 0..<min(8, bytes.count) {
      switch bytes[position] {
      case 0x20...0x7E, 0, 0x09, 0x0A, 0x0D: continue
      default: return false
      }
    }
    return true
  }

  /// Reads the datagram `bytes`; `isCut` says that the capture holds only its beginning.
  public static func parse(_ bytes: Span<UInt8>, isCut: Bool = false) -> SIPParseResult {
    var message = SIPMessage()
    switch parse(bytes, isCut: isCut, into: &message) {
    case .message: return .message(message)
    case .notSIP: return .notSIP
    case .failure(let failure): return .failure(failure, recognised: message)
    }
  }

  /// Reads the datagram `bytes` into a message that is used again for the next one.
  ///
  /// A message is more than 300 bytes: handing it around by value costs more than reading some headers.
  public static func parse(
    _ bytes: Span<UInt8>, isCut: Bool, into message: inout SIPMessage
  ) -> SIPParseOutcome {
    looksLikeSIP(bytes) ? parse(likely: bytes, isCut: isCut, into: &message) : .notSIP
  }

  /// The same for a datagram of which `looksLikeSIP` was asked already, and said yes.
  public static func parse(
    likely bytes: Span<UInt8>, isCut: Bool, into message: inout SIPMessage
  ) -> SIPParseOutcome {
    message = SIPMessage()
    let text = Text(bytes)
    guard let line = StartLine(searching: text, into: &message) else { return .notSIP }
    var reader = MessageReader(line, isCut: isCut)
    if bytes.count <= SIPLimits.messageBytes {
      reader.readHeaders(text, from: line.next, into: &message)
      reader.finish(text, &message)
    } else {
      reader.failure = .tooLarge
    }
    return reader.failure.map { .failure($0) } ?? .message
  }
}
