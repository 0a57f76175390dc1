import Capture
import Decode
import Redaction
import Testing

@Suite("Redaction reaches every layer a packet may have")
struct RedactionLayerTests {
  private static let message = Array(
    """
    OPTIONS sip:alice@10.9.8.7 SIP/2.0\r
    Via: SIP/2.0/UDP 10.9.8.6:5060;branch=z9hG4bKalice1\r
    From: <sip:bob@10.9.8.6>;tag=bobs\r
    To: <sip:alice@10.9.8.7>\r
    Call-ID: alice-and-bob\r
    CSeq: 1 OPTIONS\r
    Content-Length: 0\r
    \r

    """.utf8)

  // MARK: Building packets

  private static func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  private static func udp(_ payload: [UInt8], port: Int = 5060) -> [UInt8] {
    number(5060) + number(port) + number(8 + payload.count) + [0, 1] + payload
  }

  private static func ipv4(_ payload: [UInt8], transport: UInt8 = 17, options: [UInt8] = [])
    -> [UInt8]
  {
    [0x45 + UInt8(options.count / 4), 0] + number(20 + options.count + payload.count)
      + [0, 7, 0, 0, 60, transport, 0, 0, 10, 9, 8, 6, 10, 9, 8, 7] + options + payload
  }

  private static func ipv6(_ payload: [UInt8], next: UInt8 = 17) -> [UInt8] {
    let prefix: [UInt8] = [0x20, 1, 0x0D, 0xB8, 0, 9, 0, 8] + Array(repeating: 0, count: 7)
    return [0x60, 0, 0, 0] + number(payload.count) + [next, 60] + prefix + [6] + prefix + [7]
      + payload
  }

  private static func ethernet(_ payload: [UInt8], type: [UInt8] = [8, 0]) -> [UInt8] {
    [2, 9, 9, 9, 9, 1, 2, 9, 9, 9, 9, 2] + type + payload
  }

  /// What quotes the packet that could not be delivered.
  private static func unreachable(_ packet: [UInt8]) -> [UInt8] {
    [3, 3, 0, 0, 0, 0, 0, 0] + packet
  }

