@testable import Redaction
import SIP
import Testing

@Suite("Numbers stay where they are times and counts, and only as long as these are")
struct RedactionNumberTests {
  private static func text(_ fields: String, cseq: String) -> [UInt8] {
    Array(
      """
      REGISTER sip:host.example SIP/2.0\r
      Via: SIP/2.0/UDP host.example;branch=z9hG4bKx\r
      From: <sip:alice@host.example>;tag=a\r
      To: <sip:alice@host.example>\r
      Call-ID: 1\r
      CSeq: \(cseq) REGISTER\r
      \(fields)\r
      \r\n
      """.utf8)
  }

  /// The message after redaction, and its text.
  private static func redacted(_ fields: String, cseq: String = "1") throws -> (SIPMessage, String)
  {
    let bytes = text(fields, cseq: cseq)
    guard case .message(let message) = SIPParser.parse(bytes.span) else { throw Unreadable() }
    let names = Pseudonyms(key: testKey, remembersAll: true)
    let rewritten = MessageRewriter(names: names).rewrite(bytes[...], message)
    guard case .message(let redacted) = SIPParser.parse(rewritten.span) else { throw Unreadable() }
    return (redacted, String(decoding: rewritten, as: UTF8.self))
  }

  struct Unreadable: Error {}

  @Test(
    "No telephone number passes for one of them",
    arguments: [
      "Retry-After: 5551234567", "Retry-After: 5551234", "Expires: 100 x 5551234",
      "Expires: 100;x=5551234", "Expires: 5551234567", "Session-Expires: 90;refresher=5551234",
      "Min-SE: 5551234", "Max-Forwards: 5551234", "Flow-Timer: 5551234", "Timestamp: 1 5551234",
      "Contact: <sip:x@y;user=5551234567>", "Contact: <sip:x@y;user=55512>",
      "Contact: <sip:x@y;method=55512>", "Contact: <sip:x@y>;reg-id=5551234",
      "Contact: <sip:x@y>;expires=5551234567", "Contact: <sip:x@y;transport=5551234>",
      "Contact: <sip:x@y>;q=5551234", "Refer-To: <sip:x@y>;reason=55512",
      "Refer-To: <sip:x@y>;purpose=55512", "Refer-To: <sip:x@y>;i=55512",
    ])
  func telephone(_ field: String) throws {
    let (_, text) = try Self.redacted(field)
    #expect(!text.contains("5551"), "\(text)")
  }

  @Test(
    "What is read of them is read as before", arguments: [0, 60, 86_400, 604_800, 4_294_967_295])
  func values(_ seconds: UInt32) throws {
    let (message, _) = try Self.redacted(
      "Expires: \(seconds)\r\nMin-Expires: \(seconds) \r\nContact: <sip:x@y>;expires=\(seconds)")
    #expect(message.expires == seconds && message.minExpires == seconds)
    #expect(message.firstContact.expires == seconds)
    #expect(try Self.redacted("Expires: 99999999999").0.expires == UInt32.max)
    #expect(try Self.redacted("Expires: 1", cseq: "2147483647").0.cseq == 2_147_483_647)
    #expect(try Self.redacted("Expires: 1", cseq: "00000000007").0.cseq == 7)
    let (short, _) = try Self.redacted(
      "Retry-After: 86400 (later);duration=60\r\nFlow-Timer: 120\r\nContact: <sip:x@y>;reg-id=1;q=0.5"
    )
    #expect(short.retryAfter == 86_400 && short.flowTimer == 120)
    #expect(short.firstContact.regID == 1 && short.firstContact.q == 500)
  }

  @Test("One that is too long stays too long, and others than it stay others")
  func absurd() throws {
    let first = try Self.redacted("Retry-After: 5551234\r\nContact: <sip:x@y>;reg-id=5551234").0
    let other = try Self.redacted("Retry-After: 5551235\r\nContact: <sip:x@y>;reg-id=5551235").0
    #expect(first.retryAfter ?? 0 >= 9_000_000 && other.retryAfter ?? 0 >= 9_000_000)
    #expect(first.retryAfter != other.retryAfter)
    #expect(first.firstContact.regID != nil && first.firstContact.regID != other.firstContact.regID)
    #expect(try Self.redacted("Retry-After: 5551234567").0.retryAfter == UInt32.max)
  }
}
