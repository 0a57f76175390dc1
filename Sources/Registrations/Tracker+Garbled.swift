import Decode
import SIP

/// Answers that were damaged on the way, or whose REGISTER was.
extension Tracker {
  /// Whether an answer contradicts its REGISTER or itself: what became of the REGISTER is not known
  /// then.
  ///
  /// To is the same in both (RFC 3261 8.2.6.2). It is compared where the REGISTER's own From and To
  /// differ: a damaged one stands for an account that nobody has.
  mutating func isGarbled(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, of account: Int
  ) -> Bool {
    if accounts[account].marks.contains(.isNamedByAnother),
      accounts[account].key != keys.account(message, bytes)
    {
      return true
    }
    switch message.statusCode {
    case ..<300, 401, 407: return false
    default: return Self.saysOtherwise(message, bytes)
    }
  }

  /// Whether a refusal has words and headers of a challenge or of a success.
  ///
  /// Both are asked for: registrars have their own words, and some send headers that mean nothing.
  private static func saysOtherwise(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> Bool {
    if message.contactCount > 0 { return bytes.equalsIgnoringCase(message.reasonPhrase, "OK") }
    guard message.challenge != nil else { return false }
    if bytes.equalsIgnoringCase(message.reasonPhrase, "Unauthorized") { return true }
    return bytes.equalsIgnoringCase(message.reasonPhrase, "Proxy Authentication Required")
  }

  /// Whether a REGISTER is sent for somebody else, or From or To is damaged.
  static func isNamedByAnother(_ message: borrowing SIPMessage, _ bytes: Span<UInt8>) -> Bool {
    guard bytes.equals(message.from.user, message.to.user, in: bytes) else { return true }
    return !bytes.equalsIgnoringCase(message.from.host, message.to.host, in: bytes)
  }
}
