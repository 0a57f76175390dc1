import SIP
import Testing

@Suite("Headers")
struct HeaderTests {
  struct AddressRow: Sendable, CustomTestStringConvertible {
    let value: String
    let uri: String
    let user: String
    let host: String
    var port: UInt16 = 0
    var tag = ""
    var testDescription: String { value }
  }

  @Test(
    "From and To give URI, user, host, port and tag",
    arguments: [
      AddressRow(
        value: "<sip:a@b.c:5080;x=y>;tag=1", uri: "sip:a@b.c:5080;x=y", user: "a", host: "b.c",
        port: 5080, tag: "1"),
      AddressRow(value: "sip:a@b.c", uri: "sip:a@b.c", user: "a", host: "b.c"),
      AddressRow(value: "sip:a@b.c;tag=9", uri: "sip:a@b.c", user: "a", host: "b.c", tag: "9"),
      AddressRow(
        value: "sip:a@b.c:5062 ; user=phone ; TAG = x", uri: "sip:a@b.c:5062", user: "a",
        host: "b.c", port: 5062, tag: "x"),
      AddressRow(
        value: "\"<sip:no@no>;tag=no \\\" \" <sip:a@b.c>;q=\";tag=no\";tag=yes", uri: "sip:a@b.c",
        user: "a", host: "b.c", tag: "yes"),
      AddressRow(
        value: "\"ends in backslash \\\\\"<sip:a@b.c>", uri: "sip:a@b.c", user: "a", host: "b.c"),
      AddressRow(value: "two words <sip:a@b.c>", uri: "sip:a@b.c", user: "a", host: "b.c"),
      AddressRow(
        value: "\\\"esc\\\" <sip:a@b.c>;tag=1", uri: "sip:a@b.c", user: "a", host: "b.c", tag: "1"),
      AddressRow(
        value: "<sip:a@fe80:0:0:0:21a:a0ff:fe07:32e0:5070>",
        uri: "sip:a@fe80:0:0:0:21a:a0ff:fe07:32e0:5070", user: "a",
        host: "fe80:0:0:0:21a:a0ff:fe07:32e0", port: 5070),
      AddressRow(
        value: "<sip:a@2001:db8::7:5070>", uri: "sip:a@2001:db8::7:5070", user: "a",
        host: "2001:db8::7:5070"),
      AddressRow(
        value: "<sips:a@[2001:db8::1]>;tag=1", uri: "sips:a@[2001:db8::1]", user: "a",
        host: "2001:db8::1", tag: "1"),
      AddressRow(
        value: "<sip:[2001:db8::1]:5061>", uri: "sip:[2001:db8::1]:5061", user: "",
        host: "2001:db8::1", port: 5061),
      AddressRow(value: "<tel:+1-555;ext=7>", uri: "tel:+1-555;ext=7", user: "+1-555", host: ""),
      AddressRow(value: "<sip:a%40b@c>", uri: "sip:a%40b@c", user: "a%40b", host: "c"),
      AddressRow(value: "<sip:a:pw@c>", uri: "sip:a:pw@c", user: "a", host: "c"),
      AddressRow(value: "<sip:a@c:99999>", uri: "sip:a@c:99999", user: "a", host: "c"),
      AddressRow(
        value: "\"x\"\n <sip:a@c>\n\t;tag=1", uri: "sip:a@c", user: "a", host: "c", tag: "1"),
    ])
  func address(row: AddressRow) throws {
    for name in ["From", "To"] {
      let parsed = Parsed(register(replacing: name, with: "\(name): \(row.value)"))
      let message = try #require(parsed.message)
      let address = name == "From" ? message.from : message.to
      #expect(parsed.text(address.uri) == row.uri)
      #expect(parsed.text(address.user) == row.user)
      #expect(parsed.text(address.host) == row.host)
      #expect(address.port == row.port)
      #expect(parsed.text(address.tag) == row.tag)
    }
  }

