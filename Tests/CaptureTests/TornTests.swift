import Capture
import Testing

@Suite("Captures torn at every byte")
struct TornTests {
  struct Whole: CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// Lengths at which the input ends cleanly, with the frames it then has.
    var cleanEnds: [Int: Int]
    /// The shortest that is a capture at all.
    var header: Int
  }

  static let wholes = [classic(), blocks()]

  private static func classic() -> Whole {
    var file = ClassicBytes(.big)
    var ends = [file.bytes.count: 0]
    for (number, frame) in [[1, 2, 3], [], [4, 5, 6, 7, 8]].enumerated() {
      file.frame(UInt32(number), 0, frame.map { UInt8($0) })
      ends[file.bytes.count] = number + 1
    }
    return Whole(testDescription: "pcap", bytes: file.bytes, cleanEnds: ends, header: 24)
  }

  private static func blocks() -> Whole {
    var file = BlockBytes()
    var ends: [Int: Int] = [:]
    var frames = 0
    func note() { ends[file.bytes.count] = frames }
    file.section()
    note()
    file.interface(resolution: 9, offset: 5)
    note()
    file.enhanced(1, [1, 2, 3], options: [BlockBytes.Option(code: 1, value: [65, 66])])
    frames += 1
    note()
    file.statistics(dropped: 1, droppedBySystem: 2)
    note()
    file.section(.big)
    note()
    file.interface(snapLength: 3)
    note()
    file.simple([1, 2, 3])
    frames += 1
    note()
    file.obsolete(9, [4])
    frames += 1
    note()
    file.block(77) { $0.put([1, 2, 3]) }
    note()
    return Whole(testDescription: "pcapng", bytes: file.bytes, cleanEnds: ends, header: 28)
  }

  @Test("Frames before the tear are kept, and the failure says where it is", arguments: wholes)
  func tornAnywhere(_ whole: Whole) throws {
    let scratch = try Scratch()
    let all = try scratch.reader(whole.bytes).readAll()
    #expect(all.count == 3)
    for length in 0..<whole.bytes.count {
      let path = try scratch.file(Array(whole.bytes[..<length]))
      guard length >= whole.header else {
        #expect(throws: CaptureError.self, "cut at \(length)") {
          try CaptureReader(path: path, file: 0)
        }
        continue
      }
      let reader = try CaptureReader(path: path, file: 0)
      let frames = reader.readAll()
      let lastClean = try #require(whole.cleanEnds.keys.filter { $0 <= length }.max())
      #expect(frames == Array(all.prefix(whole.cleanEnds[lastClean] ?? -1)), "cut at \(length)")
      if lastClean == length {
        #expect(reader.failure == nil, "cut at \(length)")
      } else {
        #expect(reader.failure?.offset == UInt64(lastClean), "cut at \(length)")
        guard case .torn(let wanted, let got) = reader.failure?.kind else {
          Issue.record("cut at \(length): \(String(describing: reader.failure))")
          continue
        }
        #expect(got == length - lastClean && wanted > got, "cut at \(length)")
      }
    }
  }

  @Test("Any byte changed to any of four values never traps", arguments: wholes)
  func changedAnywhere(_ whole: Whole) throws {
    let scratch = try Scratch()
    for place in whole.bytes.indices {
      for value in [0x00, 0x7f, 0x80, 0xff] as [UInt8] {
        var bytes = whole.bytes
        bytes[place] = value
        let path = try scratch.file(bytes)
        guard let reader = try? CaptureReader(path: path, file: 0) else { continue }
        #expect(reader.readAll().count <= 3)
      }
    }
  }
}
