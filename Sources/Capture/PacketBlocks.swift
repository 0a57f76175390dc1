/// Reading pcapng blocks (draft-ietf-opsawg-pcapng, section 4).
extension FrameSource {
  private typealias BlockType = BlockSection.BlockType

  /// The frame of the next block that holds one; the blocks before it are taken note of or passed over.
  mutating func nextPacketBlock() -> FrameHeader? {
    while true {
      guard window.has(BlockSection.shortestBlock) else {
        return endOrTear(wanted: BlockSection.shortestBlock, inFrame: false)
      }
      let type = window.load32(at: 0, bigEndian: section.bigEndian)
      if type == BlockType.sectionHeader {
        guard readSectionHeader() else { return nil }
        continue
      }
      guard let length = wholeBlock(type: type) else { return nil }
      switch type {
      case BlockType.enhancedPacket:
        return consume(length, giving: enhancedPacket(block: length))
      case BlockType.simplePacket:
        return consume(length, giving: simplePacket(block: length))
      case BlockType.obsoletePacket:
        return consume(length, giving: obsoletePacket(block: length))
      case BlockType.interfaceDescription:
        guard describeInterface(block: length) else { return nil }
      case BlockType.interfaceStatistics:
        noteStatistics(block: length)
      default: break
      }
      window.consume(length)
    }
  }

  /// Steps over a packet's block unless it was broken.
  @inline(__always)
  private mutating func consume(_ length: Int, giving frame: FrameHeader?) -> FrameHeader? {
    if frame != nil { window.consume(length) }
    return frame
  }

  /// Gets the block ahead into the window and checks its lengths; `nil` (with `failure` set) when it is broken.
  private mutating func wholeBlock(type: UInt32) -> Int? {
    let length = Int(window.load32(at: 4, bigEndian: section.bigEndian))
    let isPacket =
      type == BlockType.enhancedPacket || type == BlockType.simplePacket
      || type == BlockType.obsoletePacket
    let shortest = shortestBlock(type: type)
    guard length >= shortest, length <= BlockSection.longestBlock, length % 4 == 0 else {
      let kind = CaptureError.Kind.badBlockLength(
        length: length, shortest: shortest, longest: BlockSection.longestBlock)
      fail(kind, inFrame: isPacket)
      return nil
    }
    guard window.has(length) else {
      _ = endOrTear(wanted: length, inFrame: isPacket)
      return nil
    }
    let repeated = Int(window.load32(at: length &- 4, bigEndian: section.bigEndian))
    guard repeated == length else {
      fail(.blockLengthsDiffer(before: length, after: repeated), inFrame: isPacket)
      return nil
    }
    return length
  }

  /// Bytes of the fixed fields of a block with both its lengths.
  private func shortestBlock(type: UInt32) -> Int {
    switch type {
    case BlockType.sectionHeader: 28
    case BlockType.enhancedPacket, BlockType.obsoletePacket: 32
    case BlockType.interfaceStatistics: 24
    case BlockType.interfaceDescription: 20
    case BlockType.simplePacket: 16
    default: BlockSection.shortestBlock
    }
  }

  /// Section 4.1: a new section, with its own byte order and no interfaces yet; false when broken.
  mutating func readSectionHeader() -> Bool {
    guard window.has(BlockSection.shortestBlock) else {
      _ = endOrTear(wanted: BlockSection.shortestBlock, inFrame: false)
      return false
    }
    // The type reads the same in both orders; the mark behind the length tells which one it is.
    let mark = window.load32(at: 8, bigEndian: false)
    guard mark == 0x1a2b_3c4d || mark == 0x4d3c_2b1a else {
      fail(.badByteOrderMark(mark), inFrame: false)
      return false
    }
    pastDrops = sum(pastDrops, section.drops)
    section = BlockSection()
    section.bigEndian = mark == 0x4d3c_2b1a
    guard let length = wholeBlock(type: BlockType.sectionHeader) else { return false }
    let major = window.load16(at: 12, bigEndian: section.bigEndian)
    let minor = window.load16(at: 14, bigEndian: section.bigEndian)
    guard major == 1 else {
      fail(.unsupportedVersion(format: "pcapng", major: major, minor: minor), inFrame: false)
      return false
    }
    window.consume(length)
    return true
  }

