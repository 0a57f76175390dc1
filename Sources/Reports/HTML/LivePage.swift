public import Capture
public import Registrations
public import Rules

/// A running capture as a page that renews itself: what is wrong just now, for whom, since when.
///
/// The accounts concerned have the timelines of the ticket report, of the packets that were kept.
/// Nothing but the page itself is ever asked for.
public enum LivePage {
  /// The media type of the page.
  public static let mediaType = "text/html; charset=utf-8"

  /// What only the running program knows.
  public struct Run {
    /// When it began.
    public var start: Timestamp
    /// When it judged what was captured, as the page says it.
    public var judged: Timestamp
    /// Whether it does its work.
    public var health: HealthReport
    /// What a finding is called by as long as the program runs.
    public var number: (Finding) -> Int

    /// Joins both times, the state and the names.
    public init(
      start: Timestamp, judged: Timestamp, health: HealthReport, number: @escaping (Finding) -> Int
    ) {
      self.start = start
      self.judged = judged
      self.health = health
      self.number = number
    }
  }

  /// Writes the page on `diagnosis`; `excerpt` has the packets of the accounts that are drawn.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, _ run: Run, to sink: inout Sink,
    options: ReportOptions = ReportOptions(),
    excerpt: (ReportPlan, [Finding]) -> Excerpt? = { _, _ in nil }
  ) throws(Sink.Failure) {
    let over = diagnosis.findings.filter { $0.to != nil }
    var live = diagnosis
    live.findings.removeAll { $0.to != nil }
    // Time that passed since the last packet counts.
    if let span = live.capture.span {
      live.capture.span = span.lowerBound...max(span.upperBound, run.judged)
    }
    let plan = ReportPlan(live, sparesHealthy: true)
    var page = HTMLPage(live, excerpt(plan, live.findings), plan, options, isLive: true)
    page.numbers = live.findings.map(run.number)
    page.beginLive()
    page.writeLiveSummary(run)
    // Beside what is exchanged: a voice that reads the page tells its words once.
    page.html.write(Tag.p(.class("what"), .id("state"), .role("status")))
    page.html.open(.main, .id("findings"))
    if !live.findings.isEmpty { page.html.write(Tag.h2 { "Open now" }) }
    if !page.plan.drawn.isEmpty, !live.findings.isEmpty { page.html.write(HTMLPage.legend) }
    for index in page.plan.groups.indices { page.writeGroup(index) }
    page.writeFurtherLive()
    page.writeOver(over, run.number)
    page.html.close()
    page.endLive()
    try page.html.pending.drain(to: &sink, isLast: true)
  }
}

extension HTMLPage {
  /// Findings that are over which are listed, the last ones.
  private static let mostOver = 20
  /// Findings that are listed beside those told in full.
  private static let mostFurther = 200
  private static let patience = "10"

  private static let livePolicy = """
    default-src 'none'; style-src '\(PageStyle.hash)'; script-src '\(LiveScript.hash)'; \
    connect-src 'self'; base-uri 'none'; form-action 'none'
    """

  func beginLive() {
    begin(title: "regsift: \(liveVerdict.words)", policy: Self.livePolicy) {
      // Who runs no scripts gets the whole page anew.
      Tag.noscript {
        Tag.meta(Attribute("http-equiv", "refresh"), Attribute("content", Self.patience))
      }
    }
    html.write(Tag.a(.class("skip"), .href(to: "findings")) { "Skip to the findings" })
  }

  func endLive() {
    html.write(
      Tag.footer {
        Tag.p {
          "regsift \(regsiftVersion). Frame numbers count the packets of an interface since the "
          "start. A timeline shows the packets of its account that are kept, and says from when on "
          "they are."
        }
      })
    html.write("script", raw: LiveScript.text)
    html.close()
    html.close()
    html.pending.append(UInt8(ascii: "\n"))
  }

  /// What is open, in one line, and how bad that is.
  private var liveVerdict: (words: String, tone: Tone) {
    let findings = diagnosis.findings
    if let worst = findings.map(\.level).max() {
      let counts = Level.allCases.reversed().compactMap { level -> String? in
        let number = findings.count { $0.level == level }
        return number == 0 ? nil : Words.count(number, level.word)
      }
      let words = "\(Wording.list(counts)) open"
      let affected = Set(findings.compactMap(\.account)).count
      let accounts = Words.count(diagnosis.accounts.count, "account")
      let place = affected == 0 ? "" : ", on \(Words.grouped(affected)) of \(accounts)"
      return (words + place, worst.tone)
    }
    if diagnosis.accounts.isEmpty { return ("No registration was seen yet", .open) }
    return diagnosis.rules.contains { $0.held > 0 }
      ? ("Nothing is wrong just now", .good)
      : ("No fault was seen, but nothing was tested yet", .open)
  }

