import Capture
import Decode
import Testing

/// One encapsulation of the same IP packet.
struct Encapsulation: CustomTestStringConvertible, Sendable {
  var name: String
  var link: LinkType
  var frame: [UInt8]
  var isIPv6 = false
  var testDescription: String { name }

  init(_ name: String, _ link: LinkType, _ frame: [UInt8], isIPv6: Bool = false) {
    self.name = name
    self.link = link
    self.frame = frame
    self.isIPv6 = isIPv6
  }

  private static func gre(_ flags: Int, _ type: Int, _ rest: [UInt8]) -> [UInt8] {
    Wire.ipv4(
      47, Wire.word(flags) + Wire.word(type) + rest, from: "10.9.9.9", to: "10.9.9.8")
  }

  private static let inner = Wire.ethernet(0x0800, packet4)
  private static let label = Wire.long(0x0001_0040)
  private static let lastLabel = Wire.long(0x0001_0140)

  static let links: [Encapsulation] = [
    .init("Ethernet with IPv4", .ethernet, Wire.ethernet(0x0800, packet4)),
    .init("Ethernet with IPv6", .ethernet, Wire.ethernet(0x86DD, packet6), isIPv6: true),
    .init("Ethernet with padding", .ethernet, Wire.ethernet(0x0800, packet4 + [9, 9, 9, 9])),
    .init("802.1Q", .ethernet, Wire.ethernet(0x8100, Wire.tag(0x0800, packet4))),
    .init(
      "802.1ad QinQ", .ethernet,
      Wire.ethernet(0x88A8, Wire.tag(0x8100, Wire.tag(0x86DD, packet6))), isIPv6: true),
    .init(
      "old QinQ 0x9100, three tags", .ethernet,
      Wire.ethernet(0x9100, Wire.tag(0x9100, Wire.tag(0x8100, Wire.tag(0x0800, packet4))))),
    .init("VN-Tag", .ethernet, Wire.ethernet(0x8926, Wire.long(5) + Wire.word(0x0800) + packet4)),
    .init(
      "LLC/SNAP", .ethernet,
      Wire.ethernet(
        8 + packet4.count, [0xAA, 0xAA, 3, 0, 0, 0] + Wire.word(0x0800) + packet4)),
    .init(
      "LLC with IP itself", .ethernet, Wire.ethernet(3 + packet4.count, [6, 6, 3] + packet4)),
    .init("MPLS", .ethernet, Wire.ethernet(0x8847, label + lastLabel + packet4)),
    .init("MPLS with IPv6", .ethernet, Wire.ethernet(0x8847, lastLabel + packet6), isIPv6: true),
    .init(
      "MPLS pseudowire", .ethernet, Wire.ethernet(0x8847, lastLabel + Wire.long(0) + inner)),
    .init(
      "PPPoE with IPv4", .ethernet,
      Wire.ethernet(
        0x8864, [0x11, 0] + Wire.word(1) + Wire.word(packet4.count + 2) + Wire.word(0x21) + packet4)
    ),
    .init(
      "PPPoE with IPv6 and padding", .ethernet,
      Wire.ethernet(
        0x8864,
        [0x11, 0] + Wire.word(1) + Wire.word(packet6.count + 2) + Wire.word(0x57) + packet6 + [0]),
      isIPv6: true),
    .init(
      "Linux cooked v1", .linuxSLL,
      [0, 0, 0, 1, 0, 6] + Wire.mac[..<6] + [0, 0] + Wire.word(0x0800) + packet4),
    .init(
      "Linux cooked v1 with a VLAN", .linuxSLL,
      [0, 0, 0, 1, 0, 6] + Wire.mac[..<6] + [0, 0] + Wire.word(0x8100) + Wire.tag(0x0800, packet4)),
    .init(
      "Linux cooked v2", .linuxSLL2,
      Wire.word(0x86DD) + [0, 0, 0, 0, 0, 3, 0, 1, 0, 6] + Wire.mac[..<8] + packet6, isIPv6: true),
    .init("raw with IPv4", .raw, packet4),
    .init("raw with IPv6", .raw, packet6, isIPv6: true),
    .init("raw as BSD wrote it (12)", LinkType(rawValue: 12), packet4),
    .init("raw as OpenBSD wrote it (14)", LinkType(rawValue: 14), packet6, isIPv6: true),
    .init("IPv4 link", .ipv4, packet4),
    .init("IPv6 link", .ipv6, packet6, isIPv6: true),
    .init("null, little-endian writer", .null, [2, 0, 0, 0] + packet4),
    .init("null, big-endian writer", .null, [0, 0, 0, 2] + packet4),
    .init("null, IPv6 of macOS", .null, [30, 0, 0, 0] + packet6, isIPv6: true),
    .init("null, IPv6 of FreeBSD", .null, [0, 0, 0, 28] + packet6, isIPv6: true),
    .init("null, IPv6 of OpenBSD", .null, [24, 0, 0, 0] + packet6, isIPv6: true),
    .init("loop", .loop, [0, 0, 0, 2] + packet4),
    .init("loop, IPv6 of Linux", .loop, [0, 0, 0, 10] + packet6, isIPv6: true),
    .init("PPP", LinkType(rawValue: 9), Wire.word(0x21) + packet4),
    .init("PPP in HDLC framing", LinkType(rawValue: 50), [0xFF, 3, 0, 0x21] + packet4),
    .init("Cisco HDLC", LinkType(rawValue: 104), [0x0F, 0] + Wire.word(0x0800) + packet4),
    .init("PPP, short protocol field", LinkType(rawValue: 9), [0xFF, 3, 0x21] + packet4),
    .init(
      "PPPoE without Ethernet", LinkType(rawValue: 51),
      [0x11, 0] + Wire.word(1) + Wire.word(packet4.count + 2) + Wire.word(0x21) + packet4),
  ]

