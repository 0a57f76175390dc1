import Glibc

/// Standard input that can be read a second time from where it began.
struct RereadableInput {
  private static let piece = 1 << 16
  private let start: off_t

  /// Whether `path` is a pipe or a device, which gives its bytes once.
  static func isStream(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    let type = status.st_mode & S_IFMT
    return type != S_IFREG && type != S_IFDIR
  }

  /// Standard input as it is when it is a file, else spooled into one.
  static func standardInput() throws -> RereadableInput {
    var status = stat()
    if fstat(STDIN_FILENO, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      return RereadableInput(start: max(lseek(STDIN_FILENO, 0, SEEK_CUR), 0))
    }
    let spool = try makeSpool()
    defer { close(spool) }
    try copy(to: spool)
    guard lseek(spool, 0, SEEK_SET) == 0, dup2(spool, STDIN_FILENO) >= 0 else {
      throw failure()
    }
    return RereadableInput(start: 0)
  }

  /// Goes back to the beginning.
  func rewind() { lseek(STDIN_FILENO, start, SEEK_SET) }

  /// A file that has no name any more: it goes with the process, however that ends.
  private static func makeSpool() throws -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var name = Array("\(folder)/regsift.XXXXXX".utf8CString)
    let descriptor = name.withUnsafeMutableBufferPointer { name in
      name.baseAddress.map { mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else { throw failure() }
    _ = name.withUnsafeBufferPointer { name in name.baseAddress.map { unlink($0) } }
    return descriptor
  }

  private static func copy(to spool: Int32) throws {
    var buffer = [UInt8](repeating: 0, count: piece)
    var output = Output(descriptor: spool)
    while true {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count == 0 { return }
      if count < 0 {
        guard errno == EINTR else { throw failure() }
        continue
      }
      do {
        try output.write(buffer.span.extracting(0..<count))
      } catch {
        throw failure(error.number)
      }
    }
  }

  private static func failure(_ number: Int32 = errno) -> UsageError {
    UsageError("-: cannot be kept for the second reading (TMPDIR): \(systemMessage(number))")
  }
}
