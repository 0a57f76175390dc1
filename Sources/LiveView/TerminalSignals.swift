import CWaiting
import Glibc

/// Signals about the terminal, waited for by the one thread that uses it.
struct TerminalSignals {
  /// What happened to it.
  enum Event {
    /// Somebody asks for the shell (Ctrl-Z).
    case stop
    /// The program goes on after that.
    case goOn
    case resize
  }

  private static let numbers: [(number: Int32, event: Event)] = [
    (SIGTSTP, .stop), (SIGCONT, .goOn), (SIGWINCH, .resize),
  ]

  /// What can be waited on (signalfd); negative when there is none.
  let descriptor: Int32
  private let set: sigset_t

  /// Blocks them, in all threads that start later as well.
  init() {
    var set = sigset_t()
    sigemptyset(&set)
    for (number, _) in Self.numbers { sigaddset(&set, number) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
    self.set = set
  }

  /// What happened since the last call.
  func events() -> [Event] {
    var events: [Event] = []
    var info = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while read(descriptor, &info, size) == size {
      if let event = Self.numbers.first(where: { UInt32($0.number) == info.ssi_signo })?.event {
        events.append(event)
      }
    }
    return events
  }

  /// Stops the program as Ctrl-Z does where nobody minds; returns when it goes on.
  func stop() {
    var only = sigset_t()
    sigemptyset(&only)
    sigaddset(&only, SIGTSTP)
    raise(SIGTSTP)
    // Here it stops, unless no shell is there to start it again: then nothing happens.
    pthread_sigmask(SIG_UNBLOCK, &only, nil)
    pthread_sigmask(SIG_BLOCK, &only, nil)
  }

  /// From here on they do what they do to any program.
  func release() {
    var set = set
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    if descriptor >= 0 { close(descriptor) }
  }
}