  static let tunnels: [Encapsulation] = [
    .init("IPv4 in IPv4", .raw, Wire.ipv4(4, packet4, from: "10.0.0.1", to: "10.0.0.2")),
    .init("IPv6 in IPv4", .raw, Wire.ipv4(41, packet6), isIPv6: true),
    .init("IPv4 in IPv6", .raw, Wire.ipv6(4, packet4)),
    .init("GRE", .raw, gre(0, 0x0800, packet4)),
    .init("GRE with IPv6", .raw, gre(0, 0x86DD, packet6), isIPv6: true),
    .init(
      "GRE with checksum, key and sequence", .raw,
      gre(0xB000, 0x0800, Wire.long(0) + Wire.long(1) + Wire.long(2) + packet4)),
    .init("GRE with Ethernet", .raw, gre(0x2000, 0x6558, Wire.long(9) + inner)),
    .init("ERSPAN I", .raw, gre(0, 0x88BE, inner)),
    .init(
      "ERSPAN II", .raw, gre(0x1000, 0x88BE, Wire.long(1) + [0x10, 1, 0, 1, 0, 0, 0, 0] + inner)),
    .init(
      "ERSPAN III", .raw,
      gre(0x1000, 0x22EB, Wire.long(1) + [0x20, 1, 0, 1] + Wire.long(0) + Wire.long(0) + inner)),
    .init(
      "ERSPAN III with platform bytes", .raw,
      gre(
        0x1000, 0x22EB,
        Wire.long(1) + [0x20, 1, 0, 1] + Wire.long(0) + Wire.long(1) + Wire.long(0) + Wire.long(0)
          + inner)),
    .init(
      "VXLAN", .raw, Wire.ipv4(17, Wire.udp([8, 0, 0, 0, 0, 0, 42, 0] + inner, to: 4789))),
  ]
}

