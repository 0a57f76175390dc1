import Capture
import Foundation
import Testing

/// A file of samples/captures: how it is made, and what reading it must give.
struct Sample: CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  /// Frames that reading gives; `nil` when it is refused.
  var frames: Int?
  /// What the error line says after the file's name; `nil` when there is none.
  var reason: String?

  var testDescription: String { name }

  static let all = [
    Sample(name: "little-microseconds.pcap", bytes: classic(.little), frames: 2),
    Sample(name: "big-microseconds.pcap", bytes: classic(.big), frames: 2),
    Sample(
      name: "little-nanoseconds.pcap", bytes: classic(.little, magic: 0xa1b2_3c4d), frames: 2),
    Sample(name: "big-nanoseconds.pcap", bytes: classic(.big, magic: 0xa1b2_3c4d), frames: 2),
    Sample(name: "two-sections.pcapng", bytes: sections(), frames: 4),
    Sample(name: "gzipped.pcap.gz", bytes: gzip(classic(.little)), frames: 2),
    Sample(
      name: "torn-tail.pcap", bytes: classic(.little).dropLast(100), frames: 1,
      reason: "frame 2 at byte 286: breaks off: 246 bytes wanted, 146 left"),
    Sample(
      name: "not-a-capture.pcap", bytes: Array("These are notes, not packets.\n".utf8),
      reason:
        "is not a capture: wanted pcap or pcapng, either gzipped or not, but it begins with 54 68 65 73"
    ),
    Sample(name: "empty.pcap", bytes: [], reason: "is empty, not a capture"),
  ]

  private static let start: UInt32 = 1_767_225_600

  private static func classic(_ order: ByteOrder, magic: UInt32 = 0xa1b2_c3d4) -> [UInt8] {
    var file = ClassicBytes(order, magic: magic)
    file.frame(start, 250_000, SamplePackets.ethernet(SamplePackets.question))
    file.frame(start, 262_144, SamplePackets.ethernet(SamplePackets.answer))
    return file.bytes
  }

  private static func sections() -> [UInt8] {
    let second = UInt64(start)
    var file = BlockBytes()
    file.section(.little)
    file.interface(linkType: 1)
    file.interface(linkType: 113, resolution: 9)
    file.enhanced(second * 1_000_000 + 250_000, SamplePackets.ethernet(SamplePackets.question))
    file.enhanced(
      second * 1_000_000_000 + 262_144_000, SamplePackets.cooked(SamplePackets.answer),
      interface: 1)
    file.statistics(interface: 1, dropped: 3, droppedBySystem: nil)
    file.section(.big)
    file.interface(linkType: 101, resolution: 3, offset: Int64(start))
    file.enhanced(30_250, SamplePackets.question)
    file.enhanced(30_262, SamplePackets.answer)
    return file.bytes
  }
}

@Suite("Sample captures")
struct SampleTests {
  private static let isRecording =
    ProcessInfo.processInfo.environment["REGSIFT_RECORD_SAMPLES"] != nil

  @Test("A committed sample is what its description makes", arguments: Sample.all)
  func committed(_ sample: Sample) throws {
    let place = Place.samples.appending(path: sample.name)
    if Self.isRecording {
      try Data(sample.bytes).write(to: place)
      Issue.record("recorded anew; look at the difference, then run without recording")
      return
    }
    let committed = Array(try Data(contentsOf: place))
    // What zlib makes of bytes may change with its version; what they inflate to may not.
    if sample.name.hasSuffix(".gz") {
      let scratch = try Scratch()
      let made = try scratch.reader(sample.bytes).readAll()
      #expect(try CaptureReader(path: place.path, file: 0).readAll() == made)
    } else {
      #expect(committed == sample.bytes)
    }
  }

  @Test("A sample gives the frames and the error line it was made for", arguments: Sample.all)
  func reading(_ sample: Sample) throws {
    let path = Place.samples.appending(path: sample.name).path
    let wanted = sample.reason.map { "\(path): \($0)" }
    guard let frames = sample.frames else {
      let error = try #require(throws: CaptureError.self) {
        try CaptureReader(path: path, file: 0)
      }
      #expect(error.description == wanted)
      return
    }
    let reader = try CaptureReader(path: path, file: 0)
    #expect(reader.readAll().count == frames)
    #expect(reader.failure?.description == wanted)
  }

  @Test("Every sample is described, and nothing else lies in its folder")
  func described() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Place.samples.path)
    #expect(Set(files) == Set(Sample.all.map(\.name) + ["README.md"]))
    let text = try String(contentsOf: Place.samples.appending(path: "README.md"), encoding: .utf8)
    for sample in Sample.all { #expect(text.contains("`\(sample.name)`")) }
  }
}
