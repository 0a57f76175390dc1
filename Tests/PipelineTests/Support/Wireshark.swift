import Foundation
import Testing

/// Programs of Wireshark, which read captures without this program's help.
enum Wireshark {
  /// Whether they are installed.
  static let isInstalled = ["tshark", "capinfos"].allSatisfy {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)")
  }

  /// What a program prints, in lines; fails where it ends with an error.
  static func lines(_ program: String, _ arguments: [String]) throws -> [String] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/\(program)")
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: output, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).dropLast().map(String.init)
  }

  /// The named fields of every frame, one line each, separated by bars.
  static func fields(
    _ names: [String], of capture: String, filter: String = ""
  ) throws -> [String] {
    try lines(
      "tshark",
      ["-r", capture, "-Y", filter, "-T", "fields", "-E", "separator=|"]
        + names.flatMap { ["-e", $0] })
  }
}