  struct ViaRow: Sendable, CustomTestStringConvertible {
    let value: String
    let host: String
    var port: UInt16 = 0
    var transport = "UDP"
    var branch = ""
    var received = ""
    var rport: UInt16 = 0
    var hasRport = false
    var hasMagicCookie = false
    var testDescription: String { value }
  }

  @Test(
    "Via gives sent-by, branch, received and rport",
    arguments: [
      ViaRow(value: "SIP/2.0/UDP h.example", host: "h.example"),
      ViaRow(
        value: "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKx;rport", host: "192.0.2.1", port: 5062,
        branch: "z9hG4bKx", hasRport: true, hasMagicCookie: true),
      ViaRow(
        value: "SIP/2.0/TLS a;RPORT=41234;Received=192.0.2.9;Branch=1", host: "a",
        transport: "TLS", branch: "1", received: "192.0.2.9", rport: 41234, hasRport: true),
      ViaRow(
        value: "SIP/2.0/UDP [2001:db8::1]:5060;received=2001:db8::2;branch=Z9HG4BKa",
        host: "2001:db8::1", port: 5060, branch: "Z9HG4BKa", received: "2001:db8::2",
        hasMagicCookie: true),
      ViaRow(
        value: "SIP/2.0/UDP fe80:0:0:0:21a:a0ff:fe07:32e0:5060;branch=1",
        host: "fe80:0:0:0:21a:a0ff:fe07:32e0", port: 5060, branch: "1"),
      ViaRow(value: "SIP/2.0/UDP a;received=[2001:db8::2]", host: "a", received: "2001:db8::2"),
      ViaRow(
        value: "SIP / 2.0 / TCP a : 5070 ; branch = z9hG4bKb", host: "a", port: 5070,
        transport: "TCP", branch: "z9hG4bKb", hasMagicCookie: true),
      ViaRow(value: "SIP/2.0/UDP a;branch=z9hG4bK", host: "a", branch: "z9hG4bK"),
      ViaRow(value: "SIP/2.0/UDP a;;hidden;x=\"a,b;c\\\"\";branch=7", host: "a", branch: "7"),
      ViaRow(value: "SIP/2.0/UDP a;rport=70000", host: "a", hasRport: true),
      ViaRow(value: "SIP/2.0/UDP\n a\n ;branch=8", host: "a", branch: "8"),
    ])
  func via(row: ViaRow) throws {
    let parsed = Parsed(register(replacing: "Via", with: "Via: \(row.value)"))
    let message = try #require(parsed.message)
    #expect(parsed.text(message.via.host) == row.host)
    #expect(message.via.port == row.port)
    #expect(parsed.text(message.via.transport) == row.transport)
    #expect(parsed.text(message.via.branch) == row.branch)
    #expect(parsed.text(message.via.received) == row.received)
    #expect(message.via.rport == row.rport)
    #expect(message.via.hasRport == row.hasRport)
    #expect(message.via.hasMagicCookie == row.hasMagicCookie)
    #expect(message.viaCount == 1)
    #expect(message.secondVia == nil)
  }

  @Test("several Via in one header and in several are counted in order")
  func severalVia() throws {
    let three = "v: SIP/2.0/UDP a;x=\"q,\",SIP/2.0/UDP b;branch=2\nVia : SIP/2.0/UDP c"
    let parsed = Parsed(register(replacing: "Via", with: three))
    let message = try #require(parsed.message)
    #expect(message.viaCount == 3)
    #expect(parsed.text(message.via.host) == "a")
    #expect(parsed.text(message.secondVia?.host) == "b")
    #expect(parsed.text(message.secondVia?.branch) == "2")
  }

