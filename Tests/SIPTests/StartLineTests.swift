import SIP
import Testing

@Suite("Start line")
struct StartLineTests {
  @Test(
    "a request gives its method",
    arguments: [
      ("REGISTER", SIPMethod.register), ("OPTIONS", .options), ("INVITE", .invite), ("ACK", .ack),
      ("BYE", .bye), ("CANCEL", .cancel), ("NOTIFY", .notify), ("SUBSCRIBE", .subscribe),
      ("MESSAGE", .message), ("INFO", .info), ("UPDATE", .update), ("PRACK", .prack),
      ("REFER", .refer), ("PUBLISH", .publish), ("register", .other), ("SUBSCRIBX", .other),
      ("X", .other),
    ])
  func method(name: String, method: SIPMethod) throws {
    let text = register(line: "\(name) sip:example.com SIP/2.0")
      .replacing("CSeq: 1826 REGISTER", with: "CSeq: 1826 \(name)")
    let parsed = Parsed(text)
    let message = try #require(parsed.message)
    #expect(message.isRequest)
    #expect(message.method == method)
    #expect(parsed.text(message.methodText) == name)
  }

  @Test(
    "a Request-URI gives user, host and port",
    arguments: [
      ("sip:example.com", "", "example.com", 0),
      ("sip:bob@example.com:5070", "bob", "example.com", 5070),
      ("sip:bob@[2001:db8::9]:5061;transport=udp", "bob", "2001:db8::9", 5061),
      ("SIPS:bob:secret@example.com", "bob", "example.com", 0),
      ("<sip:bob@example.com>", "bob", "example.com", 0),
      ("tel:+15550100;phone-context=x", "+15550100", "", 0),
      ("urn:service:sos", "", "", 0),
      ("sip:a;b=c?d@example.com", "a;b=c?d", "example.com", 0),
    ])
  func requestURI(uri: String, user: String, host: String, port: UInt16) throws {
    let parsed = Parsed(register(line: "REGISTER \(uri) SIP/2.0"))
    let message = try #require(parsed.message)
    #expect(parsed.text(message.requestURI.user) == user)
    #expect(parsed.text(message.requestURI.host) == host)
    #expect(message.requestURI.port == port)
  }

  @Test(
    "a status line gives code and reason",
    arguments: [
      ("SIP/2.0 200 OK", 200, "OK"), ("sip/2.0 401 Not this time", 401, "Not this time"),
      ("SIP/2.0 100 ", 100, ""), ("SIP/2.0 699", 699, ""),
    ])
  func status(line: String, code: UInt16, reason: String) throws {
    let parsed = Parsed(register(line: line))
    let message = try #require(parsed.message)
    #expect(message.isResponse)
    #expect(message.statusCode == code)
    #expect(parsed.text(message.reasonPhrase) == reason)
    #expect(message.method == .register)
    #expect(parsed.text(message.methodText) == "REGISTER")
  }

  @Test(
    "a start line that is SIP but wrong is refused with its reason",
    arguments: [
      ("REGISTER sip:example.com SIP/3.0", SIPParseFailure.unsupportedVersion),
      ("REGISTER sip:example.com sip/2.1", .unsupportedVersion),
      ("REGISTER sip:example.com", .badStartLine),
      ("REGISTER sip:example.com HTTP/1.1", .badStartLine),
      ("REGISTER example.com SIP/2.0", .malformedRequestURI),
      ("REGISTER sip: SIP/2.0", .malformedRequestURI),
      ("REGISTER sip:bob@ SIP/2.0", .malformedRequestURI),
      ("SIP/2.0 99 Low", .badStatusCode), ("SIP/2.0 700 High", .badStatusCode),
      ("SIP/2.0 2000 Long", .badStatusCode), ("SIP/2.0 0200 Long", .badStatusCode),
      ("SIP/2.0 200OK", .badStatusCode), ("SIP/2.0 OK", .badStatusCode),
    ])
  func refused(line: String, reason: SIPParseFailure) {
    let parsed = Parsed(register(line: line))
    #expect(parsed.failure == reason)
    #expect(parsed.text(parsed.recognised?.callID) == "843817637684230@998sdasdh09")
  }

  @Test(
    "other protocols and text are not SIP",
    arguments: [
      "NOTIFY * HTTP/1.1\nHOST: 239.255.255.250:1900\nNTS: ssdp:alive\n\n",
      "M-SEARCH * HTTP/1.1\nHOST: 239.255.255.250:1900\n\n",
      "GET / HTTP/1.1\nHost: example.com\n\n", "HELLO", "hello\n", "jaK", "\n\n", "",
      "<134>1 proxy: REGISTER sip:example.com", "INVITE", "OPTIONS and more words of any kind",
      "RTSP/1.0 200 OK\nCSeq: 1\n\n", "OPTIONS rtsp://example.com/ RTSP/1.0\nCSeq: 1\n\n",
    ])
  func notSIP(text: String) {
    #expect(Parsed(text).isNotSIP)
  }

  @Test("media and STUN are turned away at the first look")
  func media() {
    let rtp: [UInt8] = [0x80, 0x00, 0x12, 0x34] + Array(repeating: 0x41, count: 168)
    let stun: [UInt8] = [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42] + Array(repeating: 7, count: 12)
    let zeros = [UInt8](repeating: 0, count: 4)
    for bytes in [rtp, stun, zeros] {
      #expect(!bytes.looksLikeSIP())
      #expect(Parsed(bytes).isNotSIP)
    }
    #expect(wire(register()).looksLikeSIP())
    #expect(wire("SIP/2.0 200").looksLikeSIP())
  }

  @Test(
    "a keepalive glued in front is skipped",
    arguments: [
      ("CRLF", "\r\n"), ("double CRLF", "\r\n\r\n"), ("NUL bytes", "\0\0\0\0"), ("jaK", "jaK"),
      ("HELLO", "HELLO"), ("HELLO and CRLF", "HELLO\r\n"), ("HELLO and space", "HELLO "),
      ("HELLO and NUL", "HELLO\0"), ("longest", "keep-alive keep-alive keep-alive"),
    ])
  func glued(name: String, junk: String) throws {
    for line in ["REGISTER sip:example.com SIP/2.0", "SIP/2.0 200 OK"] {
      let parsed = Parsed(Array(junk.utf8) + wire(register(line: line)))
      let message = try #require(parsed.message, "\(name) before \(line)")
      #expect(message.startOffset == junk.utf8.count)
      #expect(message.method == .register)
      #expect(parsed.text(message.methodText) == "REGISTER")
      #expect(message.isRequest == line.hasPrefix("REGISTER"))
    }
  }

  @Test("a start line behind more text than the window is not looked for")
  func gluedTooFar() {
    let junk = String(repeating: "< ", count: SIPLimits.junkBytes / 2 + 1)
    #expect(Parsed(Array(junk.utf8) + wire(register())).isNotSIP)
  }
}
