import ArgumentParser
import Glibc
import Reports
import Rules

/// `regsift analyze`: captures in, a report out.
struct AnalyzeCommand: Subcommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Read captures and report what is wrong with whose registration.")

  @Argument(
    help: "Captures (pcap or pcapng, also gzipped); '-' is standard input. All are one timeline.",
    completion: .file())
  var capture: [String]

  @OptionGroup var options: AnalysisOptions

  @Option(
    help: ArgumentHelp(
      "Form of the report (default: text).", valueName: "text|json|markdown|html|csv"),
    transform: ReportFormat.init(option:))
  var format = ReportFormat.text

  @Option(
    help: ArgumentHelp("Write the report to this file, whole or not at all.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp("Colour in a text report (default: auto).", valueName: "auto|always|never"),
    transform: ColorChoice.init(option:))
  var color = ColorChoice.auto

  func perform() throws -> ExitStatus {
    try checkStreams()
    let question = try options.question()
    let inputs = Inputs(opening: capture)
    guard !inputs.readers.isEmpty else { return .trouble }
    let outcome = AnalysisRun(inputs: inputs, question: question).run()
    options.remark(on: outcome.diagnosis)
    let written = writing.write(outcome.diagnosis)
    let map = question.redaction?.write(outcome.map) ?? .clean
    // The process ends now: to give all accounts back one by one would take as long as to judge them.
    _ = Unmanaged.passRetained(outcome)
    if outcome.isTroubled || written != .clean || map != .clean { return .trouble }
    return options.failOn.isReached(by: outcome.diagnosis.findings) ? .findings : .clean
  }

  private func checkStreams() throws {
    if capture.filter({ $0 == "-" }).count > 1 {
      throw UsageError("-: standard input can be read only once")
    }
    guard let output else { return }
    if let input = capture.first(where: { $0 != "-" && ReportFile.areSame($0, output) }) {
      throw UsageError("--output \(output): is the capture \(input), which would be lost")
    }
    if let obstacle = ReportFile.obstacle(to: output) {
      throw CannotWrite("--output", output, obstacle)
    }
  }

  private var writing: ReportWriting {
    var options = ReportOptions()
    let isTerminal = output == nil && isatty(STDOUT_FILENO) == 1
    if isTerminal {
      options.width = max(StandardStreams.columns(of: STDOUT_FILENO) ?? 0, options.width)
    } else {
      // Nobody has to scroll: a file or another program gets every finding.
      options.findings = .max
    }
    options.isColored = color.isOn(forTerminal: isTerminal)
    options.timeZone = self.options.utc ? .utc : .local
    return ReportWriting(format: format, options: options, output: output)
  }
}
