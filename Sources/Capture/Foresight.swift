/// A look at frames not delivered yet, for whoever wants to prepare for them.
extension FrameSource {
  /// Where the frame stands that comes after `count` others; `nil` where it is not in memory yet,
  /// or where what is there makes no sense: this is not the place to say why.
  @inline(__always)
  mutating func frame(after count: Int) -> UnsafeRawBufferPointer? {
    let wanted = framesRead &+ UInt64(truncatingIfNeeded: count)
    // As a rule the one behind that of the last time; else all are counted from here.
    var (number, offset) = ahead.number == wanted ? ahead : (framesRead, window.offset)
    ahead.number = 0
    while let record = record(at: Int(truncatingIfNeeded: offset &- window.offset)) {
      offset = window.offset &+ UInt64(truncatingIfNeeded: record.end)
      number &+= 1
      if number > wanted {
        ahead = (number, offset)
        return window.memory(at: record.bytes, count: record.count)
      }
    }
    return nil
  }

  /// A record or block ahead: where its frame's bytes stand and where it ends.
  private struct Record {
    var bytes: Int
    var count: Int
    var end: Int
  }

  @inline(__always)
  private func record(at position: Int) -> Record? {
    guard position >= 0, window.available &- 32 >= position else { return nil }
    switch layout {
    case .classic(let classic):
      let count = Int(window.load32(at: position &+ 8, bigEndian: classic.bigEndian))
      let bytes = position &+ classic.recordHeaderSize
      return Record(bytes: bytes, count: count, end: bytes &+ count)
    case .blocks:
      // Other blocks than packets are rare, and end the look ahead for a moment.
      let order = section.bigEndian
      guard
        window.load32(at: position, bigEndian: order) == BlockSection.BlockType.enhancedPacket
      else { return nil }
      let length = Int(window.load32(at: position &+ 4, bigEndian: order))
      let count = Int(window.load32(at: position &+ 20, bigEndian: order))
      return Record(bytes: position &+ 28, count: count, end: position &+ length)
    }
  }
}
