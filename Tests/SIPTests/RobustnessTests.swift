import SIP
import Testing

@Suite("Hostile input")
struct RobustnessTests {
  /// A fixed sequence of pseudo-random numbers (splitmix64), the same on every machine.
  struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  /// Parses, and holds the result to what every reader of it relies on.
  private func check(_ bytes: [UInt8], isCut: Bool = false) {
    let parsed = Parsed(bytes, isCut: isCut)
    guard let message = parsed.recognised else { return }
    let ranges = [
      message.methodText, message.callID, message.from.uri, message.from.user, message.from.host,
      message.from.tag, message.to.uri, message.to.tag, message.requestURI.uri,
      message.via.host, message.via.branch, message.via.received, message.reasonPhrase,
      message.userAgent, message.firstContact.uri, message.firstContact.instance,
      message.credentials?.nonce ?? .none, message.challenge?.realm ?? .none,
    ]
    let within = ranges.allSatisfy { $0.end <= bytes.count }
    let visited = parsed.contacts.count
    if !within || visited != message.contactCount || message.headerEnd > bytes.count
      || message.startOffset > SIPLimits.junkBytes
      || (parsed.message != nil && (message.callID.isEmpty || message.viaCount == 0))
    {
      Issue.record(
        "inconsistent result for \(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }

  static let rich = wire(
    register(
      "Contact: \"B \\\" ,\" <sip:bob@192.0.2.4:5060;transport=udp>;expires=60"
        + ";+sip.instance=\"<urn:uuid:1>\";reg-id=1;q=0.5, <sip:x@[2001:db8::1]:1>\n ;expires=7",
      "Authorization: Digest username=\"bob\", realm=\"r\", nonce=\"n\\\"\", uri=\"sip:r\", response=\"0\"",
      "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", stale=true", "Expires: 3600",
      "v: SIP / 2.0 / UDP [::1]:5 ;received=[::2];rport=9, SIP/2.0/TCP b", "User-Agent: x",
      "Content-Length: 0"))

  @Test("a message may end after any byte")
  func truncation() throws {
    var messages = [Self.rich, wire(register(line: "SIP/2.0 200 OK"))]
    for row in Expectation.all { messages.append(try row.bytes()) }
    #expect(messages.count == 52)
    for message in messages {
      for length in 0...message.count {
        check(Array(message.prefix(length)))
        check(Array(message.prefix(length)), isCut: true)
      }
    }
  }

  @Test("changed bytes break nothing", arguments: [1, 2, 3] as [UInt64])
  func flips(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let marks = Array("\r\n \t\"<>;,:=@[]?*\\\0sS/2".utf8) + [0xFF, 0x80]
    var messages = [Self.rich]
    for row in Expectation.all { messages.append(try row.bytes()) }
    for message in messages where !message.isEmpty {
      for _ in 0..<200 {
        var changed = message
        for _ in 0..<Int.random(in: 1...8, using: &random) {
          let position = Int.random(in: 0..<changed.count, using: &random)
          changed[position] =
            Bool.random(using: &random)
            ? marks[Int.random(in: 0..<marks.count, using: &random)]
            : UInt8.random(in: 0...255, using: &random)
        }
        check(changed, isCut: Bool.random(using: &random))
      }
    }
  }

  @Test(
    "one mark after another to the limit of a datagram is read to its end",
    arguments: [
      "\"", "\\\"", "<", ">", ",", ";", ";a=\"", "\r\n ", "\r\nm:", "\r\nv:SIP/2.0/UDP a", "=", "@",
      "[", ":", " ", "\0", "<sip:a@b>,", "SIP/2.0/UDP a,", "REGISTER ", "\r\nx:", "\r\n", "\n\t\"",
    ])
  func repeated(mark: String) {
    let prefixes = [
      "", "REGISTER sip:", "REGISTER sip:a SIP/2.0\r\n", "SIP/2.0 200 OK\r\nContact: ",
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a", "SIP/2.0 200 OK\r\nFrom: ",
      "SIP/2.0 200 OK\r\nWWW-Authenticate: Digest a=", "SIP/2.0 200 OK\r\nTo: \"",
    ]
    for prefix in prefixes {
      var bytes = Array(prefix.utf8)
      let unit = Array(mark.utf8)
      while bytes.count + unit.count <= SIPLimits.messageBytes { bytes += unit }
      // Quadratic work would be some 10**9 steps each: GrowthTests measure that it is not.
      check(bytes)
    }
  }

  @Test("more headers than the limit are refused")
  func manyHeaders() {
    func message(_ headers: Int) -> String {
      register(replacing: "To", with: "To: <sip:a@b>")
        .replacing("\n\n", with: "\n" + String(repeating: "x: y\n", count: headers - 5) + "\n")
    }
    #expect(Parsed(message(SIPLimits.headers)).message != nil)
    #expect(Parsed(message(SIPLimits.headers + 1)).failure == .tooManyHeaders)
  }

  @Test("more bytes than a datagram can have are refused")
  func tooLarge() {
    let bytes = wire(register("Content-Length: 0"))
    let room = SIPLimits.messageBytes - bytes.count
    #expect(Parsed(bytes + [UInt8](repeating: 0x41, count: room)).message != nil)
    #expect(Parsed(bytes + [UInt8](repeating: 0x41, count: room + 1)).failure == .tooLarge)
  }
}
