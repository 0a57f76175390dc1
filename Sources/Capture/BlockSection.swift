/// What the packets of a pcapng section need to be read: byte order and interfaces.
///
/// draft-ietf-opsawg-pcapng, section 4. Each section may have another byte order and has its own
/// interfaces, and each interface its own link type and unit of time.
struct BlockSection {
  /// One interface description block, and what statistics blocks later said of it.
  struct Interface {
    var linkType: LinkType
    /// 0 for no limit.
    var snapLength: UInt32
    var resolution: TimeResolution
    /// Packets lost, as stated last: the counters run from the start of the capture.
    var droppedByInterface: UInt64?
    var droppedBySystem: UInt64?
  }

  /// Block types of section 4 (and 11.1, the registry).
  enum BlockType {
    static let sectionHeader: UInt32 = 0x0a0d_0d0a
    static let interfaceDescription: UInt32 = 1
    static let obsoletePacket: UInt32 = 2
    static let simplePacket: UInt32 = 3
    static let interfaceStatistics: UInt32 = 5
    static let enhancedPacket: UInt32 = 6
  }

  /// More than any capture program opens; a file of nothing but interfaces must not fill memory.
  static let mostInterfaces = 65_536
  /// Link types that are listed; each interface is compared with all of them.
  static let mostLinkTypes = 100
  /// As libpcap and Wireshark have it: a longer block is a damaged length, not a block.
  static let longestBlock = 16 * 1024 * 1024
  /// Type, length, length again.
  static let shortestBlock = 12

  var bigEndian = false
  var interfaces: [Interface] = []

  /// Packets lost in this section, `nil` when nothing states it.
  var drops: UInt64? {
    interfaces.reduce(nil) { total, interface in
      sum(sum(total, interface.droppedByInterface), interface.droppedBySystem)
    }
  }
}

/// Both together, saturating; `nil` counts for nothing.
func sum(_ left: UInt64?, _ right: UInt64?) -> UInt64? {
  guard let left, let right else { return left ?? right }
  let (sum, overflow) = left.addingReportingOverflow(right)
  return overflow ? .max : sum
}

extension InputWindow {
  /// The 64-bit number `position` bytes ahead, as options hold it.
  func load64(at position: Int, bigEndian: Bool) -> UInt64 {
    let first = UInt64(load32(at: position, bigEndian: bigEndian))
    let second = UInt64(load32(at: position + 4, bigEndian: bigEndian))
    return bigEndian ? first << 32 | second : second << 32 | first
  }

  /// The value of option `code` in the block ahead, whose options begin at `position`; `nil` when
  /// it is not there with that length.
  ///
  /// Section 3.5: code and length in 16 bits each, then the value, padded to 32 bits.
  func option(
    _ code: UInt16, length: Int, from position: Int, block: Int, bigEndian: Bool
  ) -> Int? {
    var place = position
    while place + 4 <= block - 4 {
      let found = load16(at: place, bigEndian: bigEndian)
      let size = Int(load16(at: place + 2, bigEndian: bigEndian))
      guard found != 0, place + 4 + size <= block - 4 else { return nil }
      if found == code, size == length { return place + 4 }
      place += 4 + (size + 3) / 4 * 4
    }
    return nil
  }
}
