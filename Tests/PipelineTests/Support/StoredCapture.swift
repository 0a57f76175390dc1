import Capture

/// A frame taken out of a capture, to be taken apart, moved or left out.
struct StoredFrame: Hashable, Sendable {
  var header: FrameHeader
  var bytes: [UInt8]

  /// The frame cut as a capture with this snap length would have it.
  func cut(to snapLength: Int) -> StoredFrame {
    var cut = self
    cut.bytes = Array(bytes.prefix(snapLength))
    cut.header.capturedLength = cut.bytes.count
    return cut
  }
}

/// Reads a whole capture.
func storedFrames(path: String, file: UInt32 = 0) throws -> [StoredFrame] {
  let reader = try CaptureReader(path: path, file: file)
  var frames: [StoredFrame] = []
  while let header = reader.next() {
    let bytes = reader.bytes
    frames.append(StoredFrame(header: header, bytes: bytes.indices.map { bytes[$0] }))
  }
  return frames
}

/// A classic capture file with times to the nanosecond, of frames of one link type.
func captureFile(_ frames: some Collection<StoredFrame>, linkType: LinkType) -> [UInt8] {
  var file: [UInt8] = []
  func append(_ numbers: UInt32...) {
    for number in numbers {
      withUnsafeBytes(of: number.littleEndian) { file.append(contentsOf: $0) }
    }
  }
  append(0xA1B2_3C4D, 4 << 16 | 2, 0, 0, 262_144, linkType.rawValue)
  for frame in frames {
    let (seconds, rest) = frame.header.time.nanoseconds.quotientAndRemainder(
      dividingBy: 1_000_000_000)
    append(
      UInt32(clamping: seconds), UInt32(clamping: rest), UInt32(clamping: frame.bytes.count),
      UInt32(clamping: frame.header.originalLength))
    file += frame.bytes
  }
  return file
}
