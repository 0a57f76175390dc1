import Analysis
import Capture
import LiveOutputs
import Parameters
import Rules
import Threads

/// A capture that runs until somebody ends it: packets in, findings as they happen.
final class LiveRun {
  private let inputs: any LiveFeed
  private let signals: LiveSignals
  private let question: AnalysisQuestion
  private let end: Duration?
  private let mostPackets: UInt64
  private let listeners: [any LiveListener]
  /// Reads the profile again.
  private let profile: () throws -> Profile
  private let outlets: LiveOutlets?
  private let state: StateKeeping?
  private let timelines: LiveTimelines?
  private var packets: UInt64 = 0
  /// When the run began and when packets came last, by the steady clock.
  private let begun: Duration
  private var lastPackets: Duration
  private var isEnded = false
  private var watch: ClockWatch
  private var wantsReport = false
  private var wantsReopening = false

  /// How often what was captured is judged at the most.
  private static let interval = Duration.seconds(2)
  /// The part of the time that may be spent on it: with very many accounts it is done less often.
  private static let share = 20
  /// How long the loop rests at the most when nothing comes; a watchdog waits for longer.
  private static let turn = Duration.seconds(10)
  /// Where time stands still, how much of a silence may pass before what came of it is judged again:
  /// a file may claim one of decades.
  private static let shareOfSilence = 4
  /// What judging silences may take, about, while the time that a file claims grows threefold: it may
  /// claim decades between any two packets.
  private static let patience = Duration.milliseconds(400)
  /// Far longer than judging and the slowest listener take.
  private static let longestJudging = Duration.seconds(600)
  /// What it takes for one account and in all about: where time stands still nothing depends on the
  /// machine.
  private static let usualCost = (
    account: Duration.microseconds(6), all: Duration.microseconds(100)
  )
  /// How far behind the clock time is taken to have passed: packets are handed over in batches.
  private static let lag = Duration.seconds(1)

  /// A run that ends after `duration` or `packets` where these are given, or by a signal; `profile`
  /// reads the profile again.
  init(
    inputs: any LiveFeed, signals: LiveSignals, question: AnalysisQuestion, duration: Duration?,
    packets: UInt64?, listeners: [any LiveListener], outlets: LiveOutlets? = nil,
    state: StateKeeping? = nil, timelines: LiveTimelines? = nil,
    profile: @escaping () throws -> Profile
  ) {
    self.inputs = inputs
    self.signals = signals
    self.question = question
    begun = inputs.clock.steady
    lastPackets = begun
    end = duration.map { inputs.clock.steady + $0 }
    mostPackets = packets ?? .max
    self.listeners = listeners + (outlets?.listeners ?? []) + [state].compactMap { $0 }
    self.outlets = outlets
    watch = ClockWatch(inputs.clock)
    self.profile = profile
    self.state = state
    self.timelines = timelines
  }

  /// Captures until the end, and gives the diagnosis of all that was captured.
  func run() throws(SystemShortage) -> Diagnosis {
    try signals.listen()
    let judge = try LiveJudge(
      question, memory: inputs.memory, told: state?.told ?? [], listeners: listeners,
      done: signals.bell)
    var pipeline = Pipeline(profile: question.profile, memory: inputs.memory)
    state?.goOn(&pipeline)
    if timelines != nil { pipeline.keepNotes(LiveTimelines.mostNotes) }
    var due = inputs.clock.steady + Self.interval
    var isJudging = false
    var judgedSince = due
    outlets?.service?.ready()
    while !isEnded {
      let now = inputs.clock.steady
      // The watchdog is to notice when judging does not come to its end.
      if !isJudging || now - judgedSince < Self.longestJudging { outlets?.service?.beat() }
      let turn = now + longestRest(after: judge)
      inputs.wait(until: min(isJudging ? turn : min(due, turn), end ?? turn), signals.bell)
      if let losses = inputs.losses() { pipeline.noteLoss(losses) }
      watch.look(inputs.clock)
      let passed = inputs.clock.wall + (.zero - Self.lag)
      // Time passes by itself only when no packet waits: one that did would seem to go back in it.
      if takePackets(&pipeline) > 0 {
        lastPackets = inputs.clock.steady
      } else {
        if watch.isBeyondLeap(passed, inputs.clock) { pipeline.leapClock(to: passed) }
        pipeline.wait(until: passed)
      }
      heed(signals.wishes(), &pipeline)
      if inputs.isAtEnd { isEnded = true }
      if let end, end <= inputs.clock.steady { isEnded = true }
      if isJudging, !judge.isBusy {
        isJudging = false
        due = inputs.clock.steady + max(Self.interval, pause(after: judge))
      }
      if !isJudging, !isEnded, let task = task(&pipeline, isDue: due <= inputs.clock.steady) {
        judge.begin(task)
        isJudging = true
        judgedSince = inputs.clock.steady
        if inputs.standsStill { judge.wait() }
      }
    }
    outlets?.service?.stopping()
    judge.end()
    signals.release()
    let diagnosis = diagnose(pipeline)
    judge.tell(diagnosis)
    return diagnosis
  }

