public import Capture

/// One frame of a timeline.
public struct TimelineFrame: Hashable, Sendable {
  /// When it is captured.
  public let time: Timestamp
  /// The Ethernet frame.
  public let bytes: [UInt8]
}

/// A classic capture file with microsecond times, in little-endian order, of Ethernet frames.
public func captureFile(_ frames: some Sequence<TimelineFrame>) -> [UInt8] {
  var file = UInt32(0xA1B2_C3D4).littleEndianBytes
  file += UInt16(2).littleEndianBytes + UInt16(4).littleEndianBytes
  file += UInt64(0).littleEndianBytes  // Time zone and accuracy.
  file += UInt32(262_144).littleEndianBytes + UInt32(1).littleEndianBytes
  for frame in frames {
    let (seconds, nanoseconds) = frame.time.nanoseconds.quotientAndRemainder(
      dividingBy: 1_000_000_000)
    let length = UInt32(clamping: frame.bytes.count).littleEndianBytes
    file += UInt32(clamping: seconds).littleEndianBytes
    file += UInt32(clamping: nanoseconds / 1000).littleEndianBytes
    file += length + length + frame.bytes
  }
  return file
}
