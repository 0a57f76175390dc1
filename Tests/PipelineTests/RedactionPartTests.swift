import Capture
import Decode
import Foundation
@testable import Redaction
import SIP
import Testing

@Suite("What a redaction keeps and what it replaces")
struct RedactionPartTests {
  // MARK: Addresses

  private static func replaced(_ text: String, key: [UInt8] = testKey) -> IPAddress {
    Redactor(key: key).replacement(for: IPAddress(text) ?? IPAddress(ipv4: 0))
  }

  @Test("An address stays in the range that says what it is for")
  func ranges() {
    let ranges = [
      ("10.1.2.3", "10."), ("172.16.5.5", "172."), ("192.168.1.10", "192.168."),
      ("100.64.3.4", "100."), ("169.254.7.7", "169.254."), ("fd12:3456::1", "fd"),
      ("fe80::1234", "fe80::"), ("ff02::1:ff12:3456", "ff02::1:ff"),
      ("64:ff9b::102:304", "64:ff9b"),
    ]
    for (original, start) in ranges {
      let replacement = Self.replaced(original)
      #expect("\(replacement)".hasPrefix(start), "\(original) became \(replacement)")
      #expect("\(replacement)" != original)
      #expect(replacement.isPrivate == (IPAddress(original)?.isPrivate ?? false))
    }
    for same in ["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "::", "::1", "ff02::1"] {
      #expect("\(Self.replaced(same))" == same)
    }
  }

  @Test("Public addresses stay public, and no two become one")
  func publicAddresses() {
    var seen: Set<IPAddress> = []
    for number in UInt32(0)..<300 {
      let address = IPAddress(ipv4: number &* 13_981_013 &+ 0x0B00_0001)
      let replacement = Redactor(key: testKey).replacement(for: address)
      #expect(replacement.isPrivate == address.isPrivate, "\(address) became \(replacement)")
      #expect(seen.insert(replacement).inserted)
    }
  }

  @Test("Addresses that share their first bits go on sharing as many")
  func prefixes() {
    func shared(_ left: IPAddress, _ right: IPAddress) -> Int {
      let (high, low) = (left.high ^ right.high, left.low ^ right.low)
      return high == 0 ? 64 + low.leadingZeroBitCount : high.leadingZeroBitCount
    }
    let pairs = [
      ("203.0.113.10", "203.0.113.20"), ("203.0.113.10", "203.0.114.1"), ("10.1.2.3", "10.1.9.9"),
      ("192.168.1.1", "192.168.1.254"), ("2001:db8::1", "2001:db8::2"),
      ("2001:db8:1::1", "2001:db8:2::1"), ("fd00::1", "fd00::5"),
    ]
    for (left, right) in pairs {
      let original = shared(IPAddress(left) ?? .init(ipv4: 0), IPAddress(right) ?? .init(ipv4: 0))
      #expect(shared(Self.replaced(left), Self.replaced(right)) == original, "\(left) \(right)")
    }
  }

  @Test("The key decides, and nothing else")
  func keys() {
    let other = Array("another key for tests".utf8)
    #expect(Self.replaced("203.0.113.10") == Self.replaced("203.0.113.10"))
    #expect(Self.replaced("203.0.113.10") != Self.replaced("203.0.113.10", key: other))
    #expect(Redactor.randomKey() != Redactor.randomKey())
    #expect(Redactor.randomKey().count >= Redactor.shortestKey)
    #expect(Self.user("alice", key: testKey) == Self.user("alice", key: testKey))
    #expect(Self.user("alice", key: testKey) != Self.user("alice", key: other))
    #expect(Self.user("alice", key: testKey) != Self.user("Alice", key: testKey))
  }

