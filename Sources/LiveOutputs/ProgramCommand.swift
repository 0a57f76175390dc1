import CProcess
import Glibc

/// A program with its arguments, to be started.
struct ProgramCommand: Sendable {
  let program: String
  let arguments: [String]

  /// Starts it with `input` to read; gives its number.
  ///
  /// The input lies in memory as a file: no pipe fills up, and nobody has to write to it.
  func start(_ input: [UInt8]) throws(OutputError) -> pid_t {
    let file = process_memory_file()
    guard file >= 0 else { throw OutputError("cannot hold an event", errno) }
    defer { close(file) }
    guard Self.fill(file, input) else { throw OutputError("cannot hold an event", errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO)
    for stream in [STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0)
    }
    // Sockets of the capture are not for it: libpcap leaves them open.
    let shortage = process_close_from(&actions, STDERR_FILENO + 1)
    guard shortage == 0 else { throw OutputError("cannot be called", shortage) }
    var process = pid_t()
    let result = withAttributes { attributes in
      Self.withStrings([program] + arguments) { arguments in
        posix_spawn(
          &process, program, &actions, &attributes, arguments, process_environment())
      }
    }
    guard result == 0 else { throw OutputError("cannot be called", result) }
    return process
  }

  /// A process group of its own, to be killed as a whole, and signals as after any shell: this
  /// program blocks some and ignores one.
  private func withAttributes(_ body: (inout posix_spawnattr_t) -> Int32) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var (none, defaults) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigemptyset(&defaults)
    sigaddset(&defaults, SIGPIPE)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))
    return body(&attributes)
  }

  private static func fill(_ file: Int32, _ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        write(file, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      guard written > 0 else { return false }
      done += written
    }
    return lseek(file, 0, SEEK_SET) == 0
  }

  private static func withStrings(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Int32
  ) -> Int32 {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}
