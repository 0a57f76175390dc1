import Analysis
import ArgumentParser
import Glibc
import LiveCapture
import Parameters
import Reports
import Rules
import Serving
import Threads

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
  @OptionGroup var view: ViewOptions

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
    do {
      return try capture()
    } catch let error as LiveError {
      StandardError.say("\(error)")
      return error.kind == .noPermission ? .noPermission : .trouble
    } catch let error as SystemShortage {
      StandardError.say("\(error)")
    } catch let error as ServingError {
      StandardError.say("--listen \(error)")
    } catch is NothingToRead {
      // Said already.
    }
    return .trouble
  }

  /// Opens what needs rights, gives these up, and captures to the end.
  private func capture() throws -> ExitStatus {
    // First of all: until then a SIGHUP ends the program.
    let signals = try LiveSignals()
    let question = try options.question()
    guard question.redaction == nil || outlets.bundle != nil else {
      throw UsageError("--redact: a running capture redacts bundles only; --bundle is missing")
    }
    guard question.redaction?.mapPath == nil else {
      // Each bundle has names of its own, and whoever reads them is seldom whom a map is for.
      throw UsageError(
        "--write-redaction-map: a running capture writes none; redact the bundles with"
          + " --redaction-key, and the packet ring with the same key and a map")
    }
    let duration = try source.time()
    let zone = options.utc ? ReportTimeZone.utc : .local
    let timelines =
      metrics.listen == nil
      ? nil : LiveTimelines(timeout: question.profile.seconds(.transactionTimeout))
    let status =
      metrics.isWanted ? try LiveStatus(metrics, timeZone: zone, timelines: timelines) : nil
    let inputs = try feed(question)
    if source.readBack.isEmpty { try Privileges.drop(to: source.user) }
    let names = source.interface + source.readBack
    let outlets = try LiveOutlets(
      outlets, inputs: names, question: question, profile: options.profile.makeProfile,
      timeZone: zone)
    guard
      let state = StateKeeping(keeping.state, isQuiet: options.quiet, clock: inputs.clock)
    else { return .trouble }
    let isForReaderOnly = !outlets.isAny && status == nil && keeping.state == nil
    let writing = try LiveWriting(
      format: format, output: output, timeZone: zone, isQuiet: options.quiet,
      readerLeft: isForReaderOnly ? { signals.ask(.end) } : nil)
    let view = isForView ? ViewListening(interfaces: names, zone: zone) : nil
    let shown: [any LiveListener] = view.map { [$0] } ?? [writing]
    try status?.begin(watching: shown + outlets.listeners + [state])
    // Only when everything is written: nobody who asks may keep the report back.
    defer { status?.end() }
    let run = LiveRun(
      inputs: inputs, signals: signals, question: question, duration: duration,
      packets: source.packets, listeners: shown + [status].compactMap { $0 }, outlets: outlets,
      state: state, timelines: timelines, profile: options.profile.makeProfile)
    let diagnosis: Diagnosis
    do {
      diagnosis = try run.run()
    } catch {
      view?.end()
      throw error
    }
    view?.end()
    let written = writing.end(diagnosis)
    let left = outlets.finish()
    let kept = state.end(diagnosis)
    let isBroken = diagnosis.capture.files.contains { $0.error != nil }
    if isBroken || [written, left, kept].contains(.trouble) { return .trouble }
    return options.failOn.isReached(by: diagnosis.findings) ? .findings : .clean
  }

  private func feed(_ question: AnalysisQuestion) throws -> any LiveFeed {
    guard source.readBack.isEmpty else {
      return try ReadBack(source.readBack, filter: question.filter)
    }
    return try LiveInputs(source.interface, options: source.live(filter: options.filter))
  }

  /// Whether lines would go to a terminal, where the view shows the same and more.
  private var isForView: Bool {
    format == .report(.text) && output == nil && !view.lines && !options.quiet
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
