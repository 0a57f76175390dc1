import SIP
import Testing

@Suite("Strict and lenient")
struct StrictnessTests {
  @Test(
    "without a header every message needs it is refused, method and status kept",
    arguments: [
      ("Call-ID", SIPParseFailure.missingCallID), ("CSeq", .missingCSeq), ("From", .missingFrom),
      ("To", .missingTo), ("Via", .missingVia),
    ])
  func missing(name: String, reason: SIPParseFailure) {
    for header in [nil, "\(name):", "\(name): \n "] {
      let parsed = Parsed(register(replacing: name, with: header))
      #expect(parsed.recognised?.method == .register)
      #expect(parsed.message == nil)
      if header == nil { #expect(parsed.failure == reason) }
    }
  }

  @Test(
    "an unreadable header is refused with its reason",
    arguments: [
      ("CSeq: REGISTER", SIPParseFailure.malformedCSeq), ("CSeq: 1", .malformedCSeq),
      ("CSeq: 1REGISTER", .malformedCSeq), ("CSeq: -1 REGISTER", .malformedCSeq),
      ("CSeq: 2147483648 REGISTER", .cseqOutOfRange),
      ("CSeq: 18446744073709551617 REGISTER", .cseqOutOfRange),
      ("CSeq: 1 INVITE", .methodMismatch), ("CSeq: 1 REGISTERX", .methodMismatch),
      ("CSeq: 1 ISTER", .methodMismatch), ("CSeq: 1 register", .methodMismatch),
      ("From: bob@example.com", .malformedFrom), ("From: <sip:bob@example.com", .malformedFrom),
      ("From: \"open\\", .malformedFrom), ("From: back\\", .malformedFrom),
      ("From: <sip:bob@host:12:ab>", .malformedFrom),
      ("To: \"Bob <sip:bob@example.com>", .malformedTo), ("To: <sip:>", .malformedTo),
      ("To: \"Bob\" sip:bob@example.com", .malformedTo), ("To: <>;tag=1", .malformedTo),
      ("Via: SIP/2.0/UDP", .malformedVia), ("Via: UDP 192.0.2.1", .malformedVia),
      ("Via: SIP/2.0/UDP ;branch=1", .malformedVia), ("Via: SIP/2.0/UDP a b", .malformedVia),
      ("Via: SIP/2.0/UDP a,", .malformedVia), ("Via: SIP/2.0/UDP [::1", .malformedVia),
    ])
  func malformed(header: String, reason: SIPParseFailure) {
    let name = String(header.prefix { $0 != ":" })
    #expect(Parsed(register(replacing: name, with: header)).failure == reason)
  }

  @Test("the highest CSeq number is accepted")
  func highestCSeq() {
    let text = register(replacing: "CSeq", with: "CSeq: 2147483647 REGISTER")
    #expect(Parsed(text).message?.cseq == 2_147_483_647)
  }

  @Test(
    "a second value of a single header is refused unless it says the same",
    arguments: [
      "Call-ID: 843817637684230@998sdasdh09", "CSeq: 1826 REGISTER", "To: <sip:bob@example.com>",
      "From: \"Bob\" <sip:bob@example.com>;tag=456248",
    ])
  func repeated(header: String) {
    #expect(Parsed(register(header)).message != nil)
    #expect(Parsed(register(header + "x")).failure == .conflictingHeaders)
  }

  @Test("Content-Length must be one number that the datagram can hold")
  func contentLength() {
    let body = "v=0"
    #expect(Parsed(register("Content-Length: 3") + body).message?.contentLength == 3)
    #expect(Parsed(register("l:2") + body).message?.contentLength == 2)
    #expect(Parsed(register("Content-Length: 3", "l: 3") + body).message?.contentLength == 3)
    #expect(Parsed(register("l: 4") + body).failure == .bodyShorterThanContentLength)
    #expect(Parsed(register("l: 99999999999999999999")).failure == .bodyShorterThanContentLength)
    #expect(Parsed(register("l: -1")).failure == .malformedContentLength)
    #expect(Parsed(register("l: 0x0")).failure == .malformedContentLength)
    #expect(Parsed(register("l:")).failure == .malformedContentLength)
    #expect(Parsed(register("l: 0", "l: 1") + body).failure == .conflictingContentLength)
    let parsed = Parsed(register("l: 2") + body)
    #expect(parsed.message?.headerEnd == parsed.bytes.count - 3)
  }

  @Test("bare line feeds end lines as well")
  func bareLineFeeds() throws {
    let parsed = Parsed(
      Array(register("Contact: <sip:a@b>,\n <sip:c@d>", "l: 3").utf8) + [1, 2, 3])
    let message = try #require(parsed.message)
    #expect(message.contactCount == 2)
    #expect(message.headerEnd == parsed.bytes.count - 3)
    #expect(parsed.text(message.callID) == "843817637684230@998sdasdh09")
  }

  @Test("From and To without brackets and tag, no Max-Forwards, no Content-Length: a probe")
  func probe() throws {
    let parsed = Parsed(
      """
      OPTIONS sip:1001@198.51.100.7:40001 SIP/2.0
      Via: SIP/2.0/UDP 192.0.2.1:5060;branch=0
      From: sip:pinger@example.com;tag=f1
      To: sip:1001@198.51.100.7:40001
      Call-ID: 5c0a-1
      CSeq: 1 OPTIONS


      """)
    let message = try #require(parsed.message)
    #expect(message.method == .options)
    #expect(message.to.port == 40001)
    #expect(parsed.text(message.to.user) == "1001")
    #expect(message.to.tag.isEmpty)
    #expect(!message.via.hasMagicCookie)
  }

  @Test("the last empty line may be missing")
  func noEmptyLine() throws {
    let whole = wire(register("Contact: <sip:last@b>"))
    for missing in [2, 4] {
      let parsed = Parsed(Array(whole.dropLast(missing)))
      let message = try #require(parsed.message)
      #expect(!message.isHeaderComplete)
      #expect(message.headerEnd == parsed.bytes.count)
      #expect(parsed.text(message.firstContact.user) == "last")
    }
  }

  @Test("of a cut datagram a torn header is not believed")
  func cut() throws {
    let whole = wire(register("Contact: <sip:last@b>", "Content-Length: 500"))
    let torn = Parsed(Array(whole.dropLast(30)), isCut: true)
    let message = try #require(torn.message)
    #expect(message.contactCount == 0)
    let full = Parsed(whole, isCut: true)
    #expect(full.message?.contentLength == 500)
    #expect(full.message?.contactCount == 1)
    #expect(Parsed(whole).failure == .bodyShorterThanContentLength)
    #expect(Parsed(Array(whole.prefix(120)), isCut: true).failure == .cut)
    #expect(Parsed(Array(whole.prefix(20)), isCut: true).failure == .cut)
    #expect(Parsed(Array(whole.prefix(20)), isCut: true).recognised?.method == .register)
  }

  @Test("a student's registrar is recognised though refused")
  func bareMessages() {
    let request = Parsed("REGISTER sip:a@b SIP/2.0\nExpires: 5\n\n")
    #expect(request.failure == .missingCallID)
    #expect(request.recognised?.method == .register)
    #expect(request.recognised?.expires == 5)
    let answer = Parsed(Array("SIP/2.0 200 OK".utf8))
    #expect(answer.failure == .missingCallID)
    #expect(answer.recognised?.statusCode == 200)
  }

  @Test("every reason to refuse has words of its own")
  func words() {
    let all = SIPParseFailure.allCases.map(\.description)
    #expect(Set(all).count == all.count)
    #expect(all.allSatisfy { !$0.isEmpty && $0.utf8.count < 80 })
  }
}
