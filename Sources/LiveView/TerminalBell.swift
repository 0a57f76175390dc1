import Glibc

/// Wakes the one thread that uses the terminal: for news, and for signals about the terminal.
///
/// Signals come by handlers that write into the same pipe, whichever thread they interrupt: blocking
/// them would not do, since threads that were started before would still take them.
final class TerminalBell: Sendable {
  /// What it was rung for.
  enum Event: UInt8 {
    /// There is news.
    case news = 1
    /// Somebody asks for the shell (Ctrl-Z).
    case stop
    /// The program goes on after that.
    case goOn
    case resize
  }

  private static let signals = [SIGTSTP, SIGCONT, SIGWINCH]
  /// Where handlers write: memory that stays where it is.
  nonisolated(unsafe) private static let target: UnsafeMutablePointer<Int32> = {
    let target = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    target.initialize(to: -1)
    return target
  }()

  /// Can be waited on.
  let descriptor: Int32
  private let writing: Int32

  /// `nil` when the system has no pipe.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, writing) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(writing)
  }

  func ring(_ event: Event = .news) { Self.ring(writing, event) }

  fileprivate static func ring(_ descriptor: Int32, _ event: Event) {
    var byte = event.rawValue
    // A full pipe wakes up as well.
    _ = write(descriptor, &byte, 1)
  }

  /// What it was rung for since the last call.
  func events() -> [Event] {
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &buffer, buffer.count)
    return count > 0 ? buffer[..<count].compactMap(Event.init(rawValue:)) : []
  }

  // MARK: Signals

  /// From here on signals ring.
  func listen() {
    Self.target.pointee = writing
    for number in Self.signals { Self.set(number, ringForSignal) }
  }

  /// From here on they do what they do to any program.
  func stopListening() {
    for number in Self.signals { Self.set(number, SIG_DFL) }
    Self.target.pointee = -1
  }

  /// Stops the program as Ctrl-Z does where nobody minds; returns when it goes on.
  func stop() {
    Self.set(SIGTSTP, SIG_DFL)
    // Here it stops, unless no shell is there to start it again: then nothing happens.
    raise(SIGTSTP)
    Self.set(SIGTSTP, ringForSignal)
  }

  private static func set(_ number: Int32, _ handler: __sighandler_t?) {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    action.sa_flags = SA_RESTART
    sigaction(number, &action, nil)
  }

  fileprivate static func take(_ number: Int32) {
    switch number {
    case SIGTSTP: ring(target.pointee, .stop)
    case SIGCONT: ring(target.pointee, .goOn)
    default: ring(target.pointee, .resize)
    }
  }
}

private func ringForSignal(_ number: Int32) {
  let before = errno
  TerminalBell.take(number)
  errno = before
}
