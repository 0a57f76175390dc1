import Capture

enum UDP {
  /// RFC 7348 5.
  static let vxlanPort: UInt16 = 4789

  /// RFC 768: ports, length, checksum; the length includes these eight bytes.
  @inline(__always)
  static func decode(
    _ packet: IPPacket, _ frame: FrameReference, _ bytes: Span<UInt8>, _ window: Window
  ) -> Decoded {
    guard window.count >= 8 else { return window.missing(8) }
    let start = window.offset
    var length = Int(bytes.uint16(at: start + 4))
    // RFC 2675 4: a jumbogram's UDP length is 0 and the datagram takes all there is.
    if length == 0, packet.isOpenEnded { length = window.wireCount }
    guard length >= 8, length <= window.wireCount else { return .failure(.badUDPLength) }
    let end = min(window.end, start + length)
    return .datagram(
      Datagram(
        source: Endpoint(address: packet.source, port: bytes.uint16(at: start)),
        destination: Endpoint(address: packet.destination, port: bytes.uint16(at: start + 2)),
        payload: start + 8..<end, isCut: end < start + length, ttl: packet.ttl,
        trafficClass: packet.trafficClass, identification: packet.identification, fragments: 1,
        firstFragment: frame))
  }
}

enum TCP {
  /// RFC 9293 3.1: ports and the data offset are all that is needed.
  static func decode(_ packet: IPPacket, _ bytes: Span<UInt8>, _ window: Window) -> Decoded {
    guard window.count >= 20 else { return window.missing(20) }
    let start = window.offset
    let headerLength = Int(bytes[start + 12] >> 4) * 4
    guard headerLength >= 20, headerLength <= window.wireCount else {
      return .failure(.badTCPHeader)
    }
    return .tcp(
      TCPSegment(
        source: Endpoint(address: packet.source, port: bytes.uint16(at: start)),
        destination: Endpoint(address: packet.destination, port: bytes.uint16(at: start + 2)),
        payload: min(start + headerLength, window.end)..<window.end))
  }
}

enum ICMP {
  /// RFC 792: of the errors those that may concern a datagram; a redirect or echo is none.
  static func decodeV4(_ packet: IPPacket, _ bytes: Span<UInt8>, _ window: Window) -> Decoded {
    guard window.count >= 8 else { return window.missing(8) }
    let type = bytes[window.offset]
    guard type == 3 || type == 11 || type == 12 else { return .nothing }
    guard let quoted = quotedV4(bytes, window.skipping(8)) else { return .nothing }
    return .icmp(error(packet, .v4, bytes, window, quoted))
  }

  /// RFC 4443: errors have types below 128; 1 to 4 are the defined ones.
  static func decodeV6(
    _ packet: IPPacket, _ bytes: Span<UInt8>, _ window: Window, limit: Int
  ) -> Decoded {
    guard window.count >= 8 else { return window.missing(8) }
    guard 1...4 ~= bytes[window.offset] else { return .nothing }
    guard let quoted = quotedV6(bytes, window.skipping(8), limit) else { return .nothing }
    return .icmp(error(packet, .v6, bytes, window, quoted))
  }

  /// What an error quotes of a UDP datagram.
  private struct Quoted {
    var source: Endpoint
    var destination: Endpoint
    var identification: UInt32
    var payload: Range<Int>
  }

  private static func error(
    _ packet: IPPacket, _ family: ICMPError.Family, _ bytes: Span<UInt8>, _ window: Window,
    _ quoted: Quoted
  ) -> ICMPError {
    ICMPError(
      reporter: packet.source, family: family, type: bytes[window.offset],
      code: bytes[window.offset + 1], source: quoted.source, destination: quoted.destination,
      identification: quoted.identification, quotedPayload: quoted.payload)
  }

  /// The quoted total length is not looked at: stacks are known to have changed it.
  private static func quotedV4(_ bytes: Span<UInt8>, _ window: Window) -> Quoted? {
    let start = window.offset
    guard window.count >= 20, bytes[start] >> 4 == 4 else { return nil }
    let headerLength = Int(bytes[start] & 0x0F) * 4
    guard headerLength >= 20, window.count >= headerLength + 8 else { return nil }
    // Only the first fragment has ports.
    guard bytes[start + 9] == Transport.udp, bytes.uint16(at: start + 6) & 0x1FFF == 0 else {
      return nil
    }
    return quotedUDP(
      bytes, window.skipping(headerLength), bytes.ipv4Address(at: start + 12),
      bytes.ipv4Address(at: start + 16), UInt32(bytes.uint16(at: start + 4)))
  }

  private static func quotedV6(_ bytes: Span<UInt8>, _ window: Window, _ limit: Int) -> Quoted? {
    let start = window.offset
    guard window.count >= 40, bytes[start] >> 4 == 6 else { return nil }
    let source = bytes.ipv6Address(at: start + 8)
    let destination = bytes.ipv6Address(at: start + 24)
    var end = IPv6Extensions.walk(bytes, window.skipping(40), bytes[start + 6], limit: limit)
    var identification: UInt32 = 0
    if case .fragment(let part, let id, let rest) = end, part.offset == 0 {
      identification = id
      end = IPv6Extensions.walk(bytes, rest, part.nextHeader, limit: limit)
    }
    guard case .upper(Transport.udp, let rest) = end, rest.count >= 8 else { return nil }
    return quotedUDP(bytes, rest, source, destination, identification)
  }

  private static func quotedUDP(
    _ bytes: Span<UInt8>, _ window: Window, _ source: IPAddress, _ destination: IPAddress,
    _ identification: UInt32
  ) -> Quoted {
    let start = window.offset
    // The length bounds what follows the quotation (RFC 4884 padding and extensions).
    let length = max(8, Int(bytes.uint16(at: start + 4)))
    return Quoted(
      source: Endpoint(address: source, port: bytes.uint16(at: start)),
      destination: Endpoint(address: destination, port: bytes.uint16(at: start + 2)),
      identification: identification, payload: start + 8..<min(window.end, start + length))
  }
}
