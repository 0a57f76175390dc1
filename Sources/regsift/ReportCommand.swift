import Analysis
import ArgumentParser
import Capture
import Evidence
import Glibc
import Parameters
import Redaction
import Registrations
import Reports
import Rules

/// `regsift report`: captures in, a folder of files for a ticket out.
struct ReportCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Read captures and write a report for others: a page, Markdown, JSON, tables.")

  @Argument(
    help: "Captures (pcap or pcapng, also gzipped); '-' is standard input. All are one timeline.",
    completion: .file())
  var capture: [String]

  @OptionGroup var options: AnalysisOptions

  @Option(
    help: ArgumentHelp(
      "Write the files into this folder, which is made when it is not there.", valueName: "folder"),
    completion: .directory)
  var output: String

  func perform() throws -> ExitStatus {
    if capture.filter({ $0 == "-" }).count > 1 {
      throw UsageError("-: standard input can be read only once")
    }
    let question = try options.question()
    for name in capture where name != "-" && RereadableInput.isStream(name) {
      throw UsageError("\(name): is no file that can be read twice: give it as standard input, '-'")
    }
    let bundle = try Bundle(folder: output, sparing: capture)
    let input = try capture.contains("-") ? RereadableInput.standardInput() : nil
    let inputs = Inputs(opening: capture)
    guard !inputs.readers.isEmpty else { return .trouble }
    let outcome = AnalysisRun(inputs: inputs, question: question).run()
    options.remark(on: outcome.diagnosis)
    let plan = ReportPlan(outcome.diagnosis)
    input?.rewind()
    let (excerpt, evidence) = SecondReading(
      names: capture, plan: plan, diagnosis: outcome.diagnosis, question: question
    ).run()
    let written = bundle.write(
      outcome.diagnosis, excerpt, evidence, plan, timeZone: options.utc ? .utc : .local)
    let map = question.redaction?.write(outcome.map) ?? .clean
    if evidence.missing > 0 {
      StandardError.say(
        "\(evidence.missing) packets that findings name did not come again: the captures changed")
    }
    if evidence.leftOut > 0 {
      StandardError.say(
        "evidence.pcapng: \(evidence.leftOut) packets are left out: they are more than \(EvidencePass.mostBytes >> 20) MiB"
      )
    }
    // As in `analyze`: to give all accounts back one by one takes as long as to judge them.
    _ = Unmanaged.passRetained(outcome)
    if outcome.isTroubled || written != .clean || map != .clean || evidence.isIncomplete {
      return .trouble
    }
    return options.failOn.isReached(by: outcome.diagnosis.findings) ? .findings : .clean
  }
}

/// The second reading of captures that have been judged: what the report draws and quotes.
struct SecondReading {
  let names: [String]
  let plan: ReportPlan
  let diagnosis: Diagnosis
  let question: AnalysisQuestion

  /// Reads all files once more, as the first reading did; what went wrong then is not said again.
  func run() -> (Excerpt, EvidenceFile) {
    let readers = names.enumerated().compactMap { index, name in
      try? CaptureReader(path: name, file: UInt32(clamping: index))
    }
    let timeline = CaptureTimeline(readers)
    let wish = TimelinePass.Wish(
      accounts: plan.drawn.map { (diagnosis.accounts[$0.position], $0.window) },
      packets: plan.packets, eventsPerLane: plan.eventsPerLane)
    let timelines = TimelinePass(wish, timeout: question.profile.seconds(.transactionTimeout))
    var passes = Passes(timelines: timelines, evidence: EvidencePass(diagnosis: diagnosis))
    var progress = Progress(isWanted: question.showsProgress)
    var redactor = question.redaction?.makeRedactor()
    while let header = timeline.next() {
      progress.count(readers)
      if let filter = question.filter, !filter.matches(header, timeline.bytes) { continue }
      guard redactor != nil else {
        passes.take(header, timeline.bytes)
        continue
      }
      redactor?.take(header, timeline.bytes)
      while let frame = redactor?.next() { passes.take(frame.header, frame.bytes.span) }
    }
    redactor?.finish()
    while let frame = redactor?.next() { passes.take(frame.header, frame.bytes.span) }
    progress.clear()
    return passes.finish()
  }

  /// Whatever needs the packets themselves.
  private struct Passes: ~Copyable {
    var timelines: TimelinePass
    var evidence: EvidencePass

    mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
      timelines.take(header, bytes)
      evidence.take(header, bytes)
    }

    consuming func finish() -> (Excerpt, EvidenceFile) {
      (timelines.finish(), evidence.finish())
    }
  }
}
