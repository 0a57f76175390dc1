import Capture
import Testing

@Suite("Several inputs as one timeline")
struct TimelineTests {
  /// A file whose frames are at these seconds, each holding one byte.
  private static func file(_ frames: [(seconds: Int, byte: UInt8)]) -> [UInt8] {
    var file = ClassicBytes()
    for frame in frames { file.frame(UInt32(frame.seconds), 0, [frame.byte]) }
    return file.bytes
  }

  /// The one byte of each frame, in the timeline's order.
  private func order(_ files: [[(seconds: Int, byte: UInt8)]]) throws -> [UInt8] {
    let scratch = try Scratch()
    let readers = try files.enumerated().map { index, frames in
      try scratch.reader(Self.file(frames), "\(index).pcap", file: UInt32(index))
    }
    let timeline = CaptureTimeline(readers)
    var bytes: [UInt8] = []
    while timeline.next() != nil {
      let frame = timeline.bytes
      for index in frame.indices { bytes.append(frame[index]) }
    }
    let left = timeline.bytes.count
    #expect(left == 0)
    #expect(timeline.next() == nil)
    return bytes
  }

  private static let steps: [(seconds: Int, byte: UInt8)] = [
    (10, 0), (11, 1), (11, 2), (13, 3), (13, 4), (13, 5), (20, 6), (21, 7), (21, 8), (30, 9),
  ]

  @Test("A capture split at any frame gives the whole's sequence, in either order")
  func split() throws {
    let whole = try order([Self.steps])
    #expect(whole == Array(0...9))
    for cut in 0...Self.steps.count {
      let (head, tail) = (Array(Self.steps[..<cut]), Array(Self.steps[cut...]))
      #expect(try order([head, tail]) == whole, "cut at \(cut)")
      #expect(try order([tail, head]) == whole, "cut at \(cut), named in reverse")
    }
  }

  @Test("A capture split twice gives the whole's sequence in every order of the parts")
  func splitTwice() throws {
    let whole = Array(0...9) as [UInt8]
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    // Cuts whose parts begin at different times: which part is first is then known.
    for (first, second) in [(1, 3), (2, 6), (5, 7), (3, 9), (1, 9)] {
      let parts = [
        Array(Self.steps[..<first]), Array(Self.steps[first..<second]),
        Array(Self.steps[second...]),
      ]
      for sequence in orders {
        #expect(
          try order(sequence.map { parts[$0] }) == whole, "cut at \(first), \(second): \(sequence)")
      }
    }
  }

  @Test("Frames of parallel inputs interleave by time, equal times as the inputs begin")
  func interleaved() throws {
    let late: [(Int, UInt8)] = [(2, 20), (4, 21), (6, 22)]
    let early: [(Int, UInt8)] = [(1, 10), (4, 11), (7, 12)]
    #expect(try order([late, early]) == [10, 20, 11, 21, 22, 12])
    #expect(try order([early, late]) == [10, 20, 11, 21, 22, 12])
  }

  @Test("Equal beginnings go by the order the inputs were given")
  func equalBeginnings() throws {
    #expect(try order([[(5, 1), (6, 2)], [(5, 3), (6, 4)]]) == [1, 3, 2, 4])
    #expect(try order([[(5, 1)], [(5, 2)], [(5, 3)]]) == [1, 2, 3])
  }

  @Test("An input's own order is kept where its times step back")
  func stepsBack() throws {
    let clockSet: [(Int, UInt8)] = [(100, 0), (101, 1), (50, 2), (51, 3), (102, 4)]
    #expect(try order([clockSet]) == [0, 1, 2, 3, 4])
    #expect(try order([clockSet, [(60, 10), (101, 11)]]) == [10, 0, 11, 1, 2, 3, 4])
  }

  @Test("Many inputs come in order, empty ones and all")
  func many() throws {
    let files = (0..<40).map { index -> [(seconds: Int, byte: UInt8)] in
      if index % 5 == 0 { return [] }
      return [(1000 - index * 7, UInt8(index)), (2000 + index, UInt8(100 + index))]
    }
    let present: [Int] = (0..<40).filter { $0 % 5 != 0 }
    let firsts: [UInt8] = present.reversed().map { UInt8($0) }
    let expected: [UInt8] = firsts + present.map { UInt8(100 + $0) }
    #expect(try order(files) == expected)
  }

  @Test("A broken input ends without stopping the others, its frames keep file and position")
  func brokenInput() throws {
    let scratch = try Scratch()
    let good = Self.file([(1, 1), (3, 3)])
    let torn = Array(Self.file([(2, 2), (4, 4)]).dropLast())
    let readers = [
      try scratch.reader(good, "good.pcap", file: 0),
      try scratch.reader(torn, "torn.pcap", file: 1),
    ]
    let timeline = CaptureTimeline(readers)
    var references: [FrameReference] = []
    while let header = timeline.next() { references.append(header.reference) }
    #expect(
      references == [
        FrameReference(file: 0, number: 1), FrameReference(file: 1, number: 1),
        FrameReference(file: 0, number: 2),
      ])
    #expect(readers[0].failure == nil)
    #expect(readers[1].failure?.frame == 2)
  }
}
