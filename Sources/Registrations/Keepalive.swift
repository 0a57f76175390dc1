/// A datagram that is not a SIP message, sent to hold a NAT mapping open.
public enum Keepalive: UInt8, CaseIterable, Sendable {
  /// No payload at all.
  case empty
  /// CRLF, the "pong" of RFC 5626 3.5.1, used alone by some phones.
  case crlf
  /// CRLFCRLF, the "ping" of RFC 5626 3.5.1 (defined for streams, common on UDP).
  case doubleCRLF
  /// One to eight zero bytes.
  case zeros
  /// A STUN message (RFC 5389, RFC 5626 4.4.2).
  case stun
  /// A short printable text such as `HELLO` or `jaK`.
  case text

  /// Longest payload taken for a keepalive text, in bytes; vendors send 2 to 16.
  static let longestText = 32

  /// The form of keepalive a payload has, or `nil` when it is none.
  public static func classify(_ payload: Span<UInt8>) -> Keepalive? {
    let count = payload.count
    if count == 0 { return .empty }
    if count >= 20, isSTUN(payload) { return .stun }
    guard count <= longestText else { return nil }
    var zeros = 0
    var printable = 0
    var breaks = 0
    for index in 0..<count {
      let byte = payload[index]
      if byte == 0 { zeros += 1 }
      if byte == 13 || byte == 10 { breaks += 1 }
      if byte >= 0x20 && byte < 0x7F { printable += 1 }
    }
    if zeros == count { return count <= 8 ? .zeros : nil }
    if breaks == count { return count <= 2 ? .crlf : .doubleCRLF }
    if printable + breaks == count || (printable > 0 && printable + breaks + zeros == count) {
      return .text
    }
    return nil
  }

  /// RFC 5389 6: two zero bits, a length that is a multiple of four, the magic cookie.
  private static func isSTUN(_ payload: Span<UInt8>) -> Bool {
    payload[0] & 0xC0 == 0 && payload[3] & 3 == 0
      && payload[4] == 0x21 && payload[5] == 0x12 && payload[6] == 0xA4 && payload[7] == 0x42
  }
}
