import Analysis
import Capture
import Glibc
import Rules

/// A capture that runs until somebody ends it: packets in, findings as they happen.
final class LiveRun {
  private let inputs: LiveInputs
  private let signals: LiveSignals
  private let question: AnalysisQuestion
  private let end: ContinuousClock.Instant?
  private let mostPackets: UInt64
  private let listeners: [any LiveListener]
  private var findings = LiveFindings()
  private var packets: UInt64 = 0
  private var isEnded = false

  /// How often what was captured is judged at the most.
  private static let interval = Duration.seconds(2)
  /// The part of the time that may be spent on it: with very many accounts it is done less often.
  private static let share = 20
  /// How far behind the clock time is taken to have passed: packets are handed over in batches.
  private static let lag: Int64 = 1_000_000_000

  /// A run that ends after `duration` or `packets` where these are given, or by a signal.
  init(
    inputs: LiveInputs, signals: LiveSignals, question: AnalysisQuestion, duration: Duration?,
    packets: UInt64?, listeners: [any LiveListener]
  ) {
    self.inputs = inputs
    self.signals = signals
    self.question = question
    end = duration.map { .now + $0 }
    mostPackets = packets ?? .max
    self.listeners = listeners
  }

  /// Captures until the end, and gives the diagnosis of all that was captured.
  func run() -> Diagnosis {
    var pipeline = Pipeline(profile: question.profile)
    var due = ContinuousClock.now + Self.interval
    while !isEnded {
      wait(until: due)
      let passed = Self.passed
      // Time passes by itself only when no packet waits: one that did would seem to go back in it.
      if takePackets(&pipeline) == 0 { pipeline.wait(until: passed) }
      heed(signals.wishes(), &pipeline)
      if let end, end <= .now { isEnded = true }
      if due <= .now || isEnded {
        let taken = ContinuousClock().measure { judge(&pipeline) }
        due = .now + max(Self.interval, taken * Self.share)
      }
    }
    signals.release()
    return pipeline.diagnose(
      files: inputs.summaries, drops: inputs.drops, switches: question.switches,
      selection: question.selection)
  }

  private func takePackets(_ pipeline: inout Pipeline) -> Int {
    inputs.deliver(limit: mostPackets - packets) { header, bytes in
      packets += 1
      pipeline.take(header, bytes)
      if packets == mostPackets { isEnded = true }
    }
  }

  /// Judges what was captured so far, and tells what is new.
  private func judge(_ pipeline: inout Pipeline) {
    let diagnosis = diagnosis(&pipeline)
    let events = findings.take(diagnosis.findings)
    for listener in listeners { listener.heard(events, in: diagnosis) }
  }

  private func diagnosis(_ pipeline: inout Pipeline) -> Diagnosis {
    pipeline.diagnoseSoFar(
      files: inputs.summaries, drops: inputs.drops, switches: question.switches,
      selection: question.selection)
  }

  private func heed(_ wishes: [LiveSignals.Wish], _ pipeline: inout Pipeline) {
    for wish in wishes {
      switch wish {
      case .end: isEnded = true
      case .report:
        let diagnosis = diagnosis(&pipeline)
        for listener in listeners { listener.report(diagnosis) }
      case .reopen: for listener in listeners { listener.reopen() }
      }
    }
  }

  /// Waits for packets, or until there may be something else to do.
  private func wait(until due: ContinuousClock.Instant) {
    var requests = inputs.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let next = min(due, end ?? due, .now + LiveSignals.patience)
    let milliseconds = (next - .now).wholeNanoseconds / 1_000_000 + 1
    _ = poll(&requests, nfds_t(requests.count), Int32(clamping: max(milliseconds, 0)))
  }

  /// The time by which every packet has been handed over.
  private static var passed: Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec) - lag)
  }
}

/// Who is told what happens in a running capture.
protocol LiveListener {
  /// What was captured so far has been judged, and this became of the findings since the last time.
  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis)
  /// Somebody asks for the report so far.
  func report(_ diagnosis: Diagnosis)
  /// What is written to may have been moved away: begin anew under its name.
  func reopen()
  /// What keeps it from writing just now, in words; `nil` where nothing does.
  var trouble: String? { get }
}

extension LiveListener {
  func report(_ diagnosis: Diagnosis) {}
  func reopen() {}
  var trouble: String? { nil }
}
