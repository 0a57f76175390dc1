import Foundation

/// Folders in and beside the package, found from this file's place in it.
enum Place {
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let samples = package.appending(path: "samples")
  private static let captures = package.appending(path: "../shared/captures").standardizedFileURL
  static let publicCaptures = captures.appending(path: "public")
  static let sharedLab = captures.appending(path: "lab")
  static let lab = samples.appending(path: "lab")

  /// The captures in a folder, in order of name; none where the folder is absent.
  static func captureNames(in folder: URL) -> [String] {
    names(in: folder).filter { $0.hasSuffix(".pcap") || $0.hasSuffix(".pcapng") }
  }

  /// The files in a folder, in order of name; none where the folder is absent.
  static func names(in folder: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
  }
}

/// A folder for one test's files, removed with it.
final class Scratch {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "regsift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file and gives its path.
  func file(_ bytes: [UInt8], _ name: String) throws -> String {
    let place = folder.appending(path: name)
    try Data(bytes).write(to: place)
    return place.path
  }
}
