import Glibc

/// A file that is gone with this value, for what is read from files.
struct ScratchFile: ~Copyable {
  private let descriptor: Int32

  init() {
    var name = Array("/tmp/regsift-fuzz-XXXXXX".utf8CString)
    descriptor = name.withUnsafeMutableBufferPointer { name in
      guard let start = name.baseAddress else { return -1 }
      let descriptor = mkstemp(start)
      unlink(start)
      return descriptor
    }
    precondition(descriptor >= 0, "no scratch file: errno \(errno)")
  }

  deinit { close(descriptor) }

  /// Where it is found; whoever opens it reads from its beginning.
  var path: String { "/proc/self/fd/\(descriptor)" }

  /// Writes the whole content.
  func write(_ bytes: [UInt8]) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        pwrite(
          descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, off_t(written))
      }
      precondition(count > 0, "cannot write: errno \(errno)")
      written += count
    }
  }
}
