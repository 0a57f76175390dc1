import SIP
import Testing

@Suite("Contact")
struct ContactTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let value: String
    let uri: String
    var user = ""
    var host = ""
    var port: UInt16 = 0
    var transport = ""
    var expires: UInt32?
    var q: UInt16?
    var instance = ""
    var regID: UInt32?
    var testDescription: String { value }
  }

  @Test(
    "a contact gives address and parameters",
    arguments: [
      Row(
        value: "<sip:1001@192.0.2.1:5062;transport=UDP;ob>;expires=300;q=0.7;reg-id=1"
          + ";+sip.instance=\"<urn:uuid:0-1>\"", uri: "sip:1001@192.0.2.1:5062;transport=UDP;ob",
        user: "1001", host: "192.0.2.1", port: 5062, transport: "UDP", expires: 300, q: 700,
        instance: "urn:uuid:0-1", regID: 1),
      Row(
        value: "\"a, <b>; \\\"c\" <sip:d@e>;EXPIRES=\"60\"", uri: "sip:d@e", user: "d", host: "e",
        expires: 60),
      Row(
        value: "sip:d@e:5070;expires=0;transport=tcp", uri: "sip:d@e:5070", user: "d", host: "e",
        port: 5070, transport: "tcp", expires: 0),
      Row(
        value: "<sip:d@e?Route=%3Csip:x%3E>", uri: "sip:d@e?Route=%3Csip:x%3E", user: "d", host: "e"
      ),
      Row(
        value: "sip:[2001:db8::7]:5060", uri: "sip:[2001:db8::7]:5060", host: "2001:db8::7",
        port: 5060),
      Row(value: "<name:John_Smith>", uri: "name:John_Smith"),
      Row(value: "<tel:+1555>;q=1", uri: "tel:+1555", user: "+1555", q: 1000),
      Row(
        value: "<sip:d@e>;expires=never;q=2;reg-id=x;+sip.instance=abc", uri: "sip:d@e", user: "d",
        host: "e", expires: 3600, instance: "abc"),
      Row(
        value: "<sip:d@e>;expires=280297596632815", uri: "sip:d@e", user: "d", host: "e",
        expires: .max),
      Row(value: "<sip:d@e>;expires", uri: "sip:d@e", user: "d", host: "e", expires: 3600),
      Row(value: "<sip:d@e>;;q=0.123;;;", uri: "sip:d@e", user: "d", host: "e", q: 123),
      Row(value: "<sip:d@e>;q=1.001;x=\"expires=5\"", uri: "sip:d@e", user: "d", host: "e"),
      Row(value: "<sip:d@e;expires=9>", uri: "sip:d@e;expires=9", user: "d", host: "e"),
      Row(value: "<\n sip:d@e\n >\n ;q = 0.5", uri: "sip:d@e", user: "d", host: "e", q: 500),
    ])
  func contact(row: Row) throws {
    let parsed = Parsed(register("Contact: \(row.value)"))
    let message = try #require(parsed.message)
    #expect(message.contactCount == 1)
    #expect(!message.hasWildcardContact)
    for contact in [message.firstContact] + parsed.contacts {
      #expect(parsed.text(contact.uri) == row.uri)
      #expect(parsed.text(contact.user) == row.user)
      #expect(parsed.text(contact.host) == row.host)
      #expect(contact.port == row.port)
      #expect(parsed.text(contact.transport) == row.transport)
      #expect(contact.expires == row.expires)
      #expect(contact.q == row.q)
      #expect(parsed.text(contact.instance) == row.instance)
      #expect(contact.regID == row.regID)
    }
    #expect(parsed.contacts == [message.firstContact])
  }

  @Test("every contact of every header is visited in order")
  func all() throws {
    let parsed = Parsed(
      register(
        "Contact: <sip:0@a>;x=\",\", \"1,\" <sip:1@a;lr> , sip:2@a;expires=2,sip:3@a",
        "Expires: 60", "m: <sip:4@a>,\n <sip:5@a>", "Subject: Contact: <sip:no@a>",
        "CONTACT : " + (6..<20).map { "<sip:\($0)@a>;expires=\($0)" }.joined(separator: ", "),
        line: "SIP/2.0 200 OK"))
    let message = try #require(parsed.message)
    #expect(message.contactCount == 20)
    #expect(parsed.contacts.map { parsed.text($0.user) } == (0..<20).map(String.init))
    #expect(parsed.contacts.last?.expires == 19)
    #expect(parsed.text(message.firstContact.user) == "0")
    var cursor = SIPContactCursor(message)
    var count = 0
    while cursor.next(in: parsed.bytes.span) != nil { count += 1 }
    #expect(count == 20)
  }

  @Test("the wildcard is noticed and is no contact", arguments: ["*", " * ", "*;x=y", "*\n "])
  func wildcard(value: String) throws {
    let parsed = Parsed(register("Contact: \(value)", "Expires: 0"))
    let message = try #require(parsed.message)
    #expect(message.hasWildcardContact)
    #expect(message.contactCount == 0)
    #expect(parsed.contacts.isEmpty)
  }

  @Test(
    "what is no address is passed over and its neighbours are kept",
    arguments: [
      ("Bell, Alexander <sip:a@b>", ["a"]), (",,<sip:a@b>,,", ["a"]), ("bob@example.com", []),
      ("<sip:a@b>, <sip:>, <sip:c@d>", ["a", "c"]), ("<sip:a@b>, \"open <sip:c@d>", ["a"]),
      ("<sip:a@b>, <sip:c@d", ["a"]), ("", []), ("\"name only\"", []),
    ])
  func passedOver(value: String, users: [String]) throws {
    let parsed = Parsed(register("Contact: \(value)", "Contact: <sip:last@b>"))
    let message = try #require(parsed.message)
    #expect(parsed.contacts.map { parsed.text($0.user) } == users + ["last"])
    #expect(message.contactCount == users.count + 1)
  }

  @Test("ranges of another datagram never lead outside it")
  func wrongBytes() throws {
    let message = try #require(Parsed(register("m: <sip:a@b>", "m: <sip:c@d>")).message)
    for short in [[], Array("Contact".utf8), wire(register("Contact:x"))] as [[UInt8]] {
      message.forEachContact(in: short.span) { contact in
        #expect(short.text(contact.uri).utf8.count <= short.count)
      }
      #expect(short.text(message.callID).utf8.count <= short.count)
    }
  }
}
