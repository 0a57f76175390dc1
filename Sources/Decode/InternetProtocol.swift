import Capture

/// Protocol numbers (IANA "Assigned Internet Protocol Numbers").
enum Transport {
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let ipv6: UInt8 = 41
  static let gre: UInt8 = 47
  static let icmpv6: UInt8 = 58
}

/// What the transports need of an IP header.
struct IPPacket {
  var source: IPAddress
  var destination: IPAddress
  var isIPv4: Bool
  var ttl: UInt8
  var trafficClass: UInt8
  /// IPv4 identification, or that of an IPv6 fragment header.
  var identification: UInt32
  /// Whether the header gives no length: segmentation offload (IPv4), jumbogram (RFC 2675).
  var isOpenEnded: Bool
}

/// Where a fragment belongs.
struct Fragment {
  /// Offset of its data in the whole packet's, in bytes, a multiple of 8.
  var offset: Int
  /// Whether it is the last one.
  var isLast: Bool
  /// What the first byte of the whole is: a transport, or an IPv6 extension header.
  var nextHeader: UInt8
}

extension Decoder {
  /// IPv4 or IPv6 by the first nibble.
  mutating func ip(_ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window) -> Decoded {
    guard window.layersLeft > 0 else { return .failure(.nestedTooDeep) }
    guard window.count >= 1 else { return window.missing(1) }
    switch bytes[window.offset] >> 4 {
    case 4: return ipv4(header, bytes, window)
    case 6: return ipv6(header, bytes, window)
    default: return .failure(.badIPHeader)
    }
  }

  /// RFC 791 3.1.
  private mutating func ipv4(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    let start = window.offset
    guard window.count >= 20 else { return window.missing(20) }
    let headerLength = Int(bytes[start] & 0x0F) * 4
    guard headerLength >= 20 else { return .failure(.badIPHeader) }
    let totalLength = Int(bytes.uint16(at: start + 2))
    // Zero: a packet longer than 65,535 bytes that the network card was to cut up.
    guard totalLength == 0 || totalLength >= headerLength else { return .failure(.badIPHeader) }
    // The total length also takes off Ethernet's padding.
    let whole = totalLength == 0 ? window : window.limited(to: totalLength)
    guard whole.count >= headerLength else { return whole.missing(headerLength) }
    let packet = IPPacket(
      source: bytes.ipv4Address(at: start + 12), destination: bytes.ipv4Address(at: start + 16),
      isIPv4: true, ttl: bytes[start + 8], trafficClass: bytes[start + 1],
      identification: UInt32(bytes.uint16(at: start + 4)), isOpenEnded: totalLength == 0)
    let transport = bytes[start + 9]
    let payload = whole.skipping(headerLength)
    let flags = bytes.uint16(at: start + 6)
    guard flags & 0x3FFF != 0 else {
      return self.transport(transport, packet, header, bytes, payload)
    }
    guard transport == Transport.udp else { return .nothing }
    let part = Fragment(
      offset: Int(flags & 0x1FFF) * 8, isLast: flags & 0x2000 == 0, nextHeader: transport)
    return fragment(part, of: packet, header, bytes, payload)
  }

  /// RFC 8200 3 and 4.
  private mutating func ipv6(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    let start = window.offset
    guard window.count >= 40 else { return window.missing(40) }
    let length = Int(bytes.uint16(at: start + 4))
    var packet = IPPacket(
      source: bytes.ipv6Address(at: start + 8), destination: bytes.ipv6Address(at: start + 24),
      isIPv4: false, ttl: bytes[start + 7],
      trafficClass: UInt8(truncatingIfNeeded: bytes.uint16(at: start) >> 4), identification: 0,
      isOpenEnded: length == 0)
    let rest = window.skipping(40)
    let payload = length == 0 ? rest : rest.limited(to: length)
    let next = bytes[start + 6]
    switch IPv6Extensions.walk(bytes, payload, next, limit: limits.extensionHeaders) {
    case .upper(let upper, let data): return transport(upper, packet, header, bytes, data)
    case .unknown: return .nothing
    case .failed(let failure): return failure
    case .fragment(let part, let identification, let data):
      packet.identification = identification
      guard IPv6Extensions.mayLeadToUDP(part.nextHeader) else { return .nothing }
      return fragment(part, of: packet, header, bytes, data)
    }
  }

  @inline(__always)
  private mutating func transport(
    _ transport: UInt8, _ packet: IPPacket, _ header: FrameHeader, _ bytes: Span<UInt8>,
    _ window: Window
  ) -> Decoded {
    switch transport {
    case Transport.udp:
      let decoded = UDP.decode(packet, header.reference, bytes, window)
      guard case .datagram(let datagram) = decoded, datagram.destination.port == UDP.vxlanPort
      else { return decoded }
      var inner = window.skipping(8)
      inner.end = datagram.payload.upperBound
      if !datagram.isCut { inner.wireEnd = inner.end }
      return vxlan(header, bytes, inner) ?? decoded
    case Transport.tcp: return TCP.decode(packet, bytes, window)
    case Transport.icmp where packet.isIPv4: return ICMP.decodeV4(packet, bytes, window)
    case Transport.icmpv6 where !packet.isIPv4:
      return ICMP.decodeV6(packet, bytes, window, limit: limits.extensionHeaders)
    case Transport.ipv4, Transport.ipv6: return ip(header, bytes, window)
    case Transport.gre: return gre(header, bytes, window)
    default: return .nothing
    }
  }
}