  @Test(
    "numbers are read, absent or clamped as the RFC says",
    arguments: [
      ("3600", 3600), ("0", 0), ("4294967295", .max), ("4294967296", .max),
      (String(repeating: "9", count: 100), .max), ("60;x=y", 60), ("60 (a minute)", 60),
    ] as [(String, UInt32)])
  func seconds(text: String, value: UInt32) throws {
    let message = try #require(
      Parsed(
        register(
          "expires:\(text)", "MIN-EXPIRES : \(text)", "Retry-After: \(text)", "Flow-Timer: \(text)")
      ).message)
    #expect(message.expires == value)
    #expect(message.minExpires == value)
    #expect(message.retryAfter == value)
    #expect(message.flowTimer == value)
  }

  @Test(
    "a malformed Expires counts as 3600, other numbers as absent",
    arguments: ["soon", "", "-1", "60x", "Thu, 01 Dec 2040 16:00:00 GMT"])
  func malformedSeconds(text: String) throws {
    let message = try #require(
      Parsed(register("Expires: \(text)", "Min-Expires: \(text)", "Retry-After: \(text)")).message)
    #expect(message.expires == 3600)
    #expect(message.minExpires == nil)
    #expect(message.retryAfter == nil)
    #expect(message.flowTimer == nil)
  }

  @Test("plain texts and mere presence are noticed")
  func plain() throws {
    let parsed = Parsed(
      register(
        "User-Agent: Phone 1.0 (x) ", "Server: none", "Warning: 399 a \"b\"",
        "Privacy: id;critical",
        "Path: <sip:p;lr>", "Service-Route: <sip:s;lr>", "Route: <sip:r;lr>", "Require: path"))
    let message = try #require(parsed.message)
    #expect(parsed.text(message.userAgent) == "Phone 1.0 (x)")
    #expect(parsed.text(message.warning) == "399 a \"b\"")
    #expect(parsed.text(message.privacy) == "id;critical")
    #expect(message.hasPath && message.hasServiceRoute && message.hasRoute && message.hasRequire)
    let bare = try #require(Parsed(register()).message)
    #expect(!bare.hasPath && !bare.hasServiceRoute && !bare.hasRoute && !bare.hasRequire)
    #expect(bare.expires == nil && bare.challenge == nil && bare.credentials == nil)
    #expect(bare.userAgent.isEmpty && bare.contentLength == nil && bare.contactCount == 0)
  }

  @Test("names differ in case, compact form and white space only")
  func spellings() throws {
    let parsed = Parsed(
      """
      REGISTER sip:example.com SIP/2.0
      V: SIP/2.0/UDP a;branch=z9hG4bK1
      f \t: <sip:f@a>;tag=1
      T:<sip:t@a>
      I   : call
      cSEQ: 7
       REGISTER
      M: <sip:c@a>
      uSER-aGENT: x
      L: 0


      """)
    let message = try #require(parsed.message)
    #expect(parsed.text(message.via.host) == "a")
    #expect(parsed.text(message.from.user) == "f")
    #expect(parsed.text(message.to.user) == "t")
    #expect(parsed.text(message.callID) == "call")
    #expect(message.cseq == 7)
    #expect(parsed.text(message.firstContact.user) == "c")
    #expect(parsed.text(message.userAgent) == "x")
    #expect(message.contentLength == 0)
    #expect(message.isHeaderComplete)
    #expect(message.headerEnd == parsed.bytes.count)
  }

  @Test(
    "a name that only resembles a header is another header",
    arguments: [
      "Contacts", "Contac", "Call\u{0D}ID", "X-Expires", "Proxy-Authenticatx",
      "Proxy-AuthXXXXXXXion",
      "User-Agency", "c ontact", "Content-Lengths",
    ])
  func resembling(name: String) throws {
    let message = try #require(Parsed(register("\(name): Digest realm=\"1\"")).message)
    #expect(message.contactCount == 0)
    #expect(message.expires == nil)
    #expect(message.challenge == nil && message.credentials == nil)
    #expect(message.userAgent.isEmpty)
    #expect(message.contentLength == nil)
  }
}
