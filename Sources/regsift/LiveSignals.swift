import Glibc
import Synchronization
import Threads

/// What is asked of a running capture from outside, by signals most of all.
///
/// A thread of its own waits for signals, so that nothing is interrupted half-way, nobody wakes up
/// to look for them, and a second SIGINT ends the program whatever it is busy with.
final class LiveSignals: Sendable {
  /// What a signal asks for.
  enum Wish {
    /// End with the report (SIGINT, SIGTERM).
    case end
    /// Write the report so far (SIGUSR1).
    case report
    /// Read the profile again, and reopen what is written to (SIGHUP).
    case reopen
  }

  private static let wishes: [(number: Int32, wish: Wish)] = [
    (SIGINT, .end), (SIGTERM, .end), (SIGUSR1, .report), (SIGHUP, .reopen),
  ]

  private static let ends = [SIGINT, SIGTERM]

  /// Rung with every wish.
  let bell: Doorbell
  private let asked = Mutex<[Wish]>([])
  private let heard: [Int32]

  /// From here on signals wait to be heard; threads made later inherit that.
  init(hearing heard: [Int32] = [SIGINT, SIGTERM, SIGUSR1, SIGHUP]) throws(SystemShortage) {
    bell = try Doorbell()
    self.heard = heard
    // A shell has what it starts in the background ignore SIGINT; this program takes it for a wish.
    for number in Self.ends where heard.contains(number) { signal(number, SIG_DFL) }
    Self.mask(SIG_BLOCK, heard)
  }

  deinit { release() }

  /// Begins to hear signals.
  func listen() throws(SystemShortage) {
    guard !heard.isEmpty else { return }
    _ = try WorkThread { [self] in
      var numbers = heard
      while let wish = Self.next(of: numbers) {
        ask(wish)
        guard wish == .end else { continue }
        // A second one does what it does to any program.
        numbers.removeAll { Self.ends.contains($0) }
        Self.mask(SIG_UNBLOCK, Self.ends)
      }
    }
  }

  /// Asks for something, as a signal does; may be called on any thread.
  func ask(_ wish: Wish) {
    asked.withLock { if !$0.contains(wish) { $0.append(wish) } }
    bell.ring()
  }

  /// What was asked for since the last call, each once.
  func wishes() -> [Wish] {
    asked.withLock { asked in
      defer { asked = [] }
      return asked
    }
  }

  /// From here on a signal does what it does to any program.
  func release() { Self.mask(SIG_UNBLOCK, heard) }

  private static func next(of numbers: [Int32]) -> Wish? {
    var set = set(of: numbers)
    var number: Int32 = 0
    guard sigwait(&set, &number) == 0 else { return nil }
    return wishes.first { $0.number == number }?.wish
  }

  private static func mask(_ how: Int32, _ numbers: [Int32]) {
    var set = set(of: numbers)
    pthread_sigmask(how, &set, nil)
  }

  private static func set(of numbers: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in numbers { sigaddset(&set, number) }
    return set
  }
}
