package import Capture

/// Writes packets with comments as pcapng (draft-ietf-opsawg-pcapng), in little-endian order.
///
/// Each link type gets an interface of its own when its first packet comes, with times counted in
/// nanoseconds: what any input states, to the microsecond or finer, is kept exactly.
package struct PacketBlockWriter {
  /// Block types (section 4) and options (sections 3.5, 4.1 and 4.2).
  private enum Block {
    static let section: UInt32 = 0x0A0D_0D0A
    static let interface: UInt32 = 1
    static let packet: UInt32 = 6
  }
  private enum Option {
    static let end: UInt16 = 0
    static let comment: UInt16 = 1
    static let application: UInt16 = 4
    static let timeResolution: UInt16 = 9
  }
  /// Bytes that an option may have: its length is a 16-bit number (section 3.5).
  private static let longestOption = Int(UInt16.max)
  /// 10^-9 seconds.
  private static let nanoseconds: UInt8 = 9

  /// What was written and not taken away yet.
  package private(set) var bytes: [UInt8] = []
  private var interfaces: [LinkType: UInt32] = [:]

  /// Begins a section that says what wrote it and what it is.
  package init(application: String, comment: String) {
    block(Block.section) { body in
      body.put(UInt32(0x1A2B_3C4D))
      body.put(UInt16(1))
      body.put(UInt16(0))
      // The section's length is not stated.
      body.put(UInt64.max)
      body.option(Option.comment, Self.clipped(comment))
      body.option(Option.application, Self.clipped(application))
      body.option(Option.end, [])
    }
  }

  /// Writes one packet; `frame` may be shorter than the packet was.
  package mutating func write(_ header: FrameHeader, _ frame: [UInt8], comments: [String]) {
    let interface = interface(of: header.linkType)
    // A capture cannot state a time before 1970 in any other way than an offset no program sets.
    let units = UInt64(clamping: header.time.nanoseconds)
    block(Block.packet) { body in
      body.put(interface)
      body.put(UInt32(truncatingIfNeeded: units >> 32))
      body.put(UInt32(truncatingIfNeeded: units))
      body.put(UInt32(clamping: frame.count))
      body.put(UInt32(clamping: header.originalLength))
      body.putPadded(frame)
      for comment in comments { body.option(Option.comment, Self.clipped(comment)) }
      if !comments.isEmpty { body.option(Option.end, []) }
    }
  }

  /// Takes what was written so far away.
  package mutating func drain() -> [UInt8] {
    defer { bytes = [] }
    return bytes
  }

  private mutating func interface(of linkType: LinkType) -> UInt32 {
    if let known = interfaces[linkType] { return known }
    let number = UInt32(clamping: interfaces.count)
    interfaces[linkType] = number
    block(Block.interface) { body in
      body.put(UInt16(truncatingIfNeeded: linkType.rawValue))
      body.put(UInt16(0))
      // No limit: each packet states what was cut off it.
      body.put(UInt32(0))
      body.option(Option.timeResolution, [Self.nanoseconds])
      body.option(Option.end, [])
    }
    return number
  }

  /// Section 3.1: type, length, body, length again.
  private mutating func block(_ type: UInt32, _ write: (inout BlockBody) -> Void) {
    var body = BlockBody()
    write(&body)
    var whole = BlockBody()
    let length = UInt32(clamping: body.bytes.count + 12)
    whole.put(type)
    whole.put(length)
    bytes += whole.bytes + body.bytes
    whole = BlockBody()
    whole.put(length)
    bytes += whole.bytes
  }

  /// The longest beginning of whole characters that an option can hold.
  private static func clipped(_ text: String) -> [UInt8] {
    guard text.utf8.count > longestOption else { return Array(text.utf8) }
    var length = 0
    let kept = text.unicodeScalars.prefix {
      length += String($0).utf8.count
      return length <= longestOption
    }
    return Array(String(kept).utf8)
  }
}

/// The inside of a block on its way.
private struct BlockBody {
  private(set) var bytes: [UInt8] = []

  mutating func put<Number: FixedWidthInteger>(_ number: Number) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Zeros follow up to a multiple of 32 bits, where the parts of all blocks begin.
  mutating func putPadded(_ more: [UInt8]) {
    bytes += more
    bytes += repeatElement(0, count: (4 - more.count % 4) % 4)
  }

  mutating func option(_ code: UInt16, _ value: [UInt8]) {
    put(code)
    put(UInt16(clamping: value.count))
    putPadded(value)
  }
}