  func writeLiveSummary(_ run: LivePage.Run) {
    let verdict = liveVerdict
    html.write(
      Tag.header(.class("top \(verdict.tone.style)")) {
        Tag.p(.class("kind")) { "SIP registrations, as they are now" }
        Tag.h1 { verdict.words }
        Tag.dl(.class("facts")) {
          liveFacts(run).map { label, text in
            Tag.div {
              Tag.dt { label }
              Tag.dd { text }
            }
          }
        }
        Self.note("What keeps this from being complete", run.health.reasons)
        Self.note("What to know about this capture", facts.limits)
      })
  }

  private static func note(_ title: String, _ lines: [String]) -> Markup? {
    guard !lines.isEmpty else { return nil }
    return Tag.div(.class("note")) {
      Tag.p { Tag.strong { title } }
      Tag.ul { lines.map { line in Tag.li { line } } }
    }
  }

  private func liveFacts(_ run: LivePage.Run) -> [(label: String, text: String)] {
    let capture = diagnosis.capture
    let fleet = diagnosis.overview.fleet
    let states = AccountState.all.compactMap { state in
      fleet.states[state].map { "\(Words.grouped($0)) \(state.rawValue)" }
    }
    let interfaces = run.health.interfaces.map { interface in
      interface.isUp
        ? "\(interface.name) (\(Words.count(interface.packets, "packet")))"
        : "\(interface.name) (down)"
    }
    let accounts = Words.count(diagnosis.accounts.count, "account")
    let zone = facts.clock.name(during: run.start...max(run.start, run.judged))
    return [
      ("Now", "\(facts.clock.full(run.judged)) (\(zone))"),
      ("Since", "\(facts.clock.full(run.start)), \(Wording.span(run.judged - run.start))"),
      ("Accounts", states.isEmpty ? accounts : "\(accounts): \(states.joined(separator: ", "))"),
      (
        "Seen",
        "\(Words.count(capture.messages, "SIP message")), "
          + "\(Words.count(capture.keepalives, "keepalive")); "
          + "lost by the kernel: \(Words.grouped(run.health.drops))"
      ),
      ("Interface", interfaces.joined(separator: ", ")),
      ("Switch", facts.switches),
    ]
  }

  /// What is open and not told in full: one line each.
  func writeFurtherLive() {
    let further = diagnosis.findings.indices.filter { !plan.told.contains($0) }
    guard !further.isEmpty else { return }
    let left = further.count - Self.mostFurther
    html.write {
      Tag.h3 { "Also open" }
      left > 0 ? Tag.p(.class("what")) { "And \(Words.grouped(left)) more." } : nil
      Self.wideTable(
        "Further findings that are open", head: ["Finding", "Level", "What", "When"],
        rows: further.prefix(Self.mostFurther).map { index in
          row(diagnosis.findings[index], number(index), id: Self.id(ofFinding: number(index)))
        })
    }
  }

  /// What was over last.
  func writeOver(_ findings: [Finding], _ number: (Finding) -> Int) {
    guard !findings.isEmpty else { return }
    let last = findings.sorted { ($1.to ?? $1.from) < ($0.to ?? $0.from) }.prefix(Self.mostOver)
    html.write(
      Tag.section(.id("over")) {
        Tag.h2 { "What is over" }
        findings.count > last.count
          ? Tag.p { "The last \(last.count) of \(Words.grouped(findings.count))." } : nil
        Self.wideTable(
          "Findings that are over, the last one first", head: ["Finding", "Level", "What", "When"],
          rows: last.map { row($0, number($0), id: nil) })
      })
  }

  private func row(_ finding: Finding, _ number: Int, id: String?) -> Markup {
    Tag.tr(id.map { .id($0) }) {
      Tag.th(.scope("row")) { Finding.identifier(number) }
      Tag.td(.class(finding.level.tone.style)) { finding.level.word }
      Tag.td { finding.summary }
      Tag.td { facts.when(finding) }
    }
  }
}
