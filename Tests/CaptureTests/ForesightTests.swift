import Capture
import Testing

@Suite("Frames looked at before their turn")
struct ForesightTests {
  /// What is announced as the frame `distance` further on, for every frame, where anything is.
  private func announced(_ file: [UInt8], distance: Int) throws -> (all: [[UInt8]], told: Int) {
    let timeline = CaptureTimeline([try Scratch().reader(file)])
    var expected: [[UInt8]?] = []
    var seen: [[UInt8]] = []
    while timeline.next() != nil {
      let ahead = timeline.bytes(after: distance - 1)
      let bytes = ahead.indices.map { ahead[$0] }
      expected.append(bytes.isEmpty ? nil : bytes)
      let frame = timeline.bytes
      seen.append(frame.indices.map { frame[$0] })
    }
    var told = 0
    for (index, bytes) in expected.enumerated() {
      guard let bytes else { continue }
      told += 1
      #expect(index + distance < seen.count)
      guard index + distance < seen.count else { continue }
      #expect(bytes == seen[index + distance], "before frame \(index + 1)")
    }
    return (seen, told)
  }

  private static func bytes(_ number: Int) -> [UInt8] {
    Array(repeating: UInt8(truncatingIfNeeded: number), count: 60 + number % 7)
  }

  @Test("of a classic capture nearly every frame is known, and none wrongly", arguments: 1...4)
  func classic(distance: Int) throws {
    var file = ClassicBytes()
    for number in 0..<5000 { file.frame(UInt32(number), 0, Self.bytes(number)) }
    let (all, told) = try announced(file.bytes, distance: distance)
    #expect(all.count == 5000)
    #expect(told > 4900)
  }

  @Test("of a pcapng capture likewise")
  func blocks() throws {
    var file = BlockBytes()
    file.section()
    file.interface()
    for number in 0..<1000 { file.enhanced(UInt64(number), Self.bytes(number)) }
    let (all, told) = try announced(file.bytes, distance: 3)
    #expect(all.count == 1000)
    #expect(told > 900)
  }

  @Test("a length that leads nowhere is announced by nobody")
  func nonsense() throws {
    var file = ClassicBytes()
    for number in 0..<3 { file.frame(UInt32(number), 0, Self.bytes(number)) }
    var bytes = file.bytes
    // The captured length of the second record.
    let second = 24 + 16 + Self.bytes(0).count
    for offset in 8..<12 { bytes[second + offset] = 0xFF }
    let timeline = CaptureTimeline([try Scratch().reader(bytes)])
    #expect(timeline.next() != nil)
    for distance in 0...3 {
      let isEmpty = timeline.bytes(after: distance).isEmpty
      #expect(isEmpty)
    }
  }

  @Test("of several inputs nothing is announced")
  func merged() throws {
    var file = ClassicBytes()
    for number in 0..<10 { file.frame(UInt32(number), 0, Self.bytes(number)) }
    let scratch = try Scratch()
    let timeline = CaptureTimeline([
      try scratch.reader(file.bytes, "a"), try scratch.reader(file.bytes, "b", file: 1),
    ])
    #expect(timeline.next() != nil)
    let isEmpty = timeline.bytes(after: 0).isEmpty
    #expect(isEmpty)
  }
}
