import Glibc

/// Events on their way to an open file descriptor, which stays open: each on a line of its own,
/// whatever has failed before.
struct EventLines {
  let descriptor: Int32
  /// Whether what was written last is a part of a line.
  private var isTorn = false

  /// Lines to a stream that has just begun.
  init(descriptor: Int32) { self.descriptor = descriptor }

  /// Lines to the end of the file `path`, which is made when it is not there.
  init(appendingTo path: String) throws(WriteFailure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw WriteFailure(number: errno) }
    isTorn = Self.endsWithinLine(descriptor)
  }

  /// Has `body` write one line; what it cannot finish spoils no other one.
  mutating func write(
    _ body: (inout Output) throws(WriteFailure) -> Void
  ) throws(WriteFailure) {
    if isTorn {
      var output = Output(descriptor: descriptor)
      try output.write("\n")
      isTorn = false
    }
    var output = Output(descriptor: descriptor)
    do {
      try body(&output)
    } catch {
      isTorn = output.written > 0
      throw error
    }
  }

  /// Whether a run that was ended, or had no more room, has left a part of a line in the file.
  private static func endsWithinLine(_ descriptor: Int32) -> Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
    else { return false }
    let file = open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
    // What may be written to and not read is taken for whole.
    guard file >= 0 else { return false }
    defer { close(file) }
    var last: UInt8 = 0
    return pread(file, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
  }
}
