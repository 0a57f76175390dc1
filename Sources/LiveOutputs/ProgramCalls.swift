import Glibc
import Synchronization
import Threads

/// Calls a program once for each event, with the event on its standard input.
///
/// Never through a shell. What the program writes goes nowhere, and nothing of this one is open in
/// it. A few run at a time and each only for so long; the others wait, and of these only so many.
public final class ProgramCalls: Sendable {
  /// How much is done for events.
  public struct Limits: Sendable {
    /// Programs that run at the same time.
    public var running = 4
    /// Events that wait for one to end; later ones are left out.
    public var waiting = 256
    /// How long one may run until it is killed.
    public var time = Duration.seconds(30)
    /// How long the end of the capture waits for those that are left.
    public var end = Duration.seconds(10)

    /// What suits a mail, a page or a message to a chat.
    public init() {}
  }

  private let queue: CallQueue
  private let thread: WorkThread

  /// Prepares for calls of `program`, a path; throws when it cannot be called.
  ///
  /// `say` is told of trouble: once when it begins, and in numbers at the end.
  public init(
    program: String, arguments: [String], limits: Limits = Limits(),
    say: @escaping @Sendable (String) -> Void
  ) throws(OutputError) {
    guard program.contains("/") else {
      throw OutputError("it takes the path of a program, such as /usr/local/bin/alert", 0)
    }
    var status = stat()
    guard stat(program, &status) == 0 else { throw OutputError("cannot be called", errno) }
    guard status.st_mode & S_IFMT == S_IFREG, access(program, X_OK) == 0 else {
      throw OutputError("cannot be called", EACCES)
    }
    let queue = CallQueue(limit: limits.waiting, bell: try Doorbell.hung())
    self.queue = queue
    thread = try WorkThread.begun {
      var runner = CallRunner(
        command: ProgramCommand(program: program, arguments: arguments), limits: limits, say: say)
      runner.run(queue)
    }
  }

  /// Has the program called with `input`, as soon as it is its turn.
  public func submit(_ input: [UInt8]) { queue.submit(input) }

  /// What the last call failed by, or that events are left out; `nil` where all is well.
  public var trouble: String? { queue.trouble }

  /// Waits for the calls that are left, for a while, and ends.
  public func finish() {
    queue.end()
    thread.join()
  }
}

/// Events that wait for their call.
final class CallQueue: Sendable {
  struct State: Sendable {
    fileprivate(set) var inputs: [[UInt8]] = []
    /// Events that found no place.
    fileprivate(set) var omitted = 0
    fileprivate(set) var isEnded = false
    /// What the last call failed by; `nil` where it did not.
    fileprivate var failure: String?
  }

  let bell: Doorbell
  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int, bell: Doorbell) {
    self.limit = limit
    self.bell = bell
  }

  func submit(_ input: [UInt8]) {
    state.withLock {
      if $0.inputs.count < limit { $0.inputs.append(input) } else { $0.omitted += 1 }
    }
    bell.ring()
  }

  func end() {
    state.withLock { $0.isEnded = true }
    bell.ring()
  }

  /// The first one that waits; `nil` when none does.
  func next() -> [UInt8]? {
    state.withLock { $0.inputs.isEmpty ? nil : $0.inputs.removeFirst() }
  }

  /// Takes note of how a call ended: of what it failed by, `nil` where it did not.
  func note(_ failure: String?) { state.withLock { $0.failure = failure } }

  var trouble: String? {
    state.withLock {
      $0.inputs.count >= limit ? "too slow: events are left out" : $0.failure.map { "a call \($0)" }
    }
  }

  var now: State { state.withLock { $0 } }
}
