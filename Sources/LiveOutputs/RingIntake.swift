import Capture

/// Packets on their way to the disk: encoded at once, written by another thread.
///
/// Nothing is allocated for a packet: the memory changes hands between this and the writer.
struct RingIntake: Sendable {
  /// What waits to be written.
  struct Batch: Sendable {
    var bytes: [UInt8] = []
    var packets = 0
    /// Packets that found no room.
    var omitted = 0

    /// Forgets what was written, and keeps the memory.
    mutating func empty() {
      bytes.removeAll(keepingCapacity: true)
      (packets, omitted) = (0, 0)
    }
  }

  /// So much may wait: what comes in a quarter of a second at 50,000 messages a second.
  static let capacity = 8 << 20
  /// From so much on it is worth a write.
  private static let plenty = 512 << 10

  private let names: [String]
  private(set) var interfaces: [RingBlocks.Interface] = []
  private(set) var batch = Batch()

  /// `names` are those of the inputs, by their numbers.
  init(names: [String]) {
    self.names = names
    batch.bytes.reserveCapacity(Self.capacity)
  }

  /// Takes one packet in; whether the writer should be told.
  mutating func take(_ header: FrameHeader, _ packet: UnsafeBufferPointer<UInt8>) -> Bool {
    let length = RingBlocks.packetLength(packet.count)
    let before = batch.bytes.count
    guard before + length <= Self.capacity else {
      batch.omitted += 1
      return false
    }
    RingBlocks.appendPacket(
      header, packet, interface: interface(header), length: length, to: &batch.bytes)
    batch.packets += 1
    return before == 0 || before < Self.plenty && before + length >= Self.plenty
  }

  /// Gives what waits in exchange for memory that was written from.
  mutating func exchange(_ other: inout Batch) { swap(&batch, &other) }

  private mutating func interface(_ header: FrameHeader) -> Int {
    let input = header.reference.file
    if let known = interfaces.firstIndex(where: {
      $0.input == input && $0.linkType == header.linkType
    }) {
      return known
    }
    let name = Int(input) < names.count ? names[Int(input)] : "input \(input)"
    interfaces.append(.init(input: input, linkType: header.linkType, name: name))
    return interfaces.count - 1
  }
}
