import Glibc
package import Reports
package import Rules
import Synchronization
import Threads

/// The full-screen view of a running capture: shows what it is told, and asks for the end by
/// `SIGINT` as Ctrl-C does.
///
/// Who tells it something never waits for the terminal: a thread of its own reads keys and draws.
package final class Display: Sendable {
  /// What passes between the threads.
  struct Inbox {
    var snapshot: Snapshot?
    var news = NewsList()
    /// Counts what has come in.
    var revision = 0
    /// Accounts whose registrations the next snapshot shall have.
    var wanted: Set<String> = []
    var messages: [String] = []
    var isOver = false
    var meter: RateMeter
  }

  /// Messages kept for the time after the view.
  private static let mostMessages = 100

  private let inbox: Mutex<Inbox>
  /// Rung when something has come in.
  let doorbell: TerminalBell
  private let thread: Mutex<WorkThread?>
  let zone: ReportTimeZone
  let start: ContinuousClock.Instant

  /// Takes over the terminal of the standard streams; `nil` where there is none, or it knows no
  /// screen.
  package init?(interfaces: [String], zone: ReportTimeZone, isColored: Bool) {
    guard Self.isPossible, let terminal = Terminal(input: STDIN_FILENO, output: STDOUT_FILENO),
      let doorbell = TerminalBell()
    else { return nil }
    self.doorbell = doorbell
    start = .now
    self.zone = zone
    inbox = Mutex(Inbox(meter: RateMeter(start: start)))
    thread = Mutex(nil)
    let loop = Handover(
      DisplayLoop(self, terminal, ViewModel(interfaces: interfaces), isColored: isColored))
    // It stops itself for the shell.
    let started = try? WorkThread(hearing: [SIGTSTP], { loop.value.run() })
    guard started != nil else { return nil }
    thread.withLock { $0 = started }
  }

  /// Whether there are a keyboard and a screen.
  package static var isPossible: Bool {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return false }
    guard let name = getenv("TERM").map({ String(cString: $0) }) else { return false }
    return !name.isEmpty && name != "dumb"
  }

  /// What was captured so far has been judged.
  package func show(_ diagnosis: Diagnosis, _ news: [News]) {
    let now = ContinuousClock.now
    let (rates, wanted) = inbox.withLock { ($0.meter.take(diagnosis, at: now), $0.wanted) }
    // Outside of the lock: with very many accounts it takes its time.
    let snapshot = Snapshot(diagnosis, rates: rates, wanted: wanted)
    inbox.withLock { inbox in
      inbox.snapshot = snapshot
      // With very many at once only the last ones would be left anyway.
      for entry in news.suffix(NewsList.most) { inbox.news.add(entry) }
      inbox.revision += 1
    }
    doorbell.ring()
  }

  /// Tells the operator something that would be written to the terminal otherwise.
  package func say(_ message: String) {
    let time = DisplayLoop.now
    inbox.withLock { inbox in
      inbox.news.add(News(message: message, at: time))
      inbox.messages.append(message)
      if inbox.messages.count > Self.mostMessages { inbox.messages.removeFirst() }
      inbox.revision += 1
    }
    doorbell.ring()
  }

  /// Gives the terminal back; returns the messages that were told meanwhile.
  package func end() -> [String] {
    let messages = inbox.withLock { inbox in
      inbox.isOver = true
      return inbox.messages
    }
    doorbell.ring()
    let started = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    started?.join()
    return messages
  }

  func take<Result>(_ body: (inout sending Inbox) -> sending Result) -> sending Result {
    inbox.withLock(body)
  }
}

/// Something made on one thread for another, which alone uses it from then on.
private struct Handover<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
