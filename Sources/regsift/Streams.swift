import Glibc
import Reports
import Synchronization

/// The three streams every program is started with.
enum StandardStreams {
  /// Opens the null device where the caller left a stream closed.
  ///
  /// Without this the next file opened would take its number, and messages would be written into
  /// it. Opened for reading only, so that a report to a closed standard output fails as it should.
  static func fillGaps() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(descriptor, F_GETFD) < 0 {
      // Descriptors are given lowest first: this one takes the gap.
      _ = open("/dev/null", O_RDONLY)
    }
  }

  /// Columns of the terminal on `descriptor`; `nil` when it is none or does not say.
  static func columns(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return nil }
    return Int(size.ws_col)
  }
}

/// Lines for the person at the keyboard.
enum StandardError {
  /// Who takes the lines while the terminal shows something else.
  private static let diversion = Mutex<(@Sendable (String) -> Void)?>(nil)

  /// From here on lines go to `taker`; `nil` has them written again.
  static func divert(_ taker: (@Sendable (String) -> Void)?) { diversion.withLock { $0 = taker } }

  /// Writes one line, which may hold anything: control characters are spelled out.
  static func say(_ message: String) {
    if let taker = diversion.withLock({ $0 }) { return taker(message) }
    var output = Output(descriptor: STDERR_FILENO)
    // There is nobody to tell when this fails.
    try? output.write("regsift: " + message.onOneLine + "\n")
  }
}

/// Why bytes could not be written.
struct WriteFailure: Error {
  /// What errno said.
  let number: Int32
}

/// Bytes on their way to an open file descriptor, which stays open.
struct Output: ReportSink {
  let descriptor: Int32
  /// The bytes that have arrived there.
  private(set) var written = 0

  init(descriptor: Int32) { self.descriptor = descriptor }

  mutating func write(_ bytes: Span<UInt8>) throws(WriteFailure) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
      }
      if count > 0 {
        start += count
        written += count
      } else if errno == EAGAIN {
        waitUntilWritable()
      } else if errno != EINTR {
        throw WriteFailure(number: errno)
      }
    }
  }

  mutating func write(_ text: String) throws(WriteFailure) {
    try write(Array(text.utf8).span)
  }

  /// Whoever shares the descriptor may have made it non-blocking.
  private func waitUntilWritable() {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }
}

/// What a subcommand is asked for, as opposed to what is said about it.
enum StandardOutput {
  /// Has `body` write; a reader that went away is no trouble, anything else is.
  static func write(_ body: (inout Output) throws(WriteFailure) -> Void) -> ExitStatus {
    var output = Output(descriptor: STDOUT_FILENO)
    do {
      try body(&output)
      return .clean
    } catch {
      guard error.number != EPIPE else { return .clean }
      StandardError.say("standard output: cannot write: \(systemMessage(error.number))")
      return .trouble
    }
  }

  /// Writes `text`.
  static func write(_ text: String) -> ExitStatus {
    write { (output) throws(WriteFailure) in try output.write(text) }
  }
}

/// The system's text for an errno.
func systemMessage(_ number: Int32) -> String {
  strerror(number).map { String(cString: $0) } ?? "error \(number)"
}

extension String {
  /// This text on one line and in its own order: controls, line ends and marks of direction are
  /// spelled out.
  var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}
