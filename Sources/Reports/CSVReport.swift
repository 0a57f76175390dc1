import Capture
import Decode
import Registrations
public import Rules

/// Findings and accounts as tables for spreadsheets (RFC 4180).
///
/// A cell that a spreadsheet would run as a formula begins with an apostrophe: a name in a capture
/// may be written by a stranger. Times are as in JSON; what is not known is empty.
public enum CSVReport {
  /// Writes a row for each finding.
  public static func writeFindings<Sink: ReportSink>(
    _ diagnosis: Diagnosis, to sink: inout Sink
  ) throws(Sink.Failure) {
    var csv = CSVWriter()
    csv.row([
      "id", "rule", "level", "account", "direction", "from", "to", "seconds", "count", "summary",
      "explanation", "remedy", "parameter", "configured", "observed", "recommended", "frames",
    ])
    for (index, finding) in diagnosis.findings.enumerated() {
      csv.row(cells(finding, number: index + 1))
      try csv.pending.drain(to: &sink)
    }
    try csv.pending.drain(to: &sink, isLast: true)
  }

  /// Writes a row for each account, with its last binding.
  public static func writeAccounts<Sink: ReportSink>(
    _ diagnosis: Diagnosis, to sink: inout Sink
  ) throws(Sink.Failure) {
    var findings: [String: Int] = [:]
    for finding in diagnosis.findings {
      if let account = finding.account { findings[account, default: 0] += 1 }
    }
    var csv = CSVWriter()
    csv.row([
      "account", "direction", "registrar", "state", "reachable_seconds", "unreachable_seconds",
      "findings", "bindings", "contact", "flow", "behind_nat", "user_agent", "granted_seconds",
      "refreshes", "probes_sent", "probes_answered", "probe_interval_seconds",
    ])
    for account in diagnosis.accounts {
      csv.row(cells(account, findings[account.subject.account.addressOfRecord] ?? 0))
      try csv.pending.drain(to: &sink)
    }
    try csv.pending.drain(to: &sink, isLast: true)
  }

  private static func cells(_ finding: Finding, number: Int) -> [String] {
    let parameter = finding.parameter
    let frames = finding.evidence.map(\.moment.frame).filter { $0 != .earlier }
      .map { "\($0.file):\($0.number)" }
    return [
      Finding.identifier(number), finding.rule, finding.level.word, finding.account ?? "",
      finding.direction?.word ?? "", CalendarTime(finding.from).rfc3339,
      finding.to.map { CalendarTime($0).rfc3339 } ?? "", seconds(finding.duration),
      "\(finding.count)", finding.summary, finding.explanation, finding.remedy,
      parameter?.name ?? "", parameter?.configured ?? "", parameter?.observed ?? "",
      parameter?.recommended ?? "", frames.joined(separator: " "),
    ]
  }

  private static func cells(_ account: AccountSummary, _ findings: Int) -> [String] {
    let history = account.subject.account
    let last = account.subject.bindings.last { !$0.binding.isOnlyListed }?.binding
    let probes = AccountFlows(account.subject).probes
    return [
      history.addressOfRecord, account.subject.direction.word, history.registrar.description,
      account.state.rawValue, account.reachable.map(seconds) ?? "",
      account.unreachable.map(seconds) ?? "", "\(findings)",
      "\(history.past.total + history.current.count)", last?.contact ?? "",
      last.map { $0.source.description } ?? "", last.map { $0.isBehindNAT ? "yes" : "no" } ?? "",
      last?.userAgent ?? "", last.map { "\($0.grantedSeconds)" } ?? "",
      last.map { "\($0.refreshes)" } ?? "", probes.map { "\($0.sent)" } ?? "",
      probes.map { "\($0.answered)" } ?? "", probes?.interval.map(seconds) ?? "",
    ]
  }

  /// Seconds with as many of three decimals as are needed.
  private static func seconds(_ duration: Duration) -> String {
    let milliseconds = max(duration.wholeNanoseconds, 0) / 1_000_000
    var text = "\(milliseconds / 1000)"
    let rest = milliseconds % 1000
    guard rest > 0 else { return text }
    text += "." + String("00\(rest)".suffix(3))
    while text.last == "0" { text.removeLast() }
    return text
  }
}

/// Writes rows of cells.
struct CSVWriter {
  var pending = PendingBytes()

  /// Writes one row.
  mutating func row(_ cells: [String]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { pending.append(UInt8(ascii: ",")) }
      write(cell)
    }
    // RFC 4180 2.1: lines end with CRLF.
    pending.append("\r\n" as StaticString)
  }

  /// Quotes what needs it (RFC 4180 2.6, 2.7) and takes the power from formulas.
  private mutating func write(_ cell: String) {
    let text = Visible.text(cell)
    // A minus or plus before digits alone is a number, which nothing here writes. Some spreadsheets
    // take the signs of East Asian width for the others.
    let isFormula = text.unicodeScalars.first.map("=+-@＝＋－＠".unicodeScalars.contains) ?? false
    let needsQuotes = isFormula || text.utf8.contains { "\",\r\n".utf8.contains($0) }
    guard needsQuotes else { return pending.append(text) }
    pending.append(UInt8(ascii: "\""))
    if isFormula { pending.append(UInt8(ascii: "'")) }
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { pending.append(byte) }
      pending.append(byte)
    }
    pending.append(UInt8(ascii: "\""))
  }
}
