import Foundation
import Testing

/// The independent reader of captures, where it is installed.
enum TShark {
  static let path = ["/usr/bin/tshark", "/usr/local/bin/tshark"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The named fields of each frame, separated by bars.
  static func fields(_ names: [String], of capture: [UInt8]) throws -> [String] {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("timeline-\(UUID().uuidString).pcap")
    try Data(capture).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments =
      [
        "-r", file.path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
        "-T", "fields", "-E", "separator=|",
      ] + names.flatMap { ["-e", $0] }
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
