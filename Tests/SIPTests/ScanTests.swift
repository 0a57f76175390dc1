import SIP
import Testing

/// Texts are scanned eight and sixteen bytes at a time: no length and no place may matter.
@Suite("Scans")
struct ScanTests {
  @Test("a text of any length is read to its end", arguments: 1...70)
  func lengths(length: Int) throws {
    let text = String(repeating: "k", count: length)
    let parsed = Parsed(
      """
      REGISTER sip:\(text).example SIP/2.0
      Via: SIP/2.0/UDP \(text);branch=\(text);received=\(text)
      From: "\(text)" <sip:\(text)@\(text)>;tag=\(text)
      To: <sip:\(text):secret@\(text):5060>
      Call-ID: \(text)
      CSeq: 1 REGISTER
      Contact: <sip:\(text)@\(text);transport=\(text)>;\(text)=1;expires=60
      Authorization: Digest username="\(text)", \(text)=1, nonce="\(text)"


      """)
    let message = try #require(parsed.message)
    let ranges = [
      message.via.host, message.via.branch, message.via.received, message.from.user,
      message.from.host, message.from.tag, message.to.user, message.to.host, message.callID,
      message.firstContact.user, message.firstContact.host, message.firstContact.transport,
      message.credentials?.username, message.credentials?.nonce,
    ]
    #expect(ranges.map { parsed.text($0) } == ranges.map { _ in text })
    #expect(parsed.text(message.requestURI.host) == text + ".example")
    #expect(message.to.port == 5060)
    #expect(message.firstContact.expires == 60)
  }

  @Test("what follows a datagram in memory is no part of it", arguments: 0...20)
  func behindTheEnd(length: Int) throws {
    let tag = String(repeating: "7", count: length)
    let text = register(replacing: "From", with: nil)
      .replacing("\n\n", with: "\nFrom: <sip:bob@example.com>;tag=" + tag)
    let whole = Array(wire(text + "77777777777777777777;lr"))
    let datagram = whole.span.extracting(first: wire(text).count)
    guard case .message(let message) = SIPParser.parse(datagram) else {
      Issue.record("not read")
      return
    }
    #expect(whole.text(message.from.tag) == tag)
  }

  @Test(
    "a number of any length has its value, and the largest there is past that",
    arguments: [
      ("0", 0), ("7", 7), ("42", 42), ("600", 600), ("3600", 3600), ("86400", 86_400),
      ("999999", 999_999), ("1234567", 1_234_567), ("12345678", 12_345_678),
      ("4294967295", .max), ("4294967296", .max), ("99999999999999999999", .max),
      ("0000000060", 60),
    ] as [(String, UInt32)])
  func numbers(text: String, value: UInt32) throws {
    #expect(Parsed(register("Expires: " + text)).message?.expires == value)
    #expect(Parsed(register("Expires: " + text + ";x")).message?.expires == value)
    #expect(Parsed(register("Contact: <sip:a@b>;expires=" + text)).contacts.first?.expires == value)
  }

  @Test(
    "a name is a header only as it is written, letter case aside",
    arguments: [
      ("eXPIRES", true), ("Expires \t", true), ("Expires\0", false), ("Expires\r", true),
      ("Expire", false), ("Expiress", false), ("\u{5}xpires", false), ("Ex\rires", false),
    ])
  func names(name: String, isExpires: Bool) throws {
    let bytes = Array(register("X-First: 1", name + ": 60").utf8)
    let message = try #require(Parsed(bytes).message)
    #expect(message.expires == (isExpires ? 60 : nil))
  }

  @Test("a carriage return is no hyphen", arguments: ["Min\rExpires", "Proxy-Authenticate\0"])
  func hyphens(name: String) throws {
    let bytes = Array(register(name + ": Digest realm=\"r\"", name + ": 60").utf8)
    let message = try #require(Parsed(bytes).message)
    #expect(message.minExpires == nil)
    #expect(message.challenge == nil)
  }
}
