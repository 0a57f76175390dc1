import Capture
import Decode

/// Builds the packets that inputs describe.
enum Packets {
  /// A UDP datagram without link layer, IPv6 where one end is.
  static func datagram(
    _ payload: [UInt8], from source: Endpoint, to destination: Endpoint, identification: UInt16 = 0
  ) -> [UInt8] {
    let length = UInt16(clamping: payload.count + 8)
    let udp = pair(source.port) + pair(destination.port) + pair(length) + [0, 0] + payload
    return packet(udp, from: source.address, to: destination.address, transport: 17, identification)
  }

  /// An IP packet around `payload`.
  static func packet(
    _ payload: [UInt8], from source: IPAddress, to destination: IPAddress, transport: UInt8,
    _ identification: UInt16, flags: UInt16 = 0
  ) -> [UInt8] {
    let length = payload.count
    guard source.isIPv4, destination.isIPv4 else {
      return [0x60, 0, 0, 0] + pair(UInt16(clamping: length)) + [transport, 64]
        + octets(source.high) + octets(source.low) + octets(destination.high)
        + octets(destination.low) + payload
    }
    return [0x45, 0] + pair(UInt16(clamping: length + 20)) + pair(identification) + pair(flags)
      + [64, transport, 0, 0] + octets(source.low).suffix(4) + octets(destination.low).suffix(4)
      + payload
  }

  /// The header of a frame that was captured whole.
  static func header(
    _ bytes: [UInt8], number: UInt32, at time: Timestamp, linkType: LinkType = .raw,
    missing: Int = 0
  ) -> FrameHeader {
    FrameHeader(
      reference: FrameReference(file: 0, number: number), time: time, linkType: linkType,
      capturedLength: bytes.count, originalLength: bytes.count + missing)
  }

  static func pair(_ number: UInt16) -> [UInt8] {
    [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
  }

  private static func octets(_ number: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * $0)) }
  }
}
