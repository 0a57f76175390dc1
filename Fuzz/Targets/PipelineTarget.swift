import Registrations
import Reports
import Rules
import SavedState

/// Takes a conversation through the whole pipeline to the reports.
enum PipelineTarget {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let conversation = Conversation(bytes)
    let diagnosis = conversation.diagnosis(seed: 1, isWatched: false)
    let json = json(diagnosis)
    try Shown.demandPlain(report: json, "the JSON report")
    // Neither the tables' keys nor whoever asked on the way may change what is found.
    let again = Self.json(conversation.diagnosis(seed: 0x5EED, isWatched: true))
    try demand(json == again, "the same capture gives the same report: \(difference(json, again))")
    try writeReports(diagnosis, conversation.report)
    try demandStateIsRead(diagnosis)
  }

  private static func json(_ diagnosis: Diagnosis) -> [UInt8] {
    var sink = ReportBuffer()
    JSONReport.write(diagnosis, to: &sink)
    return sink.bytes
  }

  /// Where two reports part, with what is around it.
  private static func difference(_ left: [UInt8], _ right: [UInt8]) -> String {
    let place = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let from = max((place ?? min(left.count, right.count)) - 200, 0)
    return [left, right].map { String(decoding: $0.dropFirst(from).prefix(300), as: UTF8.self) }
      .joined(separator: "\n--- and ---\n")
  }

  private static func writeReports(
    _ diagnosis: Diagnosis, _ choice: UInt8
  ) throws(BrokenPromise) {
    try demandPlain("the text report") { TextReport.write(diagnosis, to: &$0) }
    try demandPlain("the table of findings") { CSVReport.writeFindings(diagnosis, to: &$0) }
    try demandPlain("the table of accounts") { CSVReport.writeAccounts(diagnosis, to: &$0) }
    if choice & 2 != 0 {
      let plan = ReportPlan(diagnosis)
      try demandPlain("the page") { HTMLReport.write(diagnosis, nil, plan, to: &$0) }
      try demandPlain("the ticket") { MarkdownReport.write(diagnosis, nil, plan, to: &$0) }
    }
  }

  private static func demandPlain(
    _ name: String, _ write: (inout ReportBuffer) -> Void
  ) throws(BrokenPromise) {
    var sink = ReportBuffer()
    write(&sink)
    try Shown.demandPlain(report: sink.bytes, name)
  }

  /// What a run leaves, the next one reads.
  private static func demandStateIsRead(_ diagnosis: Diagnosis) throws(BrokenPromise) {
    var sink = ReportBuffer()
    let told = diagnosis.findings.map {
      ToldFinding(
        rule: $0.rule, account: $0.account, from: $0.from, last: $0.to ?? diagnosis.accounts.end,
        isOpen: $0.to == nil)
    }
    let bindings = StateWriter.write(
      diagnosis.accounts.history, told: told, saved: diagnosis.accounts.end, host: "trial",
      to: &sink)
    let file = ScratchFile()
    file.write(sink.bytes)
    do {
      let run = try SavedRun(path: file.path, host: "trial", now: diagnosis.accounts.end)
      try demand(run.bindings == bindings, "all \(bindings) bindings are in the state")
      var read = 0
      try run.forEachBinding { _, _, _, _, _ in read += 1 }
      try demand(read == bindings, "\(read) of \(bindings) bindings are read")
    } catch let broken as BrokenPromise {
      throw broken
    } catch {
      throw BrokenPromise(description: "its own state is refused: \(error)")
    }
  }
}