  /// Section 4.2; false when there are too many.
  private mutating func describeInterface(block length: Int) -> Bool {
    let order = section.bigEndian
    guard section.interfaces.count < BlockSection.mostInterfaces else {
      fail(.tooManyInterfaces(limit: BlockSection.mostInterfaces), inFrame: false)
      return false
    }
    // if_tsresol is option 9, if_tsoffset option 14.
    let code = window.option(9, length: 1, from: 16, block: length, bigEndian: order)
    let offset = window.option(14, length: 8, from: 16, block: length, bigEndian: order)
    let linkType = LinkType(stated: UInt32(window.load16(at: 8, bigEndian: order)))
    section.interfaces.append(
      BlockSection.Interface(
        linkType: linkType,
        snapLength: window.load32(at: 12, bigEndian: order),
        resolution: TimeResolution(
          code: code.map { window.load8(at: $0) } ?? 6,
          offset: offset.map { Int64(bitPattern: window.load64(at: $0, bigEndian: order)) } ?? 0)))
    if linkTypes.count < BlockSection.mostLinkTypes, !linkTypes.contains(linkType) {
      linkTypes.append(linkType)
    }
    return true
  }

  /// Section 4.6: isb_ifdrop is option 5, isb_osdrop option 7.
  private mutating func noteStatistics(block length: Int) {
    let order = section.bigEndian
    let number = Int(window.load32(at: 8, bigEndian: order))
    guard number < section.interfaces.count else { return }
    if let place = window.option(5, length: 8, from: 20, block: length, bigEndian: order) {
      section.interfaces[number].droppedByInterface = window.load64(at: place, bigEndian: order)
    }
    if let place = window.option(7, length: 8, from: 20, block: length, bigEndian: order) {
      section.interfaces[number].droppedBySystem = window.load64(at: place, bigEndian: order)
    }
  }

  /// Section 4.3: interface, time (high, low), captured length, original length, bytes.
  @inline(__always)
  private mutating func enhancedPacket(block length: Int) -> FrameHeader? {
    let number = Int(window.load32(at: 8, bigEndian: section.bigEndian))
    return timedPacket(block: length, interface: number)
  }

  /// Appendix A: as an enhanced packet, but interface and drop count share the first word.
  private mutating func obsoletePacket(block length: Int) -> FrameHeader? {
    let number = Int(window.load16(at: 8, bigEndian: section.bigEndian))
    return timedPacket(block: length, interface: number)
  }

  @inline(__always)
  private mutating func timedPacket(block length: Int, interface number: Int) -> FrameHeader? {
    let order = section.bigEndian
    let high = UInt64(window.load32(at: 12, bigEndian: order))
    let low = UInt64(window.load32(at: 16, bigEndian: order))
    let captured = Int(window.load32(at: 20, bigEndian: order))
    let original = Int(window.load32(at: 24, bigEndian: order))
    guard isSound(captured: captured, room: length &- 32, interface: number) else { return nil }
    window.markFrame(at: 28, count: captured)
    let time = section.interfaces[number].resolution.time(units: high << 32 | low)
    return count(
      time: time, linkType: section.interfaces[number].linkType, captured: captured,
      original: original)
  }

  /// Section 4.4: original length and bytes only, always of the first interface.
  ///
  /// It has no time; it gets that of the frame before it, the earliest it can be.
  private mutating func simplePacket(block length: Int) -> FrameHeader? {
    let original = Int(window.load32(at: 8, bigEndian: section.bigEndian))
    let snapLength = section.interfaces.first.map { Int($0.snapLength) } ?? 0
    let captured = snapLength == 0 ? original : min(original, snapLength)
    guard isSound(captured: captured, room: length &- 16, interface: 0) else { return nil }
    window.markFrame(at: 12, count: captured)
    return count(
      time: nil, linkType: section.interfaces[0].linkType, captured: captured, original: original)
  }

  @inline(__always)
  private mutating func isSound(captured: Int, room: Int, interface number: Int) -> Bool {
    if captured <= Self.longestPacket, captured <= room, number < section.interfaces.count {
      return true
    }
    if captured > Self.longestPacket {
      fail(.packetTooLong(length: captured, limit: Self.longestPacket), inFrame: true)
    } else if captured > room {
      fail(.packetPastBlock(wanted: captured, got: room), inFrame: true)
    } else {
      let described = section.interfaces.count
      fail(.unknownInterface(number: number, described: described), inFrame: true)
    }
    return false
  }
}