  @Test("The function under the key is HMAC with SHA-256")
  func function() {
    func hex(_ bytes: [UInt8]) -> String {
      bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    // FIPS 180-2 B.1 and B.2.
    #expect(
      hex(SHA256().finalize(Array("abc".utf8)))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(
      hex(SHA256().finalize(Array(two.utf8)))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    // RFC 4231 test cases 2 and 6.
    let jefe = KeyedFunction(key: Array("Jefe".utf8))
    #expect(
      hex(jefe.value(Array("what do ya want for nothing?".utf8)))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    let long = KeyedFunction(key: Array(repeating: 0xAA, count: 131))
    #expect(
      hex(long.value(Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  private static func user(_ user: String, key: [UInt8]) -> String {
    let text = "OPTIONS sip:\(user)@host.example SIP/2.0\r\n\r\n"
    let line = String(decoding: redactedPayload(text, key: key), as: UTF8.self)
    return String(line.dropFirst("OPTIONS sip:".count).prefix { $0 != "@" })
  }

  // MARK: Messages

  /// The payload that a datagram with this text has after redaction.
  private static func redactedPayload(_ text: String, key: [UInt8] = testKey) -> [UInt8] {
    let frame = datagram(Array(text.utf8))
    return Array(redact([frame], key: key).frames[0].bytes.dropFirst(42))
  }

  /// An Ethernet frame with a UDP datagram, of 10.0.0.1:5060 to 10.0.0.2:5060.
  private static func datagram(_ payload: [UInt8]) -> StoredFrame {
    func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    let bytes: [UInt8] =
      [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0]
      + [0x45, 0] + number(28 + payload.count) + [
        0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
      ]
      + number(5060) + number(5060) + number(8 + payload.count) + [0, 1] + payload
    return StoredFrame(
      header: FrameHeader(
        reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
        linkType: .ethernet, capturedLength: bytes.count, originalLength: bytes.count),
      bytes: bytes)
  }

  private static let request = """
    REGISTER sip:pbx.corp.example SIP/2.0\r
    Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKsecretbranch;rport\r
    From: "Alice Liddell" <sip:alice@pbx.corp.example>;tag=secrettag\r
    To: Alice <sip:alice@pbx.corp.example>\r
    Call-ID: secretcall@10.0.0.1\r
    CSeq: 7 REGISTER\r
    Contact: <sip:alice@10.0.0.1:5060;transport=udp>;expires=300;\
    +sip.instance="<urn:uuid:00000000-0000-1000-8000-001565aabbcc>"\r
    Authorization: Digest username="alice", realm="pbx.corp.example", nonce="secretnonce", \
    uri="sip:pbx.corp.example", response="0123456789abcdef0123456789abcdef", algorithm=MD5\r
    User-Agent: Yealink SIP-T46S 66.85.0.5 001565aabbcc\r
    X-Corp-Secret: wonderland\r
    Subject: the queen\r
    Expires: 300\r
    Content-Length: 4\r
    \r
    abcd
    """

  @Test("A message is read as it was, with other names")
  func message() throws {
    let text = Self.redactedPayload(Self.request)
    guard case .message(let message) = SIPParser.parse(text.span),
      case .message(let original) = SIPParser.parse(Array(Self.request.utf8).span)
    else { throw Unreadable() }
    #expect(message.method == original.method)
    #expect(message.cseq == 7)
    #expect(message.expires == 300)
    #expect(message.firstContact.expires == 300)
    #expect(message.contentLength == 4)
    #expect(message.via.hasMagicCookie && message.via.hasRport && message.via.port == 5060)
    let span = text.span
    #expect(span.string(message.to.user) == span.string(message.from.user))
    let credentials = try #require(message.credentials)
    #expect(span.string(credentials.username) == span.string(message.to.user))
    #expect(span.string(credentials.realm) == span.string(message.to.host))
    #expect(span.string(message.via.host) == span.string(message.firstContact.host))
    #expect(span.string(message.via.host) == "\(Self.replaced("10.0.0.1"))")
    #expect(span.string(message.firstContact.transport) == "udp")
    #expect(span.string(message.firstContact.instance).hasPrefix("urn:uuid:"))
    #expect(span.string(message.userAgent).hasPrefix("Yealink SIP-T46S "))
  }

  struct Unreadable: Error {}

  @Test("No name is left of a message, wherever it is cut")
  func cut() {
    let secrets = [
      "alice", "liddell", "corp", "secret", "0123456789abcdef", "001565aabbcc", "wonderland",
      "queen", "10.0.0.1", "abcd",
    ]
    for length in stride(from: 0, through: Self.request.utf8.count, by: 7) {
      let frame = Self.datagram(Array(Self.request.utf8)).cut(to: 42 + length)
      let redacted = redact([frame]).frames[0]
      let text = String(decoding: redacted.bytes.dropFirst(42), as: UTF8.self).lowercased()
      for secret in secrets { #expect(!text.contains(secret), "cut to \(length): \(text)") }
      #expect(redacted.header.isCut == frame.header.isCut)
      let missing = redacted.header.originalLength - redacted.header.capturedLength
      #expect(missing == frame.header.originalLength - frame.header.capturedLength)
    }
  }

  @Test("A Content-Length that was wrong stays as wrong")
  func contentLength() {
    let text = Self.request.replacing("Content-Length: 4", with: "Content-Length: 9")
    guard case .failure(let failure, _) = SIPParser.parse(Self.redactedPayload(text).span) else {
      Issue.record("no failure any more")
      return
    }
    #expect(failure == .bodyShorterThanContentLength)
  }

  @Test(
    "What is no SIP keeps its kind and length", arguments: ["", "\r\n\r\n", "\0", "HELLO", "jaK"])
  func keepalives(_ text: String) {
    #expect(Self.redactedPayload(text) == Array(text.utf8))
  }

  @Test("Another text and anything binary is replaced")
  func others() {
    #expect(Self.redactedPayload("alice@home").count == 10)
    #expect(!String(decoding: Self.redactedPayload("alice@home"), as: UTF8.self).contains("alice"))
    let media: [UInt8] = [0x80, 0, 1, 2] + Array("secret".utf8)
    let redacted = redact([Self.datagram(media)]).frames[0].bytes.dropFirst(42)
    #expect(Array(redacted) == Array(repeating: 0xFF, count: media.count))
    let stun: [UInt8] =
      [1, 1, 0, 12, 0x21, 0x12, 0xA4, 0x42] + Array(repeating: 7, count: 12)
      + [0, 0x20, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7]
    let kept = redact([Self.datagram(stun)]).frames[0].bytes.dropFirst(42)
    #expect(Array(kept) == Array(stun.prefix(20)) + Array(repeating: 0, count: 12))
  }

  @Test("The map leads back, and only the map")
  func map() {
    let map = redact([Self.datagram(Array(Self.request.utf8))]).map
    let text = map.text
    #expect(text.contains("user\talice\tu"))
    #expect(text.contains("host\tpbx.corp.example\th"))
    #expect(text.contains("address\t10.0.0.1\t\(Self.replaced("10.0.0.1"))"))
    #expect(text.contains("call\tsecretcall@10.0.0.1\t"))
    let user = Self.user("alice", key: testKey)
    let host = String(
      String(decoding: Self.redactedPayload(Self.request), as: UTF8.self)
        .dropFirst("REGISTER sip:".count).prefix { $0 != " " })
    #expect(map.originalAccount("\(user)@\(host)") == "alice@pbx.corp.example")
    #expect(map.originalAccount("bob@\(Self.replaced("10.0.0.1"))") == "bob@10.0.0.1")
  }

  @Test("A map that cannot hold everything says so, and other texts do not take the place of names")
  func fullMap() {
    let names = Pseudonyms(
      key: testKey, remembersAll: true, room: .init(texts: 3, bytes: 1000))
    let calls = (1...9).map { names.opaque(.call, Array("call\($0)".utf8)) }
    let user = names.user([UInt8]("alice".utf8)[...])
    var map = RedactionMap(names)
    #expect(map.entries.count == 4)
    #expect(map.hasAllNames && !map.isComplete)
    #expect(map.originalAccount(String(decoding: user, as: UTF8.self) + "@a") == "alice@a")
    // What is not remembered is replaced by the same all the same.
    #expect(names.opaque(.call, Array("call9".utf8)) == calls.last)
    for number in 1...3 { _ = names.user([UInt8]("bob\(number)".utf8)[...]) }
    map = RedactionMap(names)
    #expect(map.entries.count == 6 && !map.hasAllNames)
    #expect(redact([Self.datagram(Array(Self.request.utf8))]).map.isComplete)
  }

  @Test(
    "Names too long to be remembered, and addresses beyond those that are, make a map incomplete")
  func roomForBytes() {
    let room = Pseudonyms.Room(texts: 2, bytes: 60)
    let long = Pseudonyms(key: testKey, remembersAll: false, room: room)
    _ = long.user(Array(repeating: 0x61, count: 60)[...])
    #expect(!long.hasAllNames && RedactionMap(long).entries.isEmpty)
    let many = Pseudonyms(key: testKey, remembersAll: false, room: room)
    for number in 1...2 { _ = many.address(IPAddress(ipv4: 0x0A00_0000 + UInt32(number))) }
    #expect(many.hasAllNames)
    _ = many.address(IPAddress(ipv4: 0x0A00_0003))
    #expect(!many.hasAllNames)
  }
}
