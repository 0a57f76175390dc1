import ArgumentParser
import Glibc
import LiveCapture
import Parameters
import Rules

/// What is asked of captures, whatever is made of the answer.
struct AnalysisOptions: ParsableArguments {
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

  @OptionGroup var redaction: RedactionOptions

  @Flag(help: "Show times in UTC, not in the local zone.")
  var utc = false

  @Flag(help: "No progress and no remarks on standard error, only what went wrong.")
  var quiet = false

  @Option(
    help: ArgumentHelp(
      "End with status 1 from this level of findings on (default: error).",
      valueName: "error|warning|notice|never"),
    transform: FailLevel.init(option:))
  var failOn = FailLevel.from(.error)

  /// The options, made ready to be applied; throws a `UsageError` when one cannot be.
  func question() throws -> AnalysisQuestion {
    let profile = try profile.makeProfile()
    return AnalysisQuestion(
      profile: profile, switches: switches, selection: try selection(), filter: try frameFilter(),
      redaction: try redaction.plan(profile), showsProgress: !quiet && isatty(STDERR_FILENO) == 1)
  }

  private func selection() throws -> Selection {
    var selection = Selection()
    if !rules.isEmpty { selection.rules = Set(rules.map(\.identifier)) }
    selection.withoutRules = Set(withoutRules.map(\.identifier))
    if let wanted = selection.rules, wanted.isSubset(of: selection.withoutRules) {
      throw UsageError("--rule and --no-rule leave no rule to apply")
    }
    selection.level = level
    if !accounts.isEmpty {
      let patterns = AccountPatterns(patterns: accounts)
      selection.includesAccount = { patterns.include($0) }
    }
    return selection
  }

  func frameFilter() throws -> FrameFilter? {
    do {
      return try filter.map { (expression) throws(FilterError) in try FrameFilter(expression) }
    } catch {
      throw UsageError("--\(error)")
    }
  }

  /// Says what looks like a slip, where the report alone would look like good news.
  func remark(on diagnosis: Diagnosis) {
    guard !quiet, diagnosis.accounts.isEmpty, !accounts.isEmpty else { return }
    StandardError.say("no account fits \(accounts.map { "'\($0)'" }.joined(separator: ", "))")
  }
}
