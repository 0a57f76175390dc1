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
    page.writeCauses()
    let folded = page.folded
    for index in diagnosis.findings.indices.prefix(max(options.findings, 0))
    where !folded.contains(index) {
      page.writeFinding(index)
      try page.text.pending.drain(to: &sink)
    }
    page.writeFindingsEnd()
    page.writeTests()
    page.writeEffectiveParameters()
    page.writeChecklist()
    page.writeAccounts()
    page.writeFleet()
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
  /// What evidence calls the files: the last part of the path where that tells them apart.
  let fileNames: [String]
  /// Remedies told so far, with the finding they were told at.
  var remedies: [String: String] = [:]
  /// The causes whose first finding stands for all of theirs, by its position.
  let heads: [Int: CauseGroup]

  init(_ diagnosis: Diagnosis, _ options: ReportOptions) {
    self.diagnosis = diagnosis
    self.options = options
    heads = Self.heads(diagnosis.overview.causes)
    clock = TextClock(options.timeZone, diagnosis.capture.span)
    text = TextWriter(options)
    fileNames = Self.shortNames(diagnosis.capture.files.map(\.name))
  }

  static func shortNames(_ names: [String]) -> [String] {
    let short = names.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    let uses = Dictionary(short.map { ($0, 1) }, uniquingKeysWith: +)
    return zip(names, short).map { uses[$1] == 1 ? $1 : $0 }
  }

  mutating func entry(_ label: String, _ content: String, style: TextStyle = .plain) {
    text.paragraph(label, content, column: Self.column, labelStyle: .heading, style: style)
  }

  // MARK: What was captured

  mutating func writeCapture() {
    let capture = diagnosis.capture
    for (index, file) in capture.files.prefix(8).enumerated() {
      entry(index == 0 ? "Capture" : "", describe(file))
    }
    if capture.files.count > 8 {
      entry("", "... and \(Words.count(capture.files.count - 8, "more file"))")
    }
    if let span = capture.span {
      entry(
        capture.files.isEmpty ? "Capture" : "",
        """
        \(clock.range(span.lowerBound, span.upperBound)) (\(clock.name(during: span))), \
        \(Wording.span(span.upperBound - span.lowerBound))
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

  private func describe(_ file: FileSummary) -> String {
    let name = file.name == "-" ? "standard input" : file.name
    guard let format = file.format else { return "\(name): not read" }
    var words = [format]
    // Of one file alone the frames are told below.
    if diagnosis.capture.files.count > 1 { words.append(Words.count(file.frames, "frame")) }
    words.append(Words.size(file.bytes))
    if file.error != nil { words.append("incomplete") }
    return "\(name) (\(words.joined(separator: ", ")))"
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
    let shown = diagnosis.switches.prefix(4)
    for (index, host) in shown.enumerated() {
      let place =
        host.port.map { Endpoint(address: host.address, port: $0).description }
        ?? host.address.description
      entry(index == 0 ? "Switch" : "", "\(place): \(host.why)")
    }
    let left = diagnosis.switches.count - shown.count
    if left > 0 { entry("", "... and \(Words.count(left, "more host")) taken for switches") }
    if shown.isEmpty {
      entry("Switch", "none seen: nothing here receives REGISTERs (name it with --switch)")
    } else if !shown.contains(where: { $0.why.contains("--switch") }) {
      entry("", "(override with --switch ADDRESS[:PORT])")
    }
  }
}
