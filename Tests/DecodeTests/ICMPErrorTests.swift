import Capture
import Decode
import Testing

@Suite struct ICMPErrors {
  @Test(
    "ICMP types and codes have their meaning",
    arguments: [
      (3, 3, ICMPError.Reason.portUnreachable), (3, 1, .hostUnreachable), (3, 7, .hostUnreachable),
      (3, 0, .networkUnreachable), (3, 13, .administrativelyProhibited),
      (3, 9, .administrativelyProhibited), (3, 10, .administrativelyProhibited),
      (3, 4, .fragmentationNeeded), (11, 0, .timeExceeded), (3, 2, .other), (12, 0, .other),
    ] as [(UInt8, UInt8, ICMPError.Reason)])
  func reasons(type: UInt8, code: UInt8, reason: ICMPError.Reason) {
    let frame = Wire.ipv4(1, Wire.icmp(type, code, packet4), from: "203.0.113.9", to: "192.0.2.1")
    guard case .icmp(let error) = decode(frame, link: .raw) else {
      Issue.record("no error")
      return
    }
    #expect(error.reason == reason)
    #expect(error.family == .v4)
    #expect((error.type, error.code) == (type, code))
    #expect(error.reporter == IPAddress("203.0.113.9"))
    #expect(error.source == Endpoint("192.0.2.1:5060"))
    #expect(error.destination == Endpoint("198.51.100.2:5062"))
    #expect(error.identification == 7)
    #expect(Array(frame[error.quotedPayload]) == payload)
  }

  @Test(
    "ICMPv6 types and codes have their meaning",
    arguments: [
      (1, 4, ICMPError.Reason.portUnreachable), (1, 3, .hostUnreachable),
      (1, 0, .networkUnreachable), (1, 1, .administrativelyProhibited),
      (1, 5, .administrativelyProhibited), (2, 0, .fragmentationNeeded), (3, 0, .timeExceeded),
      (4, 1, .other), (1, 2, .other),
    ] as [(UInt8, UInt8, ICMPError.Reason)])
  func reasonsV6(type: UInt8, code: UInt8, reason: ICMPError.Reason) {
    let frame = Wire.ipv6(58, Wire.icmp(type, code, packet6), from: "2001:db8::9")
    guard case .icmp(let error) = decode(frame, link: .raw) else {
      Issue.record("no error")
      return
    }
    #expect(error.reason == reason)
    #expect(error.family == .v6)
    #expect(error.reporter == IPAddress("2001:db8::9"))
    #expect(error.destination == Endpoint("[2001:db8::2]:5062"))
    #expect(Array(frame[error.quotedPayload]) == payload)
  }

  @Test("Eight quoted bytes of UDP are enough, seven are not")
  func shortQuotation() {
    let eight = Wire.ipv4(1, Wire.icmp(3, 3, Array(packet4[..<28])))
    guard case .icmp(let error) = decode(eight, link: .raw) else {
      Issue.record("no error")
      return
    }
    #expect(error.destination == Endpoint("198.51.100.2:5062"))
    #expect(error.quotedPayload.isEmpty)
    let seven = Wire.ipv4(1, Wire.icmp(3, 3, Array(packet4[..<27])))
    #expect(decode(seven, link: .raw) == .nothing)
  }

  @Test("A quoted first fragment of IPv6 has ports and an identification")
  func quotedFragment() {
    let header = Wire.fragmentHeader(17, offset: 0, more: true, id: 0xABCD)
    let quoted = Wire.ipv6(44, header + Wire.udp(payload, length: 3000))
    guard case .icmp(let error) = decode(Wire.ipv6(58, Wire.icmp(2, 0, quoted)), link: .raw) else {
      Issue.record("no error")
      return
    }
    #expect(error.identification == 0xABCD)
    #expect(error.source.port == 5060)
  }

  @Test(
    "What is no error about a datagram is nothing",
    arguments: [
      Named("echo", Wire.ipv4(1, Wire.icmp(8, 0, packet4))),
      Named("redirect", Wire.ipv4(1, Wire.icmp(5, 1, packet4))),
      Named("quoted TCP", Wire.ipv4(1, Wire.icmp(3, 3, Wire.ipv4(6, Wire.tcp([]))))),
      Named(
        "quoted later fragment", Wire.ipv4(1, Wire.icmp(11, 1, Wire.ipv4(17, payload, offset: 8)))),
      Named("neighbour solicitation", Wire.ipv6(58, Wire.icmp(135, 0, packet6))),
      Named("ICMP number in IPv6", Wire.ipv6(1, Wire.icmp(3, 3, packet4))),
      Named("ICMPv6 number in IPv4", Wire.ipv4(58, Wire.icmp(1, 4, packet6))),
    ])
  func noError(row: Named<[UInt8]>) {
    #expect(decode(row.value, link: .raw) == .nothing)
  }
}
