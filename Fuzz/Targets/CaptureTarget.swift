import Capture

/// Reads a capture file alone, and merged with itself.
enum CaptureTarget {
  /// A few kilobytes of gzip hold more frames than a run can wait for.
  private static let mostFrames: UInt64 = 50_000

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let file = ScratchFile()
    file.write(bytes)
    try read(file.path)
  }

  private static func read(_ path: String) throws(BrokenPromise) {
    let reader: CaptureReader
    do { reader = try CaptureReader(path: path, file: 0) } catch {
      return try Shown.demandPlain(error.description)
    }
    try demandMerged(path, try frames(reader))
  }

  private static func frames(_ reader: CaptureReader) throws(BrokenPromise) -> [FrameHeader] {
    var headers: [FrameHeader] = []
    while reader.framesRead < mostFrames, let header = reader.next() {
      let bytes = reader.bytes
      try demand(bytes.count == header.capturedLength, "a frame has the bytes it says")
      try demand(sum(bytes) <= bytes.count * 255, "every byte can be read")
      headers.append(header)
      try demand(header.reference.number == UInt32(headers.count), "frames are numbered in order")
    }
    if let failure = reader.failure { try Shown.demandPlain(failure.description) }
    try demand(reader.framesRead == UInt64(headers.count), "every frame is counted")
    return headers
  }

  /// The same file twice gives every frame twice, and a look ahead sees what comes.
  private static func demandMerged(
    _ path: String, _ alone: [FrameHeader]
  ) throws(BrokenPromise) {
    guard alone.count < 1000,
      let first = try? CaptureReader(path: path, file: 0),
      let second = try? CaptureReader(path: path, file: 1),
      let single = try? CaptureReader(path: path, file: 0)
    else { return }
    let merged = CaptureTimeline([first, second])
    var count = 0
    while merged.next() != nil { count += 1 }
    try demand(count == 2 * alone.count, "merging loses nothing: \(count) of \(alone.count) twice")
    let timeline = CaptureTimeline([single])
    var seen = 0
    while let header = timeline.next() {
      try demand(header == alone[seen], "a timeline of one file is that file")
      seen += 1
      try demand(sum(timeline.bytes(after: seen % 4)) >= 0, "what is ahead can be read")
    }
  }

  private static func sum(_ bytes: Span<UInt8>) -> Int {
    var sum = 0
    for index in bytes.indices { sum += Int(bytes[index]) }
    return sum
  }
}
