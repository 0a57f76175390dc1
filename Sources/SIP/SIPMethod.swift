/// A request method; what is not listed is `other`, its name in the message's `methodText`.
public enum SIPMethod: UInt8, CaseIterable, Sendable {
  /// RFC 3261 10.
  case register
  /// RFC 3261 11.
  case options
  /// RFC 3261 13.
  case invite
  /// RFC 3261 13.2.2.4.
  case ack
  /// RFC 3261 15.
  case bye
  /// RFC 3261 9.
  case cancel
  /// RFC 6665.
  case notify
  /// RFC 6665.
  case subscribe
  /// RFC 3428.
  case message
  /// RFC 6086.
  case info
  /// RFC 3311.
  case update
  /// RFC 3262.
  case prack
  /// RFC 3515.
  case refer
  /// RFC 3903.
  case publish
  /// Any other token.
  case other

  /// Reads the method named by `start..<end`; method names are case-sensitive (RFC 3261 7.1).
  @inline(always)
  init(_ bytes: Text, _ start: Int, _ end: Int) {
    let word = bytes.word(at: start) & .lowBytes(end &- start)
    self =
      switch end &- start {
      case 3 where word == UInt64(packed: "ACK"): .ack
      case 3 where word == UInt64(packed: "BYE"): .bye
      case 4 where word == UInt64(packed: "INFO"): .info
      case 5 where word == UInt64(packed: "PRACK"): .prack
      case 5 where word == UInt64(packed: "REFER"): .refer
      case 6 where word == UInt64(packed: "INVITE"): .invite
      case 6 where word == UInt64(packed: "CANCEL"): .cancel
      case 6 where word == UInt64(packed: "NOTIFY"): .notify
      case 6 where word == UInt64(packed: "UPDATE"): .update
      case 7 where word == UInt64(packed: "OPTIONS"): .options
      case 7 where word == UInt64(packed: "MESSAGE"): .message
      case 7 where word == UInt64(packed: "PUBLISH"): .publish
      case 8 where word == UInt64(packed: "REGISTER"): .register
      case 9 where word == UInt64(packed: "SUBSCRIB") && bytes[start &+ 8] == 0x45: .subscribe
      default: .other
      }
  }
}
