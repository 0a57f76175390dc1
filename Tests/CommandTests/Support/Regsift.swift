import Foundation
import Glibc

/// How a run of the program ended and what it said.
struct Run {
  let status: Int32
  let output: String
  let errors: String

  /// The lines on standard error.
  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// The JSON report on standard output.
  func report() throws -> Report { try Report(Data(output.utf8)) }
}

/// The program under test, run as a process.
struct Regsift {
  /// Where a stream of the process leads.
  enum Stream {
    /// Nothing to read, nowhere to write.
    case nothing
    /// A file is read, or what is written is returned.
    case file(String)
    case captured
    /// A pipe whose other end is closed.
    case closedPipe
    /// Not there at all.
    case closed
    /// A terminal; what is written there is returned.
    case terminal
    /// A pipe that is fed while the process runs, through the descriptor given.
    case pipe((Int32) -> Void)
  }

  var input = Stream.nothing
  var output = Stream.captured
  var errors = Stream.captured
  var environment: [String: String] = [:]
  /// The working directory; `nil` for that of the tests.
  var folder: String?

  /// The executable beside the test bundle.
  static var executable: String {
    let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (own as NSString).deletingLastPathComponent + "/regsift"
  }

  /// Runs it to its end with the usual streams.
  static func run(_ arguments: String...) throws -> Run { try Regsift().run(arguments) }

  /// Runs it to its end.
  func run(_ arguments: [String]) throws -> Run {
    let scratch = try Scratch()
    // One at a time: a child must not inherit the descriptors of another one's streams.
    let (process, opened) = try Self.oneAtATime.withLock {
      let opened = try [
        (STDIN_FILENO, Self.open(input, scratch.path("in"))),
        (STDOUT_FILENO, Self.open(output, scratch.path("out"))),
        (STDERR_FILENO, Self.open(errors, scratch.path("err"))),
      ]
      let process = try spawn(arguments, opened)
      for stream in opened { stream.1.closeChildsEnd() }
      return (process, opened)
    }
    for stream in opened { stream.1.feedChild() }
    let screen = opened.map { $0.1.screenText() }
    let status = Self.wait(for: process)
    return Run(
      status: status, output: screen[1] ?? scratch.text("out"),
      errors: screen[2] ?? scratch.text("err"))
  }

  private func spawn(_ arguments: [String], _ streams: [(Int32, OpenedStream)]) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams {
      if stream.isGap {
        posix_spawn_file_actions_addclose(&actions, number)
      } else {
        posix_spawn_file_actions_adddup2(&actions, stream.childs, number)
      }
    }
    // As after any shell, whatever the test runner does with this signal.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var process = pid_t()
    // posix_spawn cannot change the directory, env can.
    let command = (folder.map { ["/usr/bin/env", "-C", $0] } ?? []) + [Self.executable]
    let result = withStrings(command + arguments) { arguments in
      withStrings(variables) { variables in
        posix_spawn(&process, command[0], &actions, &attributes, arguments, variables)
      }
    }
    guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EIO) }
    return process
  }

  /// A small, fixed environment: a test must not depend on who runs it.
  static var usualEnvironment: [String: String] {
    var all = ["TZ": "UTC", "SWIFT_BACKTRACE": "enable=no", "TERM": "xterm"]
    // The last two tell a sanitizer what it is to report.
    for name in ["PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS"] {
      all[name] = ProcessInfo.processInfo.environment[name]
    }
    return all
  }

  private var variables: [String] {
    Self.usualEnvironment.merging(environment) { $1 }.map { "\($0)=\($1)" }
  }

  private static func open(_ stream: Stream, _ file: String) throws -> OpenedStream {
    switch stream {
    case .closed: return try OpenedStream(Glibc.open("/dev/null", O_RDWR | O_CLOEXEC), isGap: true)
    case .nothing: return try OpenedStream(Glibc.open("/dev/null", O_RDWR | O_CLOEXEC))
    case .file(let path): return try OpenedStream(Glibc.open(path, O_RDWR | O_CLOEXEC))
    case .captured:
      return try OpenedStream(Glibc.open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600))
    case .closedPipe:
      let ends = openPipe()
      close(ends.reading)
      return try OpenedStream(ends.writing)
    case .pipe(let feed):
      let ends = openPipe()
      return try OpenedStream(ends.reading, feed: (ends.writing, feed))
    case .terminal:
      let screen = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
      var locked: Int32 = 0
      var number: Int32 = 0
      // What unlockpt(3) and ptsname(3) do: TIOCSPTLCK and TIOCGPTN.
      guard ioctl(screen, 0x4004_5431, &locked) == 0, ioctl(screen, 0x8004_5430, &number) == 0
      else { throw POSIXError(.ENOTTY) }
      let terminal = Glibc.open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
      return try OpenedStream(terminal, screen: screen)
    }
  }

  private static func openPipe() -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static let oneAtATime = NSLock()

  /// The exit status, or the negative number of the signal that ended it; a minute is long enough.
  private static func wait(for process: pid_t) -> Int32 {
    var status: Int32 = 0
    for _ in 0..<60_000 {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process {
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
      }
      usleep(1000)
    }
    kill(process, SIGKILL)
    waitpid(process, &status, 0)
    return -SIGKILL
  }

  private func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}

/// One stream of a process: its own end, and this process's where there is one.
private final class OpenedStream {
  private(set) var childs: Int32
  let isGap: Bool
  private let screen: Int32?
  private let feed: (writing: Int32, body: (Int32) -> Void)?

  init(
    _ childs: Int32, isGap: Bool = false, screen: Int32? = nil,
    feed: (writing: Int32, body: (Int32) -> Void)? = nil
  ) throws {
    guard childs >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    self.childs = childs
    self.isGap = isGap
    self.screen = screen
    self.feed = feed
  }

  deinit {
    closeChildsEnd()
    if let screen { close(screen) }
  }

  func closeChildsEnd() {
    if childs >= 0 { close(childs) }
    childs = -1
  }

  func feedChild() {
    guard let feed else { return }
    feed.body(feed.writing)
    close(feed.writing)
  }

  /// Everything that is written to the terminal until the process is gone; `nil` when it is none.
  func screenText() -> String? {
    guard let screen else { return nil }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(screen, &buffer, buffer.count)
      guard count > 0 else { break }
      text += buffer[..<count]
    }
    return String(decoding: text, as: UTF8.self)
  }
}
