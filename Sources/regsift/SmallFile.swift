import Glibc

/// A file that is read whole.
enum SmallFile {
  /// More than any profile: every parameter with a page of comment.
  private static let greatestSize = 1 << 20

  /// Why it cannot be read.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The text in the file `path`.
  static func read(_ path: String) throws(Failure) -> String {
    guard let text = String(validating: try bytes(path), as: UTF8.self) else {
      throw Failure(description: "is not text in UTF-8")
    }
    return text
  }

  /// The bytes of the file `path`.
  static func bytes(_ path: String) throws(Failure) -> [UInt8] {
    // Not blocking: a pipe without writer would be waited for.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw Failure(description: "cannot open: \(systemMessage(errno))")
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: greatestSize + 1)
    var count = 0
    while count < bytes.count {
      let start = count
      let got = bytes.withUnsafeMutableBytes { target in
        Glibc.read(descriptor, target.baseAddress.map { $0 + start }, target.count - start)
      }
      guard got >= 0 else { throw Failure(description: "cannot read: \(systemMessage(errno))") }
      if got == 0 { break }
      count += got
    }
    guard count <= greatestSize else {
      throw Failure(description: "is longer than \(greatestSize) bytes")
    }
    return Array(bytes[..<count])
  }
}
