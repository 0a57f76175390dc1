import Analysis
import Capture
import Parameters
import Rules
import SavedState
import Synchronization
import Threads

/// Judges what was captured so far on a thread of its own, and tells the listeners.
///
/// Packets are taken meanwhile: to copy the histories takes a fraction of the time that judging
/// them does, and no listener, however slow, holds up the capture. The other way, a queue of
/// packets for the time of judging, would need memory by packets and time, and would overflow
/// behind a listener that waits for a full disk.
final class LiveJudge: @unchecked Sendable {
  /// What there is to do; nobody has it but who is to do it.
  final class Task: @unchecked Sendable {
    /// What to judge; `nil` for nothing.
    var snapshot: Snapshot?
    /// Whether somebody asked for the report.
    let isReport: Bool
    /// Whether what is written to is to be opened anew, before anything else.
    let reopens: Bool

    init(isReport: Bool, reopens: Bool) {
      self.isReport = isReport
      self.reopens = reopens
    }
  }

  private struct State {
    var task: Task?
    var isBusy = false
    var isOver = false
    var took = Duration.zero
    var accounts = 0
  }

  private let question: AnalysisQuestion
  /// How long what is over is remembered; `nil` for ever.
  private let memory: Duration?
  private let state = Mutex(State())
  private let work: Doorbell
  private let done: Doorbell
  // These are for the judging thread until it has ended, then for who ended it.
  private let listeners: [any LiveListener]
  private var findings: LiveFindings
  private var thread: WorkThread?

  /// Starts the thread; `done` is rung whenever something is done.
  init(
    _ question: AnalysisQuestion, memory: Duration?, told: [ToldFinding] = [],
    listeners: [any LiveListener],
    done: Doorbell
  ) throws(SystemShortage) {
    self.question = question
    self.memory = memory
    self.listeners = listeners
    findings = LiveFindings(told: told)
    self.done = done
    work = try Doorbell()
    thread = try WorkThread { [self] in run() }
  }

  /// Whether it is at work.
  var isBusy: Bool { state.withLock { $0.isBusy } }

  /// How long the last task took.
  var took: Duration { state.withLock { $0.took } }

  /// How many accounts were judged last.
  var accounts: Int { state.withLock { $0.accounts } }

  /// Hands over a task; not while it is busy.
  func begin(_ task: Task) {
    state.withLock { state in
      state.task = task
      state.isBusy = true
    }
    work.ring()
  }

  /// Waits until it has done what there was to do.
  func wait() {
    while isBusy { done.wait() }
  }

  /// Waits until it has done what there was to do, and ends the thread.
  func end() {
    state.withLock { $0.isOver = true }
    work.ring()
    thread?.join()
    thread = nil
  }

  /// Tells the listeners of a diagnosis, once the thread has ended.
  func tell(_ diagnosis: Diagnosis) {
    // Forgetting takes an hour to come round.
    let horizon = diagnosis.capture.span.flatMap { span in
      memory.map { span.upperBound + (.seconds(3600) - $0) }
    }
    let events = findings.take(
      diagnosis.findings, isPartial: diagnosis.findingsLeftOut > 0,
      horizon: horizon ?? Timestamp(nanoseconds: .min),
      now: diagnosis.accounts.end, held: diagnosis.held)
    let numbers = findings.numbers
    for listener in listeners {
      listener.learn(numbers)
      listener.heard(events, in: diagnosis)
    }
  }

  private func run() {
    while true {
      work.wait()
      let (next, isOver) = state.withLock { state in
        defer { state.task = nil }
        return (state.task, state.isOver)
      }
      if let task = next {
        let took = ContinuousClock().measure { perform(task) }
        state.withLock { state in
          state.isBusy = false
          state.took = took
        }
        done.ring()
      }
      if isOver { return }
    }
  }

  private func perform(_ task: Task) {
    if task.reopens { for listener in listeners { listener.reopen() } }
    guard let snapshot = task.snapshot.take() else { return }
    let diagnosis = snapshot.diagnose(switches: question.switches, selection: question.selection)
    state.withLock { $0.accounts = diagnosis.accounts.count }
    tell(diagnosis)
    if task.isReport { for listener in listeners { listener.report(diagnosis) } }
  }
}