  /// How long to leave judging be, so that it takes no more than its share.
  private func pause(after judge: LiveJudge) -> Duration {
    (inputs.standsStill ? Self.usualCost.account * judge.accounts : judge.took) * Self.share
  }

  /// How long the loop may rest now when nothing comes.
  private func longestRest(after judge: LiveJudge) -> Duration {
    guard inputs.standsStill else { return Self.turn }
    let now = inputs.clock.steady
    let cost = Self.usualCost.all + Self.usualCost.account * judge.accounts
    let affordable = (now - begun) * (cost / Self.patience)
    return max(Self.turn, (now - lastPackets) / Self.shareOfSilence, affordable)
  }

  private func takePackets(_ pipeline: inout Pipeline) -> Int {
    inputs.deliver(limit: mostPackets - packets) { header, bytes in
      packets += 1
      if watch.isBeyondLeap(header.time, inputs.clock) { pipeline.leapClock(to: header.time) }
      if header.hasTime { outlets?.ring?.take(header, bytes) }
      pipeline.take(header, bytes)
      if packets == mostPackets { isEnded = true }
    }
  }

  /// What there is to do for the judging thread; `nil` for nothing.
  private func task(_ pipeline: inout Pipeline, isDue: Bool) -> LiveJudge.Task? {
    guard isDue || wantsReport || wantsReopening else { return nil }
    let task = LiveJudge.Task(isReport: wantsReport, reopens: wantsReopening)
    if isDue || wantsReport {
      task.snapshot = pipeline.snapshot(files: inputs.summaries, drops: inputs.drops)
      if let notes = pipeline.collectNotes() { timelines?.take(notes) }
    }
    wantsReport = false
    wantsReopening = false
    return task
  }

  private func diagnose(_ pipeline: consuming Pipeline) -> Diagnosis {
    let files = inputs.summaries(atEnd: pipeline.unknownLinks)
    return pipeline.diagnose(
      files: files, drops: inputs.drops, switches: question.switches,
      selection: question.selection)
  }

  private func heed(_ wishes: [LiveSignals.Wish], _ pipeline: inout Pipeline) {
    for wish in wishes {
      switch wish {
      case .end: isEnded = true
      case .report: wantsReport = true
      case .reopen:
        wantsReopening = true
        rereadProfile(&pipeline)
      }
    }
  }

  private func rereadProfile(_ pipeline: inout Pipeline) {
    do {
      pipeline.adopt(try profile())
    } catch {
      StandardError.say("\(error): going on with the values read before")
    }
  }
}

/// Who is told what happens in a running capture.
///
/// All on one thread, one after the other, and never on the one that takes packets.
protocol LiveListener {
  /// The findings of the diagnosis that is told of next have these numbers.
  func learn(_ numbers: FindingNumbers)
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
  func learn(_ numbers: FindingNumbers) {}
  func report(_ diagnosis: Diagnosis) {}
  func reopen() {}
  var trouble: String? { nil }
}
