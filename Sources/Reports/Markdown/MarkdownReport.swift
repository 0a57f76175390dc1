import Capture
import Parameters
public import Registrations
public import Rules

/// The report for tickets: Markdown that reads well unrendered, too.
public enum MarkdownReport {
  /// Writes the report on `diagnosis`; `excerpt` is what a second reading of the captures took.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, _ excerpt: Excerpt?, _ plan: ReportPlan, to sink: inout Sink,
    options: ReportOptions = ReportOptions()
  ) throws(Sink.Failure) {
    var page = MarkdownPage(diagnosis, excerpt, plan, options)
    page.writeSummary()
    page.writeChanges()
    for group in plan.groups {
      page.write(group)
      try page.text.pending.drain(to: &sink)
    }
    page.writeFurther()
    page.writeTests()
    page.writeParameters()
    page.writeAccounts()
    page.writeEnd()
    try page.text.pending.drain(to: &sink, isLast: true)
  }
}

/// One Markdown report while it is written.
struct MarkdownPage {
  /// Accounts that are listed; the others are in report.json.
  private static let mostAccounts = 50

  let diagnosis: Diagnosis
  let excerpt: Excerpt?
  let plan: ReportPlan
  let options: ReportOptions
  let facts: ReportFacts
  var text = MarkdownWriter()
  /// Remedies told so far, with the finding they were told at.
  private var remedies: [String: String] = [:]

  init(
    _ diagnosis: Diagnosis, _ excerpt: Excerpt?, _ plan: ReportPlan, _ options: ReportOptions
  ) {
    self.diagnosis = diagnosis
    self.excerpt = excerpt
    self.plan = plan
    self.options = options
    facts = ReportFacts(diagnosis, options.timeZone)
  }

  mutating func writeSummary() {
    text.heading(1, facts.verdict.words)
    for (label, words) in facts.captured { text.point("\(label):", words) }
    for limit in facts.limits { text.point("Note:", limit) }
    text.blankLine()
    for cause in diagnosis.overview.causes {
      text.paragraph(
        """
        Together: \(Words.count(cause.accounts.count, "account")) at \(cause.place) have \
        \(cause.rule) (\(ReportFacts.names(cause.findings, most: 8))). Look for one cause there first.
        """)
    }
  }

  mutating func writeChanges() {
    let settings = facts.settings
    guard !settings.isEmpty else { return }
    text.heading(2, "What to change on the switch")
    text.block(settings)
  }

  /// One account with its timeline and its findings.
  mutating func write(_ group: (account: String?, findings: [Int])) {
    let told = group.findings.filter(plan.told.contains)
    guard !told.isEmpty else { return }
    text.heading(2, group.account ?? "The capture as a whole")
    if let position = group.account.flatMap({ plan.positions[$0] }) {
      let account = diagnosis.accounts[position]
      text.paragraph("At the end \(account.state.rawValue), \(facts.place(of: account)).")
      writeTimeline(at: position, account, group.findings)
    }
    for index in told { write(index) }
  }

  /// What is not told in full: a line for each.
  mutating func writeFurther() {
    let further = plan.further(diagnosis.findings)
    guard !further.isEmpty else { return }
    text.heading(2, "Further findings")
    for index in further.flatMap(\.findings) {
      let finding = diagnosis.findings[index]
      let frames = finding.evidence.map { facts.place($0.moment.frame) }.joined(separator: ", ")
      text.point(
        "\(Finding.identifier(index + 1)) \(finding.level.word):",
        "\(finding.summary), \(facts.when(finding)) (\(finding.rule); \(frames))")
    }
    text.blankLine()
  }

