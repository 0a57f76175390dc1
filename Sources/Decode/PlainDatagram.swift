public import Capture

extension Decoder {
  /// The ends of the UDP datagram that an Ethernet frame most likely holds.
  public static func ends(
    ofPlain bytes: Span<UInt8>
  ) -> (source: Endpoint, destination: Endpoint)? {
    guard bytes.count >= 42, bytes.uint16(at: 12) == 0x0800, bytes[14] == 0x45,
      bytes[23] == Transport.udp
    else { return nil }
    return (
      Endpoint(address: bytes.ipv4Address(at: 26), port: bytes.uint16(at: 34)),
      Endpoint(address: bytes.ipv4Address(at: 30), port: bytes.uint16(at: 36))
    )
  }

  /// Reads the frame that nearly all frames are: Ethernet without tags, IPv4 without options, not
  /// cut and not a fragment, UDP that is no tunnel; `nil` for every other.
  ///
  /// What the layers would find one by one, in a quarter of the time; they decide on all the rest.
  func plainDatagram(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Datagram? {
    Self.plainPayload(header, bytes).map { Self.datagram(header, bytes, $0) }
  }

  @inline(__always)
  private static func datagram(
    _ header: FrameHeader, _ bytes: Span<UInt8>, _ payload: Range<Int>
  ) -> Datagram {
    Datagram(
      source: Endpoint(address: bytes.ipv4Address(at: 26), port: bytes.uint16(at: 34)),
      destination: Endpoint(address: bytes.ipv4Address(at: 30), port: bytes.uint16(at: 36)),
      payload: payload, ttl: bytes[22], trafficClass: bytes[15],
      identification: UInt32(bytes.uint16(at: 18)), firstFragment: header.reference)
  }

  /// Reads a frame of that form into `datagram` as `decode` would; false, with nothing read or
  /// counted, where it has another.
  ///
  /// In place: what a datagram says is too much to be handed on by value for every frame.
  public mutating func decodePlain(
    _ header: FrameHeader, _ bytes: Span<UInt8>, into datagram: inout Datagram
  ) -> Bool {
    guard header.linkType == .ethernet, let payload = Self.plainPayload(header, bytes) else {
      return false
    }
    counts.frames &+= 1
    datagram = Self.datagram(header, bytes, payload)
    return true
  }

  // Behind 14 bytes of Ethernet, 20 of IPv4 and 8 of UDP.
  private static var payloadStart: Int { 42 }

  /// Where the payload of such a frame stands; `nil` for every other frame.
  @inline(__always)
  private static func plainPayload(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Range<Int>? {
    guard bytes.count >= 42, !header.isCut, bytes.uint16(at: 12) == 0x0800, bytes[14] == 0x45,
      bytes.uint16(at: 20) & 0x3FFF == 0, bytes[23] == Transport.udp
    else { return nil }
    let length = Int(bytes.uint16(at: 38))
    // The IP length may leave padding behind it, the UDP length must fit into it.
    let packet = Int(bytes.uint16(at: 16))
    guard packet &+ 14 <= bytes.count, length >= 8, length &+ 20 <= packet,
      bytes.uint16(at: 36) != UDP.vxlanPort
    else { return nil }
    return payloadStart..<(34 &+ length)
  }

  /// The UDP ports of a plain frame whose payload is an RTP or RTCP packet by its first two bits
  /// (RFC 3550 5.1, version 2) and longer than `length`; `nil` for every other frame.
  public static func mediaPorts(
    _ header: FrameHeader, _ bytes: Span<UInt8>, longerThan length: Int
  ) -> (source: UInt16, destination: UInt16)? {
    // Text is told by one byte, before anything else is looked at.
    guard bytes.count > payloadStart, bytes[payloadStart] & 0xC0 == 0x80,
      header.linkType == .ethernet, let payload = plainPayload(header, bytes),
      payload.count > max(length, 0)
    else { return nil }
    return (bytes.uint16(at: 34), bytes.uint16(at: 36))
  }

  /// Counts a frame of which `mediaPorts` said all that need be known.
  public mutating func countMedia() { counts.frames &+= 1 }
}
