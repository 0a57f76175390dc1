import Capture
import Foundation
import Synchronization

/// A folder for one test, gone with it.
final class Scratch {
  let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("regsift-test-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  func write(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: path(name)))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
    return path(name)
  }

  func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
  }

  func names(in folder: String = "") -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path(folder)))?.sorted() ?? []
  }

  /// Bytes of all files whose name begins like this.
  func size(of prefix: String, in folder: String) -> Int {
    names(in: folder).filter { $0.hasPrefix(prefix) }.reduce(0) { sum, name in
      let file = try? FileManager.default.attributesOfItem(atPath: path(folder + "/" + name))
      return sum + (file?[.size] as? Int ?? 0)
    }
  }
}

/// What was said.
final class Sayings: Sendable {
  private let lines = Mutex<[String]>([])
  var all: [String] { lines.withLock { $0 } }
  func say(_ line: String) { lines.withLock { $0.append(line) } }
}

/// A packet to put in and to get back.
struct Packet: Equatable {
  let header: FrameHeader
  let bytes: [UInt8]

  init(_ number: UInt32, input: UInt32 = 0, link: LinkType = .ethernet, length: Int) {
    header = FrameHeader(
      reference: FrameReference(file: input, number: number),
      time: Timestamp(nanoseconds: 1_700_000_000_123_456_789 + Int64(number) * 1_000_001),
      linkType: link, capturedLength: length, originalLength: length + Int(number % 3))
    bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &+ Int(number)) }
  }

  init(_ header: FrameHeader, _ bytes: [UInt8]) {
    self.header = header
    self.bytes = bytes
  }

  /// What a capture tells of it, whatever file it is in.
  var essence: String {
    "\(header.time.nanoseconds) \(header.linkType.rawValue) \(header.originalLength) \(bytes)"
  }
}

/// All packets of captures, and why the last of them broke off.
func packets(in files: [String]) throws -> (packets: [Packet], failure: CaptureError?) {
  var packets: [Packet] = []
  var failure: CaptureError?
  for file in files {
    let reader = try CaptureReader(path: file, file: 0)
    while let header = reader.next() {
      let bytes = reader.bytes
      packets.append(Packet(header, bytes.indices.map { bytes[$0] }))
    }
    failure = reader.failure
  }
  return (packets, failure)
}

/// Waits for something that another thread does; whether it came in time.
func eventually(within seconds: Int = 20, _ condition: () -> Bool) -> Bool {
  let end = ContinuousClock.now + .seconds(seconds)
  while ContinuousClock.now < end {
    if condition() { return true }
    usleep(10_000)
  }
  return condition()
}
