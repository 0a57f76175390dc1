import Capture

/// Blocks of a pcapng file (draft-ietf-opsawg-pcapng, section 4), in little-endian order.
enum RingBlocks {
  /// An interface as a file of the ring describes it.
  struct Interface: Equatable, Sendable {
    /// Number of the input its packets come from.
    let input: UInt32
    let linkType: LinkType
    let name: String
  }

  /// Bytes of a packet's block beside the packet: the fixed fields and the length behind it.
  private static let packetFrame = 32
  private static let packetType: UInt32 = 6

  /// Bytes that the block of a packet of `count` bytes takes.
  static func packetLength(_ count: Int) -> Int { packetFrame + (count + 3) & ~3 }

  /// Appends a packet; `length` is its block's, which must fit 32 bits.
  static func appendPacket(
    _ header: FrameHeader, _ packet: UnsafeBufferPointer<UInt8>, interface: Int, length: Int,
    to bytes: inout [UInt8]
  ) {
    let time = UInt64(clamping: header.time.nanoseconds)
    let words = (
      packetType.littleEndian, UInt32(clamping: length).littleEndian,
      UInt32(clamping: interface).littleEndian, UInt32(truncatingIfNeeded: time >> 32).littleEndian,
      UInt32(truncatingIfNeeded: time).littleEndian, UInt32(clamping: packet.count).littleEndian,
      UInt32(clamping: header.originalLength).littleEndian
    )
    withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: packet)
    pad(&bytes, after: packet.count)
    append(UInt32(clamping: length), to: &bytes)
  }

  /// Bytes of the whole blocks at `start` that fit into `room`, and how many packets they hold; the
  /// first block always counts.
  static func wholeBlocks(
    in bytes: [UInt8], from start: Int, room: Int
  ) -> (bytes: Int, packets: Int) {
    var (end, packets) = (start, 0)
    while end + 8 <= bytes.count {
      let length = (4..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[end + $1]) }
      guard packets == 0 || end + length - start <= room else { break }
      end += length
      packets += 1
    }
    return (end - start, packets)
  }

  /// The beginning of a file: what wrote it (section 4.1).
  static func section(application: String) -> [UInt8] {
    block(0x0A0D_0D0A) { body in
      append(0x1A2B_3C4D, to: &body)
      // Version 1.0, and a length that is not stated.
      append(1, to: &body)
      append(.max, to: &body)
      append(.max, to: &body)
      option(4, Array(application.utf8), &body)
      option(0, [], &body)
    }
  }

  /// Section 4.2, with the interface's name (option 2) and times in nanoseconds (option 9).
  static func description(of interface: Interface) -> [UInt8] {
    block(1) { body in
      append(interface.linkType.rawValue & 0xFFFF, to: &body)
      // No limit: each packet states what was cut off it.
      append(0, to: &body)
      option(2, Array(interface.name.utf8.prefix(255)), &body)
      option(9, [9], &body)
      option(0, [], &body)
    }
  }

  /// Section 3.1: type, length, body, length again.
  private static func block(_ type: UInt32, _ write: (inout [UInt8]) -> Void) -> [UInt8] {
    var body: [UInt8] = []
    write(&body)
    var block: [UInt8] = []
    append(type, to: &block)
    append(UInt32(clamping: body.count + 12), to: &block)
    block += body
    append(UInt32(clamping: body.count + 12), to: &block)
    return block
  }

  private static func option(_ code: UInt16, _ value: [UInt8], _ bytes: inout [UInt8]) {
    append(UInt32(UInt16(clamping: value.count)) << 16 | UInt32(code), to: &bytes)
    bytes += value
    pad(&bytes, after: value.count)
  }

  /// All parts of a block begin at a multiple of 32 bits.
  private static func pad(_ bytes: inout [UInt8], after count: Int) {
    for _ in 0..<(-count & 3) { bytes.append(0) }
  }

  private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
