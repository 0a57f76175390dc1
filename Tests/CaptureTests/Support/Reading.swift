import CZlib
import Capture
import Foundation

/// One frame as a reader delivered it, with its bytes kept.
struct SeenFrame: Hashable, CustomStringConvertible {
  var number: UInt32
  var nanoseconds: Int64
  var linkType: UInt32
  var original: Int
  var bytes: [UInt8]

  init(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    number = header.reference.number
    nanoseconds = header.time.nanoseconds
    linkType = header.linkType.rawValue
    original = header.originalLength
    self.bytes = bytes.indices.map { bytes[$0] }
  }

  init(number: UInt32, nanoseconds: Int64, linkType: UInt32 = 1, original: Int, bytes: [UInt8]) {
    self.number = number
    self.nanoseconds = nanoseconds
    self.linkType = linkType
    self.original = original
    self.bytes = bytes
  }

  var description: String {
    "#\(number) \(nanoseconds) ns type \(linkType) \(bytes.count)/\(original) bytes"
  }
}

extension CaptureReader {
  /// Every frame that is left.
  func readAll() -> [SeenFrame] {
    var frames: [SeenFrame] = []
    while let header = next() { frames.append(SeenFrame(header, bytes)) }
    return frames
  }
}

/// A folder for one test's files, removed with it.
final class Scratch {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "regsift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file and gives its path.
  func file(_ bytes: [UInt8], _ name: String = "test.cap") throws -> String {
    let place = folder.appending(path: name)
    try Data(bytes).write(to: place)
    return place.path
  }

  /// A reader of these bytes.
  func reader(_ bytes: [UInt8], _ name: String = "test.cap", file index: UInt32 = 0) throws
    -> CaptureReader
  {
    try CaptureReader(path: try file(bytes, name), file: index)
  }
}

/// The bytes as one gzip member.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  deflateInit2_(
    &stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))))
  let room = UInt32(output.count)
  input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(input.count)
      stream.next_out = output.baseAddress
      stream.avail_out = room
      deflate(&stream, Z_FINISH)
    }
  }
  return Array(output.prefix(Int(room - stream.avail_out)))
}

/// Folders around the package, found from this file's place in it.
enum Place {
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let samples = package.appending(path: "samples/captures")
  private static let captures = package.appending(path: "../shared/captures").standardizedFileURL

  /// The real captures beside the package, in a fixed order; empty where that folder is absent.
  static let realCaptures: [URL] = ["public", "lab"].flatMap { folder in
    let files = try? FileManager.default.contentsOfDirectory(
      at: captures.appending(path: folder), includingPropertiesForKeys: nil)
    return (files ?? [])
      .filter { ["pcap", "pcapng", "cap"].contains($0.pathExtension) }
      .sorted { $0.path < $1.path }
  }
}
