import Capture
import Decode
import Parameters
import Registrations
public import Rules

/// The report for a person at a terminal: what was captured, the verdict, the findings worst first,
/// what was tested, the accounts.
public enum TextReport {
  /// Writes the report on `diagnosis`.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, to sink: inout Sink, options: ReportOptions = ReportOptions()
  ) throws(Sink.Failure) {
    var page = TextPage(diagnosis, options)
    page.writeCapture()
    page.writeVerdict()
    for index in diagnosis.findings.indices.prefix(max(options.findings, 0)) {
      page.writeFinding(index)
      try page.text.pending.drain(to: &sink)
    }
    page.writeFindingsLeft()
    page.writeTests()
    page.writeAccounts()
    try page.text.pending.drain(to: &sink, isLast: true)
  }
}

/// One text report while it is written.
struct TextPage {
  /// Where the text beside the labels begins.
  static let column = 10

  let diagnosis: Diagnosis
  let options: ReportOptions
  let clock: TextClock
  var text: TextWriter
  /// Remedies told so far, with the finding they were told at.
  var remedies: [String: String] = [:]

  init(_ diagnosis: Diagnosis, _ options: ReportOptions) {
    self.diagnosis = diagnosis
    self.options = options
    clock = TextClock(options.timeZone, diagnosis.capture.span)
    text = TextWriter(options)
  }

  mutating func entry(_ label: String, _ content: String, style: TextStyle = .plain) {
    text.paragraph(label, content, column: Self.column, labelStyle: .heading, style: style)
  }

  // MARK: What was captured

  mutating func writeCapture() {
    let capture = diagnosis.capture
    for (index, file) in capture.files.prefix(8).enumerated() {
      entry(index == 0 ? "Capture" : "", Self.describe(file))
    }
    if capture.files.count > 8 {
      entry("", "... and \(Words.count(capture.files.count - 8, "file")) more")
    }
    if let span = capture.span {
      entry(
        capture.files.isEmpty ? "Capture" : "",
        """
        \(clock.range(span.lowerBound, span.upperBound)) (\(clock.name(at: span.lowerBound))), \
        \(Words.span(span.upperBound - span.lowerBound))
        """)
    }
    entry("", contents)
    writeSwitches()
    for file in capture.files {
      if let error = file.error {
        text.paragraph(
          "Trouble", error, column: Self.column, labelStyle: .error, style: .plain)
      }
    }
    // What could not be read was just said file by file.
    for note in capture.notes where note.note != "incomplete-file" {
      text.paragraph(
        "Note", note.text, column: Self.column, labelStyle: .warning)
    }
    if !capture.undecodable.isEmpty { entry("", undecodable) }
  }

  private static func describe(_ file: FileSummary) -> String {
    let name = file.name == "-" ? "standard input" : file.name
    guard let format = file.format else { return "\(name): not read" }
    return """
      \(name) (\(format), \(Words.count(file.frames, "frame")), \(Words.size(file.bytes))\
      \(file.error == nil ? "" : ", incomplete"))
      """
  }

  private var contents: String {
    let capture = diagnosis.capture
    var words = [
      Words.count(capture.frames, "frame"), Words.count(capture.datagrams, "UDP datagram"),
      Words.count(capture.messages, "SIP message"),
    ]
    if capture.keepalives > 0 { words.append(Words.count(capture.keepalives, "keepalive")) }
    return words.joined(separator: ", ")
  }

  private var undecodable: String {
    let all = diagnosis.capture.undecodable.map { "\($0.reason) (\(Words.grouped($0.count)))" }
    return "Could not be decoded: \(all.joined(separator: ", "))."
  }

  private mutating func writeSwitches() {
    if diagnosis.switches.isEmpty {
      entry(
        "Switch", "none found: no host receives REGISTERs; name it with --switch ADDRESS[:PORT]")
    }
    for (index, host) in diagnosis.switches.prefix(4).enumerated() {
      let place =
        host.port.map { Endpoint(address: host.address, port: $0).description }
        ?? host.address.description
      let isLast = index + 1 == min(diagnosis.switches.count, 4)
      let hint = isLast ? " (override with --switch)" : ""
      entry(index == 0 ? "Switch" : "", "\(place): \(host.why)\(hint)")
    }
    if diagnosis.switches.count > 4 {
      entry("", "... and \(diagnosis.switches.count - 4) more hosts taken for switches")
    }
  }
}
