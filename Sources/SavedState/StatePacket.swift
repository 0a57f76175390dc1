import CZlib
import Capture
import Decode

/// A UDP datagram in a packet of its own (RFC 768, RFC 791, RFC 8200).
enum StatePacket {
  private static let udp: UInt8 = 17

  /// The packet from `source` to `destination`, whose addresses are of one family.
  static func bytes(
    _ payload: [UInt8], from source: Endpoint, to destination: Endpoint
  ) -> [UInt8] {
    let length = UInt16(clamping: payload.count + 8)
    var datagram: [UInt8] = []
    datagram.reserveCapacity(payload.count + 48)
    datagram.put(source.port)
    datagram.put(destination.port)
    datagram.put(length)
    datagram.put(UInt16(0))
    datagram += payload
    let isIPv4 = source.address.isIPv4 && destination.address.isIPv4
    var addresses: [UInt8] = []
    for address in [source.address, destination.address] {
      if !isIPv4 { addresses.put(address.high) }
      if isIPv4 {
        addresses.put(UInt32(truncatingIfNeeded: address.low))
      } else {
        addresses.put(address.low)
      }
    }
    // The pseudo header (RFC 768, RFC 8200 8.1): addresses, protocol, length.
    let sum = checksum([addresses, [0, udp, UInt8(length >> 8), UInt8(length & 0xFF)], datagram])
    // A sum of zero is sent as all ones: zero means none.
    datagram.replace(6, with: sum == 0 ? 0xFFFF : sum)
    return (isIPv4 ? header4(addresses, length) : header6(addresses, length)) + datagram
  }

  private static func header4(_ addresses: [UInt8], _ length: UInt16) -> [UInt8] {
    var header: [UInt8] = [0x45, 0]
    header.put(UInt16(clamping: Int(length) + 20))
    header += [0, 0, 0x40, 0, 64, udp, 0, 0] + addresses
    header.replace(10, with: checksum([header]))
    return header
  }

  private static func header6(_ addresses: [UInt8], _ length: UInt16) -> [UInt8] {
    var header: [UInt8] = [0x60, 0, 0, 0]
    header.put(length)
    return header + [udp, 64] + addresses
  }

  /// The Internet checksum (RFC 1071) of parts that all but the last have an even length.
  private static func checksum(_ parts: [[UInt8]]) -> UInt16 {
    var sum: UInt64 = 0
    for part in parts {
      var isHigh = true
      for byte in part {
        sum &+= isHigh ? UInt64(byte) << 8 : UInt64(byte)
        isHigh.toggle()
      }
    }
    while sum > 0xFFFF { sum = (sum & 0xFFFF) + (sum >> 16) }
    return ~UInt16(truncatingIfNeeded: sum)
  }
}

/// What tells that a state is as it was written (CRC-32, ISO 3309).
struct StateChecksum {
  private var sum: UInt = 0

  /// The checksum in hexadecimal.
  var value: String { String(sum, radix: 16) }

  /// Takes in a packet and its time.
  mutating func add(_ time: Timestamp, _ bytes: Span<UInt8>) {
    let stamp = time.nanoseconds.littleEndian
    sum = withUnsafeBytes(of: stamp) { Self.crc(sum, $0) }
    sum = bytes.withUnsafeBytes { Self.crc(sum, $0) }
  }

  private static func crc(_ sum: UInt, _ bytes: UnsafeRawBufferPointer) -> UInt {
    crc32(
      sum, bytes.bindMemory(to: UInt8.self).baseAddress, uInt(truncatingIfNeeded: bytes.count))
  }
}

extension [UInt8] {
  fileprivate mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    Swift.withUnsafeBytes(of: number.bigEndian) { append(contentsOf: $0) }
  }

  fileprivate mutating func replace(_ place: Int, with number: UInt16) {
    replaceSubrange(
      place..<place + 2,
      with: [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)])
  }
}
