import Glibc

/// Signals, looked at between packets, so that nothing is interrupted half-way.
final class LiveSignals {
  /// What a signal asks for.
  enum Wish {
    /// End with the report (SIGINT, SIGTERM).
    case end
    /// Write the report so far (SIGUSR1).
    case report
    /// Reopen what is written to (SIGHUP).
    case reopen
  }

  private static let wishes: [(number: Int32, wish: Wish)] = [
    (SIGINT, .end), (SIGTERM, .end), (SIGUSR1, .report), (SIGHUP, .reopen),
  ]

  /// How long a signal may wait: nothing wakes up who waits for packets.
  static let patience = Duration.milliseconds(200)
  private var set = sigset_t()

  init() {
    sigemptyset(&set)
    for (number, _) in Self.wishes { sigaddset(&set, number) }
    sigprocmask(SIG_BLOCK, &set, nil)
  }

  deinit { release() }

  /// What was asked for since the last call.
  func wishes() -> [Wish] {
    var found: [Wish] = []
    var none = timespec()
    while case let number = sigtimedwait(&set, nil, &none), number > 0 {
      if let wish = Self.wishes.first(where: { $0.number == number })?.wish { found.append(wish) }
    }
    return found
  }

  /// From here on a signal does what it does to any program: a second one ends it at once.
  func release() { sigprocmask(SIG_UNBLOCK, &set, nil) }
}
