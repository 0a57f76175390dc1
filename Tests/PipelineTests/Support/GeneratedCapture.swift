import Foundation

/// A capture that the generator of the benchmark made, removed when it is let go of.
final class GeneratedCapture {
  let path: String

  /// Thrown when the generator ends with an error.
  struct Failure: Error {
    let status: Int32
  }

  /// Runs the generator beside the test program with these options.
  init(_ options: String...) throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let folder = URL(filePath: own).deletingLastPathComponent()
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "regsift-\(UUID().uuidString).pcap").path
    let generator = Process()
    generator.executableURL = folder.appending(path: "generate-capture")
    generator.arguments = ["--output", path] + options
    try generator.run()
    generator.waitUntilExit()
    guard generator.terminationStatus == 0 else {
      throw Failure(status: generator.terminationStatus)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
