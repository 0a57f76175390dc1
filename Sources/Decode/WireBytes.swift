/// Reads in network byte order; each checks its bounds once and traps like any subscript outside
/// them, so callers compare with the end of their layer first.
extension Span<UInt8> {
  @inline(__always)
  func uint16(at offset: Int) -> UInt16 {
    UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }

  @inline(__always)
  func uint32(at offset: Int) -> UInt32 {
    UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  func uint64(at offset: Int) -> UInt64 {
    UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  func ipv4Address(at offset: Int) -> IPAddress {
    IPAddress(ipv4: uint32(at: offset))
  }

  @inline(__always)
  func ipv6Address(at offset: Int) -> IPAddress {
    IPAddress(high: uint64(at: offset), low: uint64(at: offset + 8))
  }
}

/// The part of a frame that one layer may read.
struct Window {
  /// Where the layer starts.
  var offset: Int
  /// Where its captured bytes end; never beyond the frame's bytes.
  var end: Int
  /// Where its bytes ended on the wire, as the headers around it say; never before `end`.
  var wireEnd: Int
  /// How many more layers may be opened.
  var layersLeft: Int

  /// Captured bytes from `offset` on.
  @inline(__always)
  var count: Int { end - offset }

  /// Bytes on the wire from `offset` on.
  @inline(__always)
  var wireCount: Int { wireEnd - offset }

  /// Whether captured bytes of this layer are missing at its end.
  @inline(__always)
  var isCut: Bool { end < wireEnd }

  /// The failure to state when a header does not fit: the capture's fault or the packet's own.
  func missing(_ length: Int) -> Decoded {
    .failure(wireCount >= length && isCut ? .truncated : .shortPacket)
  }

  /// The same window, further on by a header that was checked to fit.
  @inline(__always)
  func skipping(_ length: Int) -> Window {
    var rest = self
    rest.offset += length
    rest.layersLeft -= 1
    return rest
  }

  /// The first `length` bytes as the layer's own header states them; beyond the end means cut.
  @inline(__always)
  func limited(to length: Int) -> Window {
    var part = self
    part.wireEnd = offset + length
    part.end = min(end, part.wireEnd)
    return part
  }
}
