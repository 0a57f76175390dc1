import Glibc

/// The terminal the program was started at, taken over in full and given back as it was.
final class Terminal {
  /// Alternate screen, no cursor, no wrapping (DEC private modes 1049, 25 and 7).
  private static let entering: StaticString = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l"
  private static let leaving: StaticString = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  let input: Int32
  private let output: Int32
  private(set) var isTaken = false

  /// The terminal on these descriptors; `nil` where one of them is none.
  init?(input: Int32, output: Int32) {
    guard isatty(input) == 1, isatty(output) == 1 else { return nil }
    self.input = input
    self.output = output
  }

  /// Columns and rows; 80 and 24 where the terminal does not say.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return (80, 24)
    }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// Whether the program may use it: a job in the background may not.
  var isForeground: Bool {
    let group = tcgetpgrp(input)
    // One that is no controlling terminal has no jobs.
    return group < 0 || group == getpgrp()
  }

  /// Takes it over; `false` when that cannot be done.
  func take() -> Bool {
    var modes = termios()
    guard tcgetattr(input, &modes) == 0 else { return false }
    TerminalRestorer.arm(input, output, modes, Self.leaving)
    // Keys at once and unseen; Ctrl-C and Ctrl-Z stay signals, Ctrl-S stops nothing.
    modes.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
    modes.c_iflag &= ~tcflag_t(IXON)
    guard tcsetattr(input, TCSANOW, &modes) == 0 else {
      TerminalRestorer.disarm()
      return false
    }
    isTaken = true
    Self.entering.withUTF8Buffer { write(Array($0)) }
    return true
  }

  /// Gives it back.
  func release() {
    guard isTaken else { return }
    isTaken = false
    TerminalRestorer.restore()
    TerminalRestorer.disarm()
  }

  func write(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
      if count > 0 {
        start += count
      } else if errno == EAGAIN {
        var request = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      } else if errno != EINTR {
        // A terminal that is gone shows where keys are read.
        return
      }
    }
  }

  /// What was typed; `nil` when the terminal is gone.
  func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = Glibc.read(input, &buffer, buffer.count)
    if count > 0 { return Array(buffer[..<count]) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
  }
}
