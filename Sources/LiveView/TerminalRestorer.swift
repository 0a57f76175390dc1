import Glibc

/// Gives the terminal back when a signal ends the program, whichever it is.
///
/// A handler may do next to nothing: what it needs is prepared, in memory that stays where it is.
enum TerminalRestorer {
  /// What a handler reads.
  private struct Record {
    /// 1 while the terminal is not as it was.
    var isArmed: sig_atomic_t = 0
    var input: Int32 = -1
    var output: Int32 = -1
    var modes = termios()
    var sequence: UnsafePointer<UInt8>?
    var length = 0
  }

  /// Crashes, and whatever ends a program by default; those that the run waits for end it once it
  /// no longer does.
  private static let signals = [
    SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGSYS, SIGQUIT, SIGXCPU, SIGXFSZ, SIGALRM,
    SIGUSR1, SIGUSR2, SIGHUP, SIGINT, SIGTERM,
  ]

  nonisolated(unsafe) private static let record: UnsafeMutablePointer<Record> = {
    let record = UnsafeMutablePointer<Record>.allocate(capacity: 1)
    record.initialize(to: Record())
    return record
  }()
  /// What was to become of each signal before, by its number.
  nonisolated(unsafe) private static let previous: UnsafeMutablePointer<sigaction> = {
    let actions = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
    actions.initialize(repeating: sigaction(), count: 65)
    return actions
  }()

  /// From here on a signal that ends the program gives the terminal back first.
  static func arm(_ input: Int32, _ output: Int32, _ modes: termios, _ sequence: StaticString) {
    record.pointee = Record(
      isArmed: 1, input: input, output: output, modes: modes, sequence: sequence.utf8Start,
      length: sequence.utf8CodeUnitCount)
    for number in signals {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = restoreAndGoOn
      action.sa_flags = SA_ONSTACK
      let place = previous + Int(number)
      guard sigaction(number, &action, place) == 0 else { continue }
      // Who ignores a signal (nohup) goes on to.
      if isIgnored(place.pointee) { sigaction(number, place, nil) }
    }
  }

  /// The terminal is as it was: signals do what they did before.
  static func disarm() {
    record.pointee.isArmed = 0
    for number in signals { sigaction(number, previous + Int(number), nil) }
  }

  /// Makes the terminal as it was.
  ///
  /// For a handler, too: nothing but calls that are safe there (signal-safety(7)).
  static func restore() {
    guard record.pointee.isArmed != 0 else { return }
    record.pointee.isArmed = 0
    // In the background it would be stopped for this, half dead.
    var blocked = sigset_t()
    var before = sigset_t()
    sigemptyset(&blocked)
    sigaddset(&blocked, SIGTTOU)
    pthread_sigmask(SIG_BLOCK, &blocked, &before)
    _ = write(record.pointee.output, record.pointee.sequence, record.pointee.length)
    // What was typed is not meant for the shell.
    tcflush(record.pointee.input, TCIFLUSH)
    tcsetattr(record.pointee.input, TCSANOW, &record.pointee.modes)
    pthread_sigmask(SIG_SETMASK, &before, nil)
  }

  fileprivate static func putBack(_ number: Int32) {
    sigaction(number, previous + Int(number), nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    guard action.sa_flags & SA_SIGINFO == 0 else { return false }
    // As numbers: functions cannot be compared.
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}

/// Lets the signal do what it would have done, once the terminal is as it was.
private func restoreAndGoOn(_ number: Int32) {
  TerminalRestorer.restore()
  TerminalRestorer.putBack(number)
  // It is blocked here, and comes when this returns.
  raise(number)
}
