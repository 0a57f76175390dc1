import ArgumentParser
import Glibc
import LiveCapture
import Reports
import Rules
import Serving

/// `regsift sniff`: packets of an interface in, findings as they happen, a report at the end.
struct SniffCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "sniff",
    abstract: "Capture on interfaces and report what is wrong as it happens.")

  @OptionGroup var source: SniffOptions
  @OptionGroup var outlets: OutletOptions
  @OptionGroup var metrics: MetricsOptions
  @OptionGroup var options: AnalysisOptions
  @OptionGroup var keeping: StateOptions

  @Option(
    help: ArgumentHelp(
      "Form of what is written: lines and a report (default: text), one of them as in analyze, or "
        + "events as JSON lines.", valueName: "text|json|markdown|html|csv|ndjson"),
    transform: LiveFormat.init(option:))
  var format = LiveFormat.report(.text)

  @Option(
    help: ArgumentHelp("Write the report or the events to this file.", valueName: "file"),
    completion: .file())
  var output: String?

  func perform() throws -> ExitStatus {
    if source.printFilter { return printFilter() }
    try source.checkSource()
    let question = try options.question()
    let duration = try source.time()
    let zone = options.utc ? ReportTimeZone.utc : .local
    let inputs: any LiveFeed
    let signals: LiveSignals
    let status: LiveStatus?
    do {
      signals = try LiveSignals()
      status = metrics.isWanted ? try LiveStatus(metrics, timeZone: zone) : nil
      inputs = try feed(question)
    } catch let error as LiveError {
      StandardError.say("\(error)")
      return error.kind == .noPermission ? .noPermission : .trouble
    } catch let error as SystemShortage {
      StandardError.say("\(error)")
      return .trouble
    } catch let error as ServingError {
      StandardError.say("--listen \(error)")
      return .trouble
    } catch is NothingToRead {
      return .trouble
    }
    if source.readBack.isEmpty { try Privileges.drop(to: source.user) }
    let outlets = try LiveOutlets(
      outlets, inputs: source.interface + source.readBack, question: question,
      timeZone: options.utc ? .utc : .local)
    guard
      let state = StateKeeping(keeping.state, isQuiet: options.quiet, clock: inputs.clock)
    else { return .trouble }
    let writing = try LiveWriting(
      format: format, output: output, timeZone: zone, isQuiet: options.quiet)
    let listeners: [any LiveListener] = [writing]
    try status?.begin(watching: listeners)
    let run = LiveRun(
      inputs: inputs, signals: signals, question: question, duration: duration,
      packets: source.packets, listeners: listeners + [status].compactMap { $0 }, outlets: outlets,
      state: state,
      profile: options.profile.makeProfile)
    let diagnosis: Diagnosis
    do {
      diagnosis = try run.run()
    } catch {
      StandardError.say("\(error)")
      return .trouble
    }
    let written = writing.end(diagnosis)
    outlets.finish()
    let kept = state.end(diagnosis)
    if written != .clean || kept != .clean
      || diagnosis.capture.files.contains(where: { $0.error != nil })
    {
      return .trouble
    }
    return options.failOn.isReached(by: diagnosis.findings) ? .findings : .clean
  }

  private func feed(_ question: AnalysisQuestion) throws -> any LiveFeed {
    guard source.readBack.isEmpty else {
      return try ReadBack(source.readBack, filter: question.filter)
    }
    return try LiveInputs(source.interface, options: source.live(filter: options.filter))
  }

  private func printFilter() -> ExitStatus {
    let expression = SignallingFilter.expression(user: options.filter, isTagged: false)
    var text = expression + "\n\n"
    for part in SignallingFilter.parts { text += "\(part.expression)\n    \(part.purpose)\n" }
    text += "The same applies inside a VLAN where the interface shows its tags.\n"
    return StandardOutput.write(text)
  }
}

/// In which form a running capture is reported.
enum LiveFormat: Equatable {
  /// A report at the end; lines for what happens until then.
  case report(ReportFormat)
  /// A JSON object for each event, one on each line, the report last.
  case events

  init(option text: String) throws {
    if text == "ndjson" {
      self = .events
    } else if let format = ReportFormat(rawValue: text) {
      self = .report(format)
    } else {
      throw UsageError(text, isNoneOf: ReportFormat.allCases.map(\.rawValue) + ["ndjson"])
    }
  }
}