@Suite struct LinkLayers {
  @Test("A datagram is found behind", arguments: Encapsulation.links + Encapsulation.tunnels)
  func found(in encapsulation: Encapsulation) {
    let found = delivered(encapsulation.frame, link: encapsulation.link)
    #expect(found == (encapsulation.isIPv6 ? expected6 : expected4))
  }

  @Test("Bytes on port 4789 that are not VXLAN stay a datagram of their own")
  func notVXLAN() {
    let found = delivered(Wire.ipv4(17, Wire.udp(payload, to: 4789)), link: .raw)
    #expect(found?.payload == payload)
    #expect(found?.destination == "198.51.100.2:4789")
  }

  @Test(
    "Frames that cannot carry SIP are nothing and no failure",
    arguments: [
      Named("ARP", Wire.ethernet(0x0806, [UInt8](repeating: 0, count: 28))),
      Named(
        "spanning tree", Wire.ethernet(38, [0x42, 0x42, 3] + [UInt8](repeating: 0, count: 35))),
      Named("LLDP", Wire.ethernet(0x88CC, [2, 7, 4])),
      Named("PPPoE discovery", Wire.ethernet(0x8863, [0x11, 9, 0, 0, 0, 0])),
      Named("IGMP", Wire.ethernet(0x0800, Wire.ipv4(2, [0x16, 0, 0, 0]))),
      Named("ESP", Wire.ethernet(0x86DD, Wire.ipv6(50, [UInt8](repeating: 1, count: 40)))),
      Named("PPTP's GRE", Wire.ethernet(0x0800, Wire.ipv4(47, [0x30, 1, 0x88, 0x0B, 0, 0, 0, 0]))),
    ])
  func nothing(row: Named<[UInt8]>) {
    #expect(decode(row.value) == .nothing)
  }

  @Test("An unknown link type is a failure that names the type")
  func unknownLinkType() {
    var decoder = Decoder(seed: 1)
    for number: UInt32 in [8, 8, 147] {
      let frame = packet4
      let result = decoder.decode(
        header(frame.count, link: LinkType(rawValue: number)), frame.span)
      #expect(result == .failure(.unknownLinkType))
    }
    #expect(decoder.counts[.unknownLinkType] == 3)
    #expect(decoder.counts.firstUnknownLinkType == LinkType(rawValue: 8))
  }

  @Test("A family that is not IP is nothing behind the loopback header")
  func otherFamily() {
    #expect(decode([0, 0, 0, 7] + packet4, link: .loop) == .nothing)
  }

  @Test("Tags are peeled off up to the limit and not further")
  func tooManyTags() {
    func tagged(_ count: Int) -> [UInt8] {
      var inner = Wire.tag(0x0800, packet4)
      for _ in 1..<count { inner = Wire.tag(0x8100, inner) }
      return Wire.ethernet(0x8100, inner)
    }
    #expect(delivered(tagged(10)) == expected4)
    #expect(decode(tagged(40)) == .failure(.nestedTooDeep))
  }

  @Test("A label stack without an end and tunnels in tunnels stop at the limit")
  func tooManyLayers() {
    let labels = (0..<100).flatMap { _ in Wire.long(0) }
    #expect(decode(Wire.ethernet(0x8847, labels)) == .failure(.nestedTooDeep))
    var nested = packet4
    for _ in 0..<100 { nested = Wire.ipv4(4, nested) }
    #expect(decode(nested, link: .raw) == .failure(.nestedTooDeep))
  }

  @Test("A PPPoE header of another version and an ERSPAN of unknown version are bad tunnels")
  func badTunnels() {
    let pppoe = Wire.ethernet(0x8864, [0x21, 0, 0, 1, 0, 2, 0, 0x21] + packet4)
    #expect(decode(pppoe) == .failure(.badTunnelHeader))
    let erspan = Wire.ipv4(
      47, [0x10, 0, 0x88, 0xBE] + Wire.long(1) + [0x70] + [UInt8](repeating: 0, count: 30))
    #expect(decode(erspan, link: .raw) == .failure(.badTunnelHeader))
  }
}
