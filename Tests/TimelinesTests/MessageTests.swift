import Testing
import Timelines

@Suite("Messages of a timeline")
struct MessageTests {
  @Test("a registration is what a phone behind a NAT and a registrar would write")
  func registration() throws {
    let packets = try packets("0 phone -> switch registers granted 60")
    #expect(
      packets.map(\.startLine) == [
        "REGISTER sip:203.0.113.10 SIP/2.0", "SIP/2.0 401 Unauthorized",
        "REGISTER sip:203.0.113.10 SIP/2.0", "SIP/2.0 200 OK",
      ])
    #expect(packets.map(\.seconds) == [0, 0.001, 0.01, 0.012])
    let (first, challenge, second, final) = (packets[0], packets[1], packets[2], packets[3])
    #expect(first.source == "198.51.100.80:52094")
    #expect(first.destination == "203.0.113.10:5060")
    #expect(first.header("Via").hasPrefix("SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bK"))
    #expect(first.header("Via").hasSuffix(";rport"))
    #expect(first.header("To") == "<sip:1001@203.0.113.10>")
    #expect(first.header("From").hasPrefix("<sip:1001@203.0.113.10>;tag="))
    #expect(first.header("Contact") == "<sip:1001@192.168.77.21:5060>;expires=120")
    #expect(first.header("User-Agent") == "Acme 1.0")
    #expect(first.header("Authorization") == "")
    #expect(challenge.destination == "198.51.100.80:52094")
    #expect(challenge.header("Via") == first.header("Via") + "=52094;received=198.51.100.80")
    #expect(challenge.header("Server") == "Switch 2.1")
    #expect(challenge.header("To").hasPrefix("<sip:1001@203.0.113.10>;tag="))
    #expect(first.header("CSeq") == "1 REGISTER" && second.header("CSeq") == "2 REGISTER")
    #expect(second.header("Call-ID") == first.header("Call-ID"))
    #expect(second.header("Via") != first.header("Via"))
    let nonce = try #require(challenge.header("WWW-Authenticate").part("nonce"))
    #expect(second.header("Authorization").part("nonce") == nonce)
    #expect(second.header("Authorization").part("username") == "1001")
    #expect(second.header("Authorization").part("realm") == "203.0.113.10")
    #expect(final.header("CSeq") == "2 REGISTER")
    #expect(final.header("Contact") == "<sip:1001@192.168.77.21:5060>;expires=60")
    #expect(final.text.hasSuffix("Content-Length: 0\r\n\r\n"))
  }

  @Test("CSeq goes on within a Call-ID, and a restart begins a new series")
  func series() throws {
    let packets = try packets(
      """
      0 phone -> switch REGISTER
      1 phone -> switch REGISTER
      2 phone restarts
      2 phone -> switch REGISTER
      3 phone -> switch REGISTER call-id mine cseq 7
      4 phone -> switch REGISTER
      """)
    #expect(packets.map { $0.header("CSeq").prefix(1) } == ["1", "2", "1", "7", "8"])
    let ids = packets.map { $0.header("Call-ID") }
    #expect(ids[0] == ids[1] && ids[1] != ids[2])
    #expect(ids[3] == "mine" && ids[4] == "mine")
    let tags = packets.map { $0.header("From") }
    #expect(tags[0] == tags[1] && tags[1] != tags[2])
  }

  @Test("a probe goes to the registered Contact through the outside address")
  func probe() throws {
    let packets = try packets(
      "30..90 every 30 switch -> phone OPTIONS answered 200 after 0.2\n")
    #expect(packets.map(\.seconds) == [30, 30.2, 60, 60.2, 90, 90.2])
    #expect(packets[0].startLine == "OPTIONS sip:1001@192.168.77.21:5060 SIP/2.0")
    #expect(packets[0].destination == "198.51.100.80:52094")
    #expect(packets[1].destination == "203.0.113.10:5060")
    #expect(packets[1].header("Call-ID") == packets[0].header("Call-ID"))
    #expect(packets[2].header("Call-ID") != packets[0].header("Call-ID"))
    #expect(packets[0].headers("Contact").isEmpty)
  }

  @Test("lines that begin with + repeat with the line before them")
  func groups() throws {
    let packets = try packets(
      """
      0..20 every 10 switch -> phone OPTIONS
      +0.5 phone -> switch 200
      +0.25 phone -> switch keepalive crlf
      5 phone -> switch keepalive hello
      """)
    #expect(
      packets.map(\.seconds) == [0, 0.5, 0.75, 5, 10, 10.5, 10.75, 20, 20.5, 20.75])
    #expect(packets[3].text == "HELLO")
  }

  @Test("answers go to the request named, else to the latest open one")
  func answers() throws {
    let packets = try packets(
      """
      0 switch -> phone OPTIONS as first
      1 switch -> phone OPTIONS as second
      2 phone -> switch 200 to first
      3 phone -> switch 486
      """)
    #expect(packets[2].header("Call-ID") == packets[0].header("Call-ID"))
    #expect(packets[3].header("Call-ID") == packets[1].header("Call-ID"))
  }

  @Test("answers follow a request that came from another mapping")
  func otherMapping() throws {
    let packets = try packets(
      """
      0 phone@198.51.100.80:31343 -> switch REGISTER
      1 switch -> phone 200
      2 switch -> phone OPTIONS
      3 phone moves-to 198.51.100.80:31343
      3 switch -> phone OPTIONS
      """)
    #expect(packets[0].source == "198.51.100.80:31343")
    #expect(packets[1].destination == "198.51.100.80:31343")
    #expect(packets[1].header("Via").hasSuffix(";rport=31343;received=198.51.100.80"))
    #expect(packets[2].destination == "198.51.100.80:52094")
    #expect(packets[3].destination == "198.51.100.80:31343")
    #expect(packets[3].startLine == "OPTIONS sip:1001@192.168.77.21:5060 SIP/2.0")
  }

  @Test("a call keeps its identity through CANCEL, ACK and BYE")
  func call() throws {
    let packets = try packets(
      """
      0 switch -> phone INVITE user 2002 as call
      1 phone -> switch 180
      2 phone -> switch 200
      3 switch -> phone ACK
      4 phone -> switch BYE
      5 switch -> phone 200
      6 switch -> phone INVITE user 2002
      7 phone -> switch 486
      8 switch -> phone ACK
      """)
    let invite = packets[0]
    #expect(Set(packets[..<6].map { $0.header("Call-ID") }).count == 1)
    #expect(packets[3].header("CSeq") == "1 ACK")
    #expect(packets[3].header("Via") != invite.header("Via"), "ACK to a 2xx is its own transaction")
    #expect(packets[4].header("From") == packets[2].header("To"))
    #expect(packets[4].header("To") == invite.header("From"))
    #expect(packets[4].startLine == "BYE sip:203.0.113.10:5060 SIP/2.0")
    #expect(packets[8].header("Via") == packets[6].header("Via"), "ACK to 486 is part of it")
    #expect(packets[8].header("Call-ID") != invite.header("Call-ID"))
  }

  @Test("unanswered requests are sent again on the ladder of RFC 3261")
  func ladder() throws {
    let register = try packets("0 phone -> switch REGISTER ladder")
    #expect(
      register.map(\.seconds) == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5])
    #expect(Set(register.map(\.text)).count == 1)
    let invite = try packets("0 switch -> phone INVITE copies 4")
    #expect(invite.map(\.seconds) == [0, 0.5, 1.5, 3.5])
    #expect(try packets("0 switch -> phone INVITE ladder").last?.seconds == 31.5)
    let again = try packets("0 phone -> switch REGISTER\n1 phone -> switch again")
    #expect(again[0].text == again[1].text)
  }

  @Test("a registrar lists other bindings, removes them and refuses in every way")
  func registrarAnswers() throws {
    let packets = try packets(
      """
      host tablet 192.0.2.7:5070 user 1001
      0 phone -> switch REGISTER
      +1 switch -> phone 200 expires 60 lists tablet 1755
      +1 phone -> switch REGISTER contact * expires 0
      +1 switch -> phone 200
      +1 phone -> switch REGISTER expires 5
      +1 switch -> phone 423 min-expires 60
      +1 phone -> switch REGISTER auth
      +1 switch -> phone 401 stale
      +1 phone -> switch REGISTER auth
      +1 switch -> phone 503 retry-after 30 reason "Overloaded"
      +1 phone -> switch REGISTER expires-header 90 header "Privacy: id"
      +1 switch -> phone 200 expires-header 45
      """)
    #expect(
      packets[1].headers("Contact") == [
        "<sip:1001@192.168.77.21:5060>;expires=60", "<sip:1001@192.0.2.7:5070>;expires=1755",
      ])
    #expect(packets[2].header("Contact") == "*" && packets[2].header("Expires") == "0")
    #expect(packets[3].headers("Contact").isEmpty)
    #expect(packets[5].header("Min-Expires") == "60")
    #expect(packets[7].header("WWW-Authenticate").hasSuffix("stale=true"))
    #expect(packets[9].startLine == "SIP/2.0 503 Overloaded")
    #expect(packets[9].header("Retry-After") == "30")
    #expect(packets[10].header("Contact") == "<sip:1001@192.168.77.21:5060>")
    #expect(packets[10].header("Expires") == "90" && packets[10].header("Privacy") == "id")
    #expect(packets[11].header("Expires") == "45")
    #expect(packets[11].header("Contact") == "<sip:1001@192.168.77.21:5060>")
  }

  @Test("keepalives have the bytes devices send")
  func keepalives() throws {
    let packets = try packets(
      """
      0 phone -> switch keepalive crlf
      1 phone -> switch keepalive doublecrlf
      2 phone -> switch keepalive zeros
      3 switch -> phone keepalive text jaK
      4 phone -> switch keepalive stun
      5 switch -> phone stun answer
      6 phone -> switch keepalive hex 00fF
      7 phone -> switch raw "OPTIONS sip:x SIP/2.0\\r\\n"
      """)
    #expect(packets[0].payload == [13, 10])
    #expect(packets[1].payload == [13, 10, 13, 10])
    #expect(packets[2].payload == [0, 0, 0, 0])
    #expect(packets[3].text == "jaK")
    #expect(packets[4].payload.count == 20)
    #expect(Array(packets[4].payload[..<8]) == [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42])
    #expect(Array(packets[5].payload[..<2]) == [1, 1])
    #expect(packets[6].payload == [0, 255])
    #expect(packets[7].text == "OPTIONS sip:x SIP/2.0\r\n")
  }

  @Test("what is unseen happens, but is not captured")
  func unseen() throws {
    let packets = try packets(
      """
      -5 phone -> switch registers unseen
      0 phone -> switch REGISTER
      1 switch -> phone 200 unseen
      2 phone -> switch REGISTER
      """)
    #expect(packets.map { $0.header("CSeq") } == ["3 REGISTER", "4 REGISTER"])
  }
}

extension String {
  /// The value of `name="value"` in a digest header.
  fileprivate func part(_ name: String) -> String? {
    guard let start = firstRange(of: "\(name)=\"") else { return nil }
    return String(self[start.upperBound...].prefix { $0 != "\"" })
  }
}