  private mutating func writeTimeline(
    at position: Int, _ account: AccountSummary, _ findings: [Int]
  ) {
    guard let window = plan.drawn.first(where: { $0.position == position })?.window else { return }
    let name = account.subject.account.addressOfRecord
    let model = TimelineModel(
      account, findings.map { ($0 + 1, diagnosis.findings[$0]) }, window: window,
      excerpt?.accounts[name], facts)
    text.block(
      TimelineText(model: model, zone: options.timeZone).lines + ["", TimelineText.legend])
    if let remark = model.remark { text.paragraph(remark) }
  }

  private mutating func write(_ index: Int) {
    let finding = diagnosis.findings[index]
    let name = Finding.identifier(index + 1)
    text.heading(3, "\(name) \(finding.level.word): \(finding.summary)")
    text.point("When:", "\(facts.when(finding)) (\(finding.rule))")
    text.point("Why:", finding.explanation)
    text.point("Proof:", finding.evidence.isEmpty ? "-" : "")
    for evidence in finding.evidence {
      let place = facts.place(evidence.moment.frame)
      text.point(
        "", "\(facts.clock.precise(evidence.moment.time)) \(place): \(evidence.note)", depth: 1)
    }
    if let first = remedies[finding.remedy] {
      text.point("Do:", "as for \(first)")
    } else {
      remedies[finding.remedy] = name
      text.point("Do:", finding.remedy)
    }
    if let parameter = finding.parameter { text.point("Set:", words(parameter)) }
    text.blankLine()
  }

  private func words(_ parameter: ParameterComparison) -> String {
    var words = "\(parameter.name): configured \(facts.configured(parameter) ?? "not known")"
    if let value = facts.value(parameter.observed, of: parameter.name) {
      words += ", measured \(value)"
    }
    if let value = facts.value(parameter.recommended, of: parameter.name) {
      words += ", set to \(value)"
    }
    return words
  }

  mutating func writeTests() {
    guard !diagnosis.rules.isEmpty else { return }
    let undecided = Conclusion(diagnosis).undecided
    text.heading(2, "What was tested")
    let held = diagnosis.rules.filter { $0.held > 0 }.map(\.rule)
    let unseen = diagnosis.rules.filter { $0.held + $0.violated + $0.undecided == 0 }.map(\.rule)
    if !held.isEmpty { text.point("Tested and held:", held.joined(separator: ", ")) }
    if !unseen.isEmpty {
      text.point("Nothing here tests:", unseen.joined(separator: ", "))
    }
    for (why, rules) in undecided {
      text.point("Not decided:", "\(rules.joined(separator: ", ")): \(why)")
    }
    text.blankLine()
  }

  mutating func writeParameters() {
    let values = diagnosis.overview.effective.values
    let entries = diagnosis.profile.entries.filter { values[$0.parameter.name] != nil }
    guard !entries.isEmpty else { return }
    text.heading(2, "Parameters as the traffic shows them")
    for entry in entries {
      guard let observed = values[entry.parameter.name] else { continue }
      text.point("", "\(entry.parameter.name): \(TextPage.words(observed, entry))")
    }
    text.blankLine()
  }

  mutating func writeAccounts() {
    guard !diagnosis.accounts.isEmpty else { return }
    text.heading(2, "Accounts at the end")
    for position in plan.listed(of: diagnosis.accounts, most: Self.mostAccounts) {
      let account = diagnosis.accounts[position]
      var words = "\(account.state.rawValue), \(facts.place(of: account))"
      if let time = account.unreachable, time > .zero {
        words += ", not reachable for \(Wording.span(time))"
      }
      text.point("\(account.subject.account.addressOfRecord):", words)
    }
    let left = diagnosis.accounts.count - Self.mostAccounts
    if left > 0 { text.point("", "and \(Words.grouped(left)) more in report.json") }
    text.blankLine()
  }

  mutating func writeEnd() {
    let beside = " The packets themselves are in evidence.pcapng, which came with this text."
    text.paragraph(
      """
      Made by regsift \(regsiftVersion) from the packets named above. Frame numbers are those that \
      Wireshark and tcpdump show.\(excerpt == nil ? "" : beside)
      """)
  }
}
