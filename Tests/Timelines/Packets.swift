/// Builds Ethernet frames around UDP datagrams and ICMP errors.
struct PacketBuilder {
  /// The identification of the next IPv4 packet of each sender, rising as a host counts.
  private var identifications: [[UInt8]: UInt16] = [:]

  /// An IP packet with a UDP datagram (RFC 768, RFC 791, RFC 8200).
  mutating func udp(from source: Place, to destination: Place, payload: [UInt8]) -> [UInt8] {
    let length = UInt16(clamping: payload.count + 8)
    var datagram = source.port.bigEndianBytes + destination.port.bigEndianBytes
    datagram += length.bigEndianBytes + [0, 0] + payload
    let pseudo = pseudoHeader(
      source.bytes, destination.bytes, length: datagram.count, protocolNumber: 17)
    let sum = checksum(pseudo + datagram)
    // RFC 768: a sum of zero is sent as all ones, zero means none.
    datagram.replaceSubrange(6..<8, with: (sum == 0 ? 0xFFFF : sum).bigEndianBytes)
    return ip(from: source, to: destination, protocolNumber: 17, payload: datagram)
  }

  /// An ICMP or ICMPv6 error that quotes `packet` (RFC 792, RFC 1812 4.3.2.3, RFC 4443 3).
  mutating func icmp(
    from source: Place, to destination: Place, reason: ICMPReason, quoting packet: [UInt8]
  ) -> [UInt8] {
    let (type, code) = source.isIPv6 ? reason.v6 : reason.v4
    // The whole error stays within 576 bytes, or 1280 for IPv6.
    let quoted = packet.prefix(source.isIPv6 ? 1280 - 48 : 576 - 28)
    var message: [UInt8] = [type, code, 0, 0, 0, 0, 0, 0] + quoted
    let pseudo =
      source.isIPv6
      ? pseudoHeader(source.bytes, destination.bytes, length: message.count, protocolNumber: 58)
      : []
    message.replaceSubrange(2..<4, with: checksum(pseudo + message).bigEndianBytes)
    return ip(
      from: source, to: destination, protocolNumber: source.isIPv6 ? 58 : 1, payload: message)
  }

  private mutating func ip(
    from source: Place, to destination: Place, protocolNumber: UInt8, payload: [UInt8]
  ) -> [UInt8] {
    if source.isIPv6 {
      return [0x60, 0, 0, 0] + UInt16(clamping: payload.count).bigEndianBytes
        + [protocolNumber, 64] + source.bytes + destination.bytes + payload
    }
    let identification = identifications[source.bytes, default: 0] &+ 1
    identifications[source.bytes] = identification
    var header: [UInt8] = [0x45, 0] + UInt16(clamping: payload.count + 20).bigEndianBytes
    header += identification.bigEndianBytes + [0x40, 0, 64, protocolNumber, 0, 0]
    header += source.bytes + destination.bytes
    header.replaceSubrange(10..<12, with: checksum(header).bigEndianBytes)
    return header + payload
  }

  private func pseudoHeader(
    _ source: [UInt8], _ destination: [UInt8], length: Int, protocolNumber: UInt8
  ) -> [UInt8] {
    // IPv6 writes the length in 32 bits (RFC 8200 8.1); the sum is the same either way.
    source + destination + UInt32(clamping: length).bigEndianBytes + [0, 0, 0, protocolNumber]
  }
}

extension ICMPReason {
  fileprivate var v4: (UInt8, UInt8) {
    switch self {
    case .networkUnreachable: (3, 0)
    case .hostUnreachable: (3, 1)
    case .portUnreachable: (3, 3)
    case .prohibited: (3, 13)
    case .timeExceeded: (11, 0)
    }
  }

  fileprivate var v6: (UInt8, UInt8) {
    switch self {
    case .networkUnreachable: (1, 0)
    case .prohibited: (1, 1)
    case .hostUnreachable: (1, 3)
    case .portUnreachable: (1, 4)
    case .timeExceeded: (3, 0)
    }
  }
}

/// The Internet checksum (RFC 1071).
func checksum(_ bytes: [UInt8]) -> UInt16 {
  var sum: UInt64 = 0
  for index in stride(from: 0, to: bytes.count, by: 2) {
    let low = index + 1 < bytes.count ? UInt64(bytes[index + 1]) : 0
    sum += UInt64(bytes[index]) << 8 + low
  }
  while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
  return ~UInt16(truncatingIfNeeded: sum)
}

/// An Ethernet frame around an IP packet; the hosts' numbers make their addresses.
func ethernet(from source: Int, to destination: Int, packet: [UInt8]) -> [UInt8] {
  func address(_ number: Int) -> [UInt8] {
    // Locally administered, so that it belongs to no maker.
    [0x02, 0, 0] + UInt32(truncatingIfNeeded: number + 1).bigEndianBytes.suffix(3)
  }
  let isIPv6 = (packet.first ?? 0) >> 4 == 6
  return address(destination) + address(source) + (isIPv6 ? [0x86, 0xDD] : [0x08, 0x00]) + packet
}
