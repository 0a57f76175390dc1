import Glibc
import Threads

/// Starts programs for events, ends those that take too long, and waits for all of them.
struct CallRunner {
  private struct Call {
    let process: pid_t
    let due: ContinuousClock.Instant
    var isKilled = false
  }

  private let command: ProgramCommand
  private let limits: ProgramCalls.Limits
  private let say: (String) -> Void
  private var calls: [Call] = []
  private var failures = 0
  /// What the last call failed by; `nil` where it did not.
  private var failure: String?
  private var isOmissionKnown = false

  /// How often running programs are looked at.
  private static let look = Duration.milliseconds(50)

  init(command: ProgramCommand, limits: ProgramCalls.Limits, say: @escaping (String) -> Void) {
    self.command = command
    self.limits = limits
    self.say = say
  }

  /// Calls for what comes, until the end.
  mutating func run(_ queue: CallQueue) {
    var end: ContinuousClock.Instant?
    while true {
      reap()
      queue.note(failure)
      while calls.count < limits.running, let input = queue.next() { start(input) }
      let now = queue.now
      if now.omitted > 0, !isOmissionKnown {
        isOmissionKnown = true
        say("too slow: \(limits.waiting) events wait, and others are left out")
      }
      if now.isEnded {
        if calls.isEmpty && now.inputs.isEmpty { break }
        let due = end ?? .now + limits.end
        end = due
        if due <= .now { break }
      }
      queue.bell.wait(for: calls.isEmpty ? nil : Self.look)
    }
    abandon(queue.now)
  }

  private mutating func start(_ input: [UInt8]) {
    do {
      calls.append(Call(process: try command.start(input), due: .now + limits.time))
    } catch {
      fail("\(error)")
    }
  }

  /// Takes note of the programs that have ended, and ends those whose time is up.
  private mutating func reap() {
    for place in calls.indices.reversed() {
      var status: Int32 = 0
      let call = calls[place]
      let ended = waitpid(call.process, &status, WNOHANG)
      if ended == call.process {
        calls.remove(at: place)
        note(status, of: call)
      } else if ended < 0, errno == ECHILD {
        // It has ended and nobody knows how: its number may be another one's by now.
        calls.remove(at: place)
      } else if !call.isKilled, call.due <= .now {
        // With all that it has started itself.
        kill(-call.process, SIGKILL)
        calls[place].isKilled = true
      }
    }
  }

  private mutating func note(_ status: Int32, of call: Call) {
    let signal = status & 0x7F
    if call.isKilled {
      fail("was killed: it took longer than \(limits.time.components.seconds) s")
    } else if signal != 0 {
      fail("was ended by signal \(signal)")
    } else if status >> 8 & 0xFF != 0 {
      fail("ended with status \(status >> 8 & 0xFF)")
    } else {
      failure = nil
    }
  }

  private mutating func fail(_ how: String) {
    failures += 1
    failure = how
    if failures == 1 { say("\(how); failures are counted from here on") }
  }

  /// Ends what still runs, and tells what was not done.
  private mutating func abandon(_ left: CallQueue.State) {
    for call in calls {
      kill(-call.process, SIGKILL)
      var status: Int32 = 0
      waitpid(call.process, &status, 0)
    }
    if failures > 1 { say("\(failures) calls failed in all") }
    let omitted = left.omitted + left.inputs.count
    if omitted > 0 { say("not called for \(omitted) events in all") }
    if !calls.isEmpty { say("\(calls.count) calls were cut off by the end") }
  }
}