  struct Packet: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let linkType: LinkType
    let bytes: [UInt8]
    /// Whether a datagram comes out, not an ICMP error.
    var isDatagram = true
  }

  static let packets: [Packet] = [
    Packet(testDescription: "Ethernet", linkType: .ethernet, bytes: ethernet(ipv4(udp(message)))),
    Packet(
      testDescription: "padded", linkType: .ethernet,
      bytes: ethernet(ipv4(udp(message)) + Array("alice".utf8))),
    Packet(
      testDescription: "VLAN in VLAN", linkType: .ethernet,
      bytes: ethernet([0, 5, 0x81, 0, 0, 6, 8, 0] + ipv4(udp(message)), type: [0x88, 0xA8])),
    Packet(
      testDescription: "MPLS", linkType: .ethernet,
      bytes: ethernet([0, 1, 1, 60] + ipv4(udp(message)), type: [0x88, 0x47])),
    Packet(
      testDescription: "PPPoE", linkType: .ethernet,
      bytes: ethernet(
        [0x11, 0, 0, 1] + number(ipv4(udp(message)).count + 2) + [0, 0x21] + ipv4(udp(message)),
        type: [0x88, 0x64])),
    Packet(
      testDescription: "cooked", linkType: .linuxSLL,
      bytes: [0, 0, 0, 1, 0, 6, 2, 9, 9, 9, 9, 1, 0, 0, 8, 0] + ipv4(udp(message))),
    Packet(
      testDescription: "cooked v2", linkType: .linuxSLL2,
      bytes: [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 2, 9, 9, 9, 9, 1, 0, 0] + ipv4(udp(message))),
    Packet(testDescription: "loopback", linkType: .null, bytes: [2, 0, 0, 0] + ipv4(udp(message))),
    Packet(
      testDescription: "record route", linkType: .raw,
      bytes: ipv4(udp(message), options: [7, 7, 8, 10, 9, 8, 5, 1])),
    Packet(testDescription: "IPv6", linkType: .raw, bytes: ipv6(udp(message))),
    Packet(
      testDescription: "IPv6 with options", linkType: .raw,
      bytes: ipv6([17, 0, 1, 4, 10, 9, 8, 6] + udp(message), next: 60)),
    Packet(
      testDescription: "IP in IP", linkType: .raw, bytes: ipv4(ipv6(udp(message)), transport: 41)),
    Packet(
      testDescription: "GRE", linkType: .raw,
      bytes: ipv4([0, 0, 8, 0] + ipv4(udp(message)), transport: 47)),
    Packet(
      testDescription: "VXLAN", linkType: .raw,
      bytes: ipv4(udp([8, 0, 0, 0, 0, 0, 1, 0] + ethernet(ipv4(udp(message))), port: 4789))),
    Packet(
      testDescription: "ICMP", linkType: .raw,
      bytes: ipv4(unreachable(ipv4(udp(message))), transport: 1), isDatagram: false),
    Packet(
      testDescription: "ICMP with a part of it", linkType: .raw,
      bytes: ipv4(unreachable(Array(ipv4(udp(message)).prefix(90))), transport: 1),
      isDatagram: false),
    Packet(
      testDescription: "ICMPv6", linkType: .raw,
      bytes: ipv6([1, 4] + unreachable(ipv6(udp(message))).dropFirst(2), next: 58),
      isDatagram: false),
  ]

  /// Ways to put a packet into one more layer.
  private static let wrappings: [(name: String, wrap: @Sendable ([UInt8]) -> [UInt8])] = [
    ("IP in IP", { ipv4($0, transport: 4) }),
    ("GRE", { ipv4([0, 0, 8, 0] + $0, transport: 47) }),
    ("Ethernet in GRE", { ipv4([0, 0, 0x65, 0x58] + ethernet($0), transport: 47) }),
    ("ERSPAN", { ipv4([0, 0, 0x88, 0xBE] + ethernet($0), transport: 47) }),
    ("VXLAN", { ipv4(udp([8, 0, 0, 0, 0, 0, 1, 0] + ethernet($0), port: 4789)) }),
  ]

  private static func tagged(_ count: Int) -> [UInt8] {
    let tags = (1..<count).flatMap { _ in [0, 5, 0x81, 0] as [UInt8] }
    return ethernet(tags + [0, 5, 8, 0] + ipv4(udp(message)), type: [0x81, 0])
  }

  /// What the decoder finds in a frame: text of SIP, or why it finds none.
  private static func found(_ type: LinkType, _ bytes: [UInt8]) -> String {
    var decoder = Decoder(seed: 1)
    let decoded = decoder.decode(frame(type, bytes).header, bytes.span)
    guard case .datagram(let datagram) = decoded else { return "\(decoded)" }
    return String(decoding: bytes[datagram.payload].prefix(12), as: UTF8.self)
  }

  private static func frame(_ type: LinkType, _ bytes: [UInt8]) -> StoredFrame {
    StoredFrame(
      header: FrameHeader(
        reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
        linkType: type, capturedLength: bytes.count, originalLength: bytes.count),
      bytes: bytes)
  }

  @Test("As many layers are opened as the decoder opens", arguments: 1...20)
  func depth(_ layers: Int) {
    var packets: [(name: String, type: LinkType, bytes: [UInt8])] = [
      ("VLAN", .ethernet, Self.tagged(layers))
    ]
    for (name, wrap) in Self.wrappings {
      let packet = (0..<layers).reduce(Self.ipv4(Self.udp(Self.message))) { inside, _ in
        wrap(inside)
      }
      packets.append((name, .raw, packet))
      packets.append((name + " in Ethernet", .ethernet, Self.ethernet(packet)))
    }
    for (name, type, bytes) in packets {
      let redacted = redact([Self.frame(type, bytes)]).frames[0].bytes
      let before = Self.found(type, bytes)
      let after = Self.found(type, redacted)
      #expect(after.hasPrefix("OPTIONS sip:") == before.hasPrefix("OPTIONS sip:"), "\(name)")
      #expect(after.hasPrefix("failure") == before.hasPrefix("failure"), "\(name): \(after)")
      #expect(!Haystack(redacted).holds("alice"), "\(name)")
    }
  }

  @Test("Nothing is left, and the decoder finds as much", arguments: packets)
  func layers(_ packet: Packet) throws {
    let redacted = redact([Self.frame(packet.linkType, packet.bytes)]).frames[0]
    let bytes = Haystack(redacted.bytes)
    for secret in ["alice", "bob", "10.9.8", "\u{0A}\u{09}\u{08}", "\u{09}\u{09}\u{09}"] {
      #expect(!bytes.holds(secret), "\(secret) in \(redacted.bytes)")
    }
    #expect(bytes.find([0x0D, 0xB8, 0, 9, 0, 8], from: 0) == nil)
    var decoder = Decoder(seed: 1)
    switch decoder.decode(redacted.header, redacted.bytes.span) {
    case .datagram(let datagram):
      #expect(packet.isDatagram)
      let text = String(decoding: redacted.bytes[datagram.payload], as: UTF8.self)
      #expect(text.hasPrefix("OPTIONS sip:u"))
      #expect(text.hasSuffix("Content-Length: 0\r\n\r\n"))
      #expect(!datagram.isCut && datagram.source.port == 5060)
    case .icmp(let error):
      #expect(!packet.isDatagram && error.reason == .portUnreachable)
      #expect(error.source.port == 5060 && error.reporter == error.source.address)
      let text = String(decoding: redacted.bytes[error.quotedPayload], as: UTF8.self)
      #expect(text.hasPrefix("OPTIONS sip:u"))
    case let other: Issue.record("became \(other)")
    }
  }
}
