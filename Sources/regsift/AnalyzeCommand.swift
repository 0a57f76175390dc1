import ArgumentParser
import Glibc
import LiveCapture
import Parameters
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

  @Option(
    name: .customLong("switch"), parsing: .singleValue,
    help: ArgumentHelp(
      "A host that is a switch; may be given again (default: found by their traffic).",
      valueName: "address[:port]"),
    transform: SwitchHost.init(option:))
  var switches: [SwitchHost] = []

  @OptionGroup var profile: ProfileOptions

  @Option(
    name: .customLong("account"), parsing: .singleValue,
    help: ArgumentHelp(
      "Only accounts whose user@host or user this shell pattern fits; may be given again.",
      valueName: "pattern"))
  var accounts: [String] = []

  @Option(
    name: .customLong("rule"), parsing: .singleValue,
    help: ArgumentHelp(
      "Apply only this rule; may be given again. See 'regsift rules'.", valueName: "rule"),
    transform: RuleName.init(option:))
  var rules: [RuleName] = []

  @Option(
    name: .customLong("no-rule"), parsing: .singleValue,
    help: ArgumentHelp("Leave this rule out; may be given again.", valueName: "rule"),
    transform: RuleName.init(option:))
  var withoutRules: [RuleName] = []

  @Option(
    help: ArgumentHelp(
      "Report findings of this level and above (default: notice).",
      valueName: "error|warning|notice"),
    transform: Level.init(option:))
  var level = Level.notice

  @Option(
    help: ArgumentHelp(
      "Read only frames that this pcap-filter(7) expression matches.", valueName: "bpf"))
  var filter: String?

  @Option(
    help: ArgumentHelp("Form of the report (default: text).", valueName: "text|json"),
    transform: ReportFormat.init(option:))
  var format = ReportFormat.text

  @Option(
    help: ArgumentHelp("Write the report to this file, whole or not at all.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(help: "Show times in UTC, not in the local zone.")
  var utc = false

  @Option(
    help: ArgumentHelp("Colour in a text report (default: auto).", valueName: "auto|always|never"),
    transform: ColorChoice.init(option:))
  var color = ColorChoice.auto

  @Flag(help: "No progress and no remarks on standard error, only what went wrong.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "End with status 1 from this level of findings on (default: error).",
      valueName: "error|warning|notice|never"),
    transform: FailLevel.init(option:))
  var failOn = FailLevel.from(.error)

  func perform() throws -> ExitStatus {
    try checkStreams()
    let profile = try profile.makeProfile()
    let selection = try selection()
    let filter = try frameFilter()
    let inputs = Inputs(opening: capture)
    guard !inputs.readers.isEmpty else { return .trouble }
    let outcome = AnalysisRun(
      inputs: inputs, profile: profile, switches: switches, selection: selection, filter: filter,
      showsProgress: !quiet && isatty(STDERR_FILENO) == 1
    ).run()
    remark(on: outcome.diagnosis)
    let written = writing.write(outcome.diagnosis)
    // The process ends now: to give all accounts back one by one would take as long as to judge them.
    _ = Unmanaged.passRetained(outcome)
    if outcome.isTroubled || written != .clean { return .trouble }
    return failOn.isReached(by: outcome.diagnosis.findings) ? .findings : .clean
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
      throw UsageError("--output \(output): cannot write: \(systemMessage(obstacle))")
    }
  }

  private func selection() throws -> Selection {
    var selection = Selection()
    if !rules.isEmpty { selection.rules = Set(rules.map(\.identifier)) }
    selection.withoutRules = Set(withoutRules.map(\.identifier))
    if let wanted = selection.rules, wanted.isSubset(of: selection.withoutRules) {
      throw UsageError("--rule and --no-rule leave no rule to apply")
    }
    selection.level = level
    let patterns = AccountPatterns(patterns: accounts)
    selection.includesAccount = { patterns.include($0) }
    return selection
  }

  private func frameFilter() throws -> FrameFilter? {
    do {
      return try filter.map { (expression) throws(FilterError) in try FrameFilter(expression) }
    } catch {
      throw UsageError("--\(error)")
    }
  }

  /// Says what looks like a slip, where the report alone would look like good news.
  private func remark(on diagnosis: Diagnosis) {
    guard !quiet, diagnosis.accounts.isEmpty, !accounts.isEmpty else { return }
    StandardError.say("no account fits \(accounts.map { "'\($0)'" }.joined(separator: ", "))")
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
    options.timeZone = utc ? .utc : .local
    return ReportWriting(format: format, options: options, output: output)
  }
}
