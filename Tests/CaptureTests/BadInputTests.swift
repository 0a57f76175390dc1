import Capture
import Foundation
import Testing

@Suite("Input that cannot be read, or not to its end")
struct BadInputTests {
  struct Refused: CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    /// What the line says after the file's name.
    var reason: String
  }

  static let refused = [
    Refused(testDescription: "empty", bytes: [], reason: "is empty, not a capture"),
    Refused(testDescription: "empty gzip", bytes: gzip([]), reason: "is empty, not a capture"),
    Refused(
      testDescription: "text", bytes: Array("# notes\n".utf8),
      reason:
        "is not a capture: wanted pcap or pcapng, either gzipped or not, but it begins with 23 20 6e 6f"
    ),
    Refused(
      testDescription: "one byte", bytes: [0xd4],
      reason:
        "is not a capture: wanted pcap or pcapng, either gzipped or not, but it begins with d4"),
    Refused(
      testDescription: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd, 0],
      reason: "is compressed with zstd, only gzip is read as it is"),
    Refused(
      testDescription: "bzip2", bytes: Array("BZh9".utf8),
      reason: "is compressed with bzip2, only gzip is read as it is"),
    Refused(
      testDescription: "half a file header", bytes: Array(ClassicBytes().bytes.prefix(10)),
      reason: "at byte 0: breaks off: 24 bytes wanted, 10 left"),
    Refused(
      testDescription: "old pcap", bytes: ClassicBytes(major: 2, minor: 2).bytes,
      reason: "is pcap of version 2.2, which is not readable"),
    Refused(
      testDescription: "half a section header", bytes: Array(section().prefix(20)),
      reason: "at byte 0: breaks off: 28 bytes wanted, 20 left"),
    Refused(
      testDescription: "unknown pcapng version", bytes: section(major: 2),
      reason: "at byte 0: is pcapng of version 2.0, which is not readable"),
    Refused(
      testDescription: "carriage returns changed", bytes: [0x0a, 0x0d, 0x0d, 0x0a] + Array(8...40),
      reason: "at byte 0: damaged: a section whose byte-order mark is 0xf0e0d0c"),
  ]

  private static func section(major: UInt16 = 1) -> [UInt8] {
    var file = BlockBytes()
    file.section(major: major)
    return file.bytes
  }

  @Test("What is no capture is refused with one line that says why", arguments: refused)
  func refusal(_ row: Refused) throws {
    let scratch = try Scratch()
    let path = try scratch.file(row.bytes)
    let error = try #require(throws: CaptureError.self) { try CaptureReader(path: path, file: 0) }
    #expect(error.description == "\(path): \(row.reason)")
  }

  @Test("A missing file, a directory and a file without permission are told apart")
  func cannotOpen() throws {
    let scratch = try Scratch()
    let folder = scratch.folder.path
    let missing = folder + "/missing.pcap"
    #expect(throws: CaptureError(kind: .directory, name: folder)) {
      try CaptureReader(path: folder, file: 0)
    }
    let error = try #require(throws: CaptureError.self) {
      try CaptureReader(path: missing, file: 0)
    }
    #expect(error.description == "\(missing): cannot open: No such file or directory")
    // A component of the path that is a file, as the test may run as root, whom no permission stops.
    let file = try scratch.file([1])
    let inside = try #require(throws: CaptureError.self) {
      try CaptureReader(path: file + "/x", file: 0)
    }
    #expect(inside.kind == .cannotOpen(errno: ENOTDIR))
    try #require(chmod(file, 0) == 0)
    if getuid() != 0 {
      let refused = try #require(throws: CaptureError.self) {
        try CaptureReader(path: file, file: 0)
      }
      #expect(refused.description == "\(file): cannot open: Permission denied")
    }
  }

  @Test("A file name with controls and marks of direction stays on one line, in its order")
  func oneLine() {
    let error = CaptureError(kind: .empty, name: "a\nb\u{1b}[2Jé\u{202e}.pcap")
    #expect(error.description == "a\\nb\\u{1B}[2Jé\\u{202E}.pcap: is empty, not a capture")
  }

  @Test("Standard input is named in words")
  func standardInputName() {
    let error = CaptureError(
      kind: .torn(wanted: 16, got: 3), name: "-", frame: 118, offset: 20_480)
    #expect(
      error.description
        == "standard input: frame 118 at byte 20480: breaks off: 16 bytes wanted, 3 left")
  }

  @Test("A link type that cannot be decoded has its line")
  func unknownLinkType() {
    let kind = CaptureError.Kind.unknownLinkType(LinkType(rawValue: 147))
    let error = CaptureError(kind: kind, name: "a.pcap", frame: 1)
    #expect(error.description == "a.pcap: frame 1: link type 147 cannot be decoded")
  }

  struct Broken: CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var reason: String
  }

  /// One good frame, then what `write` appends.
  private static func classic(_ write: (inout ClassicBytes) -> Void) -> [UInt8] {
    var file = ClassicBytes()
    file.frame(1, 0, [1, 2, 3, 4])
    write(&file)
    return file.bytes
  }

  private static func blocks(_ write: (inout BlockBytes) -> Void) -> [UInt8] {
    var file = BlockBytes()
    file.section()
    file.interface()
    file.enhanced(1, [1, 2, 3, 4])
    write(&file)
    return file.bytes
  }

  static let broken = [
    Broken(
      testDescription: "pcap: absurd captured length",
      bytes: classic { $0.recordHeader(2, 0, captured: 262_145) },
      reason:
        "frame 2 at byte 44: damaged: a packet of 262145 bytes, longer than the 262144 any capture holds"
    ),
    Broken(
      testDescription: "pcap: greatest captured length",
      bytes: classic { $0.recordHeader(2, 0, captured: UInt32.max) },
      reason:
        "frame 2 at byte 44: damaged: a packet of 4294967295 bytes, longer than the 262144 any capture holds"
    ),
    Broken(
      testDescription: "pcap: fewer bytes than said",
      bytes: classic { $0.recordHeader(2, 0, captured: 100) },
      reason: "frame 2 at byte 44: breaks off: 116 bytes wanted, 16 left"),
    Broken(
      testDescription: "pcapng: block of 4 GiB", bytes: blocks { $0.raw(6, 0xffff_fffc, 0, 0) },
      reason:
        "frame 2 at byte 84: damaged: a block of 4294967292 bytes; wanted 32 to 16777216, a multiple of 4"
    ),
    Broken(
      testDescription: "pcapng: unknown block of 4 GiB",
      bytes: blocks { $0.raw(99, 0xffff_fffc, 0, 0) },
      reason:
        "at byte 84: damaged: a block of 4294967292 bytes; wanted 12 to 16777216, a multiple of 4"),
    Broken(
      testDescription: "pcapng: block of no length", bytes: blocks { $0.raw(99, 0, 0, 0) },
      reason: "at byte 84: damaged: a block of 0 bytes; wanted 12 to 16777216, a multiple of 4"),
    Broken(
      testDescription: "pcapng: length no multiple of four",
      bytes: blocks { $0.raw(99, 14, 0, 0, 0) },
      reason: "at byte 84: damaged: a block of 14 bytes; wanted 12 to 16777216, a multiple of 4"),
    Broken(
      testDescription: "pcapng: packet block too short for its fields",
      bytes: blocks { $0.raw(6, 28, 0, 0, 0, 0, 28) },
      reason:
        "frame 2 at byte 84: damaged: a block of 28 bytes; wanted 32 to 16777216, a multiple of 4"),
    Broken(
      testDescription: "pcapng: lengths differ", bytes: blocks { $0.raw(99, 16, 0, 20) },
      reason: "at byte 84: damaged: a block of 16 bytes that ends with the length 20"),
    Broken(
      testDescription: "pcapng: packet past its block",
      bytes: blocks { $0.enhanced(2, [1, 2, 3, 4], captured: 5) },
      reason: "frame 2 at byte 84: damaged: a packet of 5 bytes in a block with room for 4"),
    Broken(
      testDescription: "pcapng: greatest captured length",
      bytes: blocks { $0.enhanced(2, [1, 2, 3, 4], captured: UInt32.max) },
      reason:
        "frame 2 at byte 84: damaged: a packet of 4294967295 bytes, longer than the 262144 any capture holds"
    ),
    Broken(
      testDescription: "pcapng: simple packet past its block",
      bytes: blocks { $0.simple([1, 2, 3, 4], original: 5) },
      reason: "frame 2 at byte 84: damaged: a packet of 5 bytes in a block with room for 4"),
    Broken(
      testDescription: "pcapng: interface never described",
      bytes: blocks { $0.enhanced(2, [1], interface: UInt32.max) },
      reason:
        "frame 2 at byte 84: damaged: a packet of interface 4294967295, while the section describes 1"
    ),
    Broken(
      testDescription: "pcapng: new section forgets the interfaces",
      bytes: blocks {
        $0.section(.big)
        $0.simple([1])
      },
      reason:
        "frame 2 at byte 112: damaged: a packet of interface 0, while the section describes 0"),
    Broken(
      testDescription: "pcapng: second section of no byte order",
      bytes: blocks { $0.raw(0x0a0d_0d0a, 28, 0x1234_5678, 1, 0, 0, 28) },
      reason: "at byte 84: damaged: a section whose byte-order mark is 0x12345678"),
    Broken(
      testDescription: "pcapng: more interfaces than any machine has",
      bytes: blocks { file in for _ in 0..<65_536 { file.interface() } },
      reason: "at byte 1310784: more than 65536 interfaces in one section"),
  ]

  @Test("A damaged part ends the input where it is and keeps what was before", arguments: broken)
  func damage(_ row: Broken) throws {
    let reader = try Scratch().reader(row.bytes)
    #expect(reader.readAll().map(\.bytes) == [[1, 2, 3, 4]])
    #expect(reader.failure?.description == "\(reader.name): \(row.reason)")
    #expect(reader.next() == nil, "it stays ended")
    #expect(reader.framesRead == 1)
  }
}
