import Foundation
import Glibc

/// A shell script run at a terminal of its own, as somebody who sits there sees it.
final class TerminalSession {
  private var screen: Int32
  /// Kept open, so that the terminal can be looked at when the script is gone.
  private var terminal: Int32
  private var process = pid_t()
  private(set) var output = ""
  let modesBefore: Modes

  /// What stty(1) shows.
  struct Modes: Equatable {
    let flags: [UInt32]
    let characters: [UInt8]

    init(_ descriptor: Int32) {
      var modes = termios()
      tcgetattr(descriptor, &modes)
      flags = [modes.c_iflag, modes.c_oflag, modes.c_cflag, modes.c_lflag]
      characters = withUnsafeBytes(of: modes.c_cc) { Array($0) }
    }
  }

  /// Starts `script` as the leader of a session at a terminal of this size.
  init(_ script: String, columns: UInt16 = 80, rows: UInt16 = 24) throws {
    screen = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var locked: Int32 = 0
    var number: Int32 = 0
    // What unlockpt(3) and ptsname(3) do: TIOCSPTLCK and TIOCGPTN.
    guard ioctl(screen, 0x4004_5431, &locked) == 0, ioctl(screen, 0x8004_5430, &number) == 0
    else { throw POSIXError(.ENOTTY) }
    let path = "/dev/pts/\(number)"
    terminal = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
    modesBefore = Modes(terminal)
    resize(columns: columns, rows: rows)
    try spawn(script, path)
  }

  deinit {
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    hangUp()
  }

  private func spawn(_ script: String, _ path: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The first terminal that the leader of a session opens becomes its own.
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, path, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDIN_FILENO, STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // POSIX_SPAWN_SETSID, which Swift's module of the C library leaves out.
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | 0x80))
    var arguments = ["sh", "-c", script].map { (text: String) in strdup(text) } + [nil]
    var variables = Regsift.usualEnvironment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in arguments + variables { free(text) } }
    let result = posix_spawn(&process, "/bin/sh", &actions, &attributes, &arguments, &variables)
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EIO) }
  }

  // MARK: At the keyboard

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(screen, UInt(TIOCSWINSZ), &size)
  }

  func type(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { write(screen, $0.baseAddress, $0.count) }
  }

  func send(_ signal: Int32) { kill(process, signal) }

  /// Switches the terminal off, as when a window is closed.
  func hangUp() {
    for descriptor in [terminal, screen] where descriptor >= 0 { close(descriptor) }
    (terminal, screen) = (-1, -1)
  }

  var modes: Modes { Modes(terminal) }

  // MARK: On the screen

  /// Waits until `text` has been written after the first `skipping` characters; a while is enough.
  func waits(for text: String, skipping: Int = 0) -> Bool {
    for _ in 0..<200 {
      let written = output.dropFirst(skipping)
      if written.contains(text) || Self.plain(written).contains(text) { return true }
      read(milliseconds: 100)
    }
    return false
  }

  /// What was written, without colours.
  var plain: String { Self.plain(output[...]) }

  private static func plain(_ text: Substring) -> String {
    String(text.replacing(/\u{1B}\[[0-9;]*m/, with: ""))
  }

  /// Reads what is written until the script has ended; its exit status, or the negative number of
  /// the signal that ended it.
  func end() -> Int32? {
    var status: Int32 = 0
    for _ in 0..<200 {
      read(milliseconds: 50)
      guard waitpid(process, &status, WNOHANG) == process else { continue }
      process = 0
      read(milliseconds: 0)
      let signal = status & 0x7F
      return signal == 0 ? (status >> 8) & 0xFF : -signal
    }
    return nil
  }

  private func read(milliseconds: Int32) {
    var request = pollfd(fd: screen, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, milliseconds) > 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = Glibc.read(screen, &buffer, buffer.count), count > 0 {
      output += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
