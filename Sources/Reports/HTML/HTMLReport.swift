import Capture
import Decode
public import Registrations
public import Rules

/// The report as one page that needs nothing else: no script to be read, no file beside it, no
/// request to anywhere.
///
/// Written piece by piece like every report. `Excerpt` is what a second reading of the captures
/// took; without it the timelines hold what the history tells, and no packet is quoted.
public enum HTMLReport {
  /// Writes the report on `diagnosis`.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, _ excerpt: Excerpt?, _ plan: ReportPlan, to sink: inout Sink,
    options: ReportOptions = ReportOptions()
  ) throws(Sink.Failure) {
    var page = HTMLPage(diagnosis, excerpt, plan, options)
    page.begin()
    page.writeSummary()
    page.writeChanges()
    page.html.open(.section, .id("findings"))
    page.writeFindingsStart()
    for index in plan.groups.indices {
      page.writeGroup(index)
      try page.html.pending.drain(to: &sink)
    }
    try page.writeFurther(to: &sink)
    page.writeHealthyTimelines()
    page.html.close()
    page.writeAccounts()
    try page.html.pending.drain(to: &sink)
    page.writeTests()
    page.writeParameters()
    page.writeChecklist()
    page.writeReading()
    page.end()
    try page.html.pending.drain(to: &sink, isLast: true)
  }
}

/// One page while it is written.
struct HTMLPage {
  let diagnosis: Diagnosis
  let excerpt: Excerpt?
  let plan: ReportPlan
  let options: ReportOptions
  let facts: ReportFacts
  let html = HTMLWriter()
  /// Remedies told so far, with the finding they were told at.
  var remedies: [String: Int] = [:]
  /// What findings are called by, where that is not their place in the diagnosis.
  var numbers: [Int] = []

  init(
    _ diagnosis: Diagnosis, _ excerpt: Excerpt?, _ plan: ReportPlan, _ options: ReportOptions,
    isLive: Bool = false
  ) {
    self.diagnosis = diagnosis
    self.excerpt = excerpt
    self.plan = plan
    self.options = options
    facts = ReportFacts(diagnosis, options.timeZone, isLive: isLive)
  }

  /// What the finding at this place is called by.
  func number(_ index: Int) -> Int { numbers.indices.contains(index) ? numbers[index] : index + 1 }

  /// What links lead to a finding by; `number` counts from 1.
  static func id(ofFinding number: Int) -> String { "f\(number)" }

  /// What links lead to a packet of a finding by.
  static func id(ofFinding number: Int, proof: Int) -> String { "f\(number)-p\(proof + 1)" }

  /// What links lead to an account by; `group` is its place among those with findings.
  static func id(ofGroup group: Int) -> String { "a\(group + 1)" }

  /// Nothing is loaded and nothing runs but what stands in the page and has these hashes.
  private static let policy = """
    default-src 'none'; style-src '\(PageStyle.hash)'; script-src '\(PageScript.hash)'; \
    base-uri 'none'; form-action 'none'
    """

  func begin() {
    begin(title: "regsift report: \(facts.verdict.words)", policy: Self.policy)
    html.write(Tag.a(.class("skip"), .href(to: "findings")) { "Skip to the findings" })
  }

  /// Begins a page up to the body's start; `head` is what else its head holds.
  func begin(title: String, policy: String, @MarkupBuilder head: () -> [Markup] = { [] }) {
    html.begin()
    html.open(.html, Attribute("lang", "en"))
    html.open(.head)
    html.write {
      Tag.meta(Attribute("charset", "utf-8"))
      Tag.meta(
        Attribute("http-equiv", "Content-Security-Policy"), Attribute("content", policy))
      Tag.meta(
        Attribute("name", "viewport"), Attribute("content", "width=device-width, initial-scale=1"))
      Tag.meta(Attribute("name", "color-scheme"), Attribute("content", "light dark"))
      Tag.meta(Attribute("name", "generator"), Attribute("content", "regsift \(regsiftVersion)"))
      Tag.title { title }
      head()
    }
    html.write("style", raw: PageStyle.text)
    html.close()
    html.open(.body)
  }

  func end() {
    html.close()
    html.write(
      Tag.footer {
        Tag.p {
          "Made by regsift \(regsiftVersion) from the packets named above. Frame numbers are those "
          "that Wireshark and tcpdump show."
          excerpt == nil
            ? ""
            : " Beside this page, evidence.pcapng holds the packets named here and report.json all "
              + "of it for programs."
        }
      })
    html.write("script", raw: PageScript.text)
    html.close()
    html.close()
    html.pending.append(UInt8(ascii: "\n"))
  }

  /// A table narrow enough for every screen.
  static func table(
    _ name: String, class style: String? = nil, head: [String], rows: [Markup]
  ) -> Markup {
    Tag.table(style.map { .class($0) }) {
      Tag.caption { name }
      self.head(head)
      Tag.tbody { rows }
    }
  }

  private static func head(_ titles: [String]) -> Markup {
    Tag.thead { Tag.tr { titles.map { title in Tag.th(.scope("col")) { title } } } }
  }

  /// Begins a table as `wideTable` makes them, whose rows are written one by one.
  func openWideTable(_ name: String, head: [String]) {
    html.open(.div, .class("scroll"), .focusable, .role("region"), .label(name))
    html.open(.table)
    html.write {
      Tag.caption { name }
      Self.head(head)
    }
    html.open(.tbody)
  }

  /// Ends the table begun last.
  func closeWideTable() { for _ in 0..<3 { html.close() } }

  /// A table that can be scrolled where it is too wide for the screen.
  static func wideTable(
    _ name: String, class style: String? = nil, head: [String], rows: [Markup]
  ) -> Markup {
    Tag.div(.class("scroll"), .focusable, .role("region"), .label(name)) {
      table(name, class: style, head: head, rows: rows)
    }
  }

  static func badge(_ level: Level) -> Markup {
    Tag.span(.class("badge \(level.tone.style)")) { level.word }
  }

  /// Links to findings by their positions.
  static func links(_ findings: [Int], most: Int = 8) -> [Markup] {
    var links: [Markup] = []
    for index in findings.prefix(most) {
      if !links.isEmpty { links.append(.text(" ")) }
      links.append(
        Tag.a(.href(to: id(ofFinding: index + 1))) { Finding.identifier(index + 1) })
    }
    if findings.count > most { links.append(.text(" and \(findings.count - most) more")) }
    return links
  }
}
