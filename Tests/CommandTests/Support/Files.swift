import Foundation

/// Where the package lies.
enum Package {
  static let root: String = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.path
  }()

  static func path(_ name: String) -> String { root + "/" + name }

  /// The capture of one case of a rule.
  static func sample(_ name: String) -> String { path("samples/rules/\(name)/capture.pcap") }
}

/// A folder for one test, gone with it.
final class Scratch {
  let folder: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("regsift-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }

  /// Writes a file and gives its path.
  func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func text(_ name: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
  }

  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
  }
}

/// A little-endian classic pcap as its header and its packets, to be put together anew.
struct Packets {
  var header: [UInt8]
  var records: [[UInt8]] = []

  init(_ path: String) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    header = Array(bytes.prefix(24))
    var start = 24
    while start + 16 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[start + 8 + $1]) << (8 * $1) }
      records.append(Array(bytes[start..<start + 16 + length]))
      start += 16 + length
    }
  }

  /// A capture of some of the packets.
  func capture(_ positions: some Sequence<Int>) -> [UInt8] {
    positions.reduce(into: header) { $0 += records[$1] }
  }
}
