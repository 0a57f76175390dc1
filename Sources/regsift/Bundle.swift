import Evidence
import Glibc
import Registrations
import Reports
import Rules

/// The folder of files that goes into a ticket.
struct Bundle {
  /// The files; others in the folder are nobody's business.
  private static let files = [
    "report.html", "report.md", "report.json", "findings.csv", "accounts.csv",
    "evidence.pcapng",
  ]

  private let folder: String

  /// Prepares the folder; throws `CannotWrite` or a `UsageError` when it cannot be used, or when a capture among
  /// `captures` would be overwritten.
  init(folder: String, sparing captures: [String]) throws {
    self.folder = folder.hasSuffix("/") ? folder : folder + "/"
    if mkdir(folder, 0o777) != 0, errno != EEXIST {
      throw CannotWrite("--output", folder, errno, "cannot make the folder")
    }
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw UsageError("--output \(folder): \(systemMessage(ENOTDIR))")
    }
    for file in Self.files {
      let path = self.folder + file
      if let obstacle = ReportFile.obstacle(to: path) {
        throw CannotWrite("--output", folder, obstacle, "cannot write \(file)")
      }
      if let capture = captures.first(where: { $0 != "-" && ReportFile.areSame($0, path) }) {
        throw UsageError("--output \(folder): would overwrite the capture \(capture)")
      }
    }
  }

  /// Writes every file, each whole or not at all; says which cannot be written.
  func write(
    _ diagnosis: Diagnosis, _ excerpt: Excerpt, _ evidence: EvidenceFile, _ plan: ReportPlan,
    timeZone: ReportTimeZone, say: (String) -> Void = StandardError.say
  ) -> ExitStatus {
    var options = ReportOptions()
    options.timeZone = timeZone
    var diagnosis = diagnosis
    if evidence.leftOut > 0 { diagnosis.capture.notes.append(Self.note(leftOut: evidence.leftOut)) }
    if evidence.missing > 0 { diagnosis.capture.notes.append(Self.note(missing: evidence.missing)) }
    let written = [
      ReportFile.write(folder + "report.html", say: say) { (sink) throws(WriteFailure) in
        try HTMLReport.write(diagnosis, excerpt, plan, to: &sink, options: options)
      },
      ReportFile.write(folder + "report.md", say: say) { (sink) throws(WriteFailure) in
        try MarkdownReport.write(diagnosis, excerpt, plan, to: &sink, options: options)
      },
      ReportFile.write(folder + "report.json", say: say) { (sink) throws(WriteFailure) in
        try JSONReport.write(diagnosis, to: &sink)
      },
      ReportFile.write(folder + "findings.csv", say: say) { (sink) throws(WriteFailure) in
        try CSVReport.writeFindings(diagnosis, to: &sink)
      },
      ReportFile.write(folder + "accounts.csv", say: say) { (sink) throws(WriteFailure) in
        try CSVReport.writeAccounts(diagnosis, to: &sink)
      },
      ReportFile.write(folder + "evidence.pcapng", say: say) { (sink) throws(WriteFailure) in
        try evidence.write(to: &sink)
      },
    ]
    return written.contains(.trouble) ? .trouble : .clean
  }

  /// What a reader of the report has to know when not all packets are beside it.
  private static func note(leftOut: Int) -> CaptureNote {
    CaptureNote(
      "evidence-limit",
      """
      More packets prove findings than are kept: \(leftOut) of them, the last ones, are not in \
      evidence.pcapng.
      """)
  }

  /// What a reader of the report has to know when the captures were not the same a second time.
  private static func note(missing: Int) -> CaptureNote {
    CaptureNote(
      "evidence-missing",
      """
      The captures changed while this was written: \(missing) packets that findings name did not come \
      again, and are not in evidence.pcapng.
      """)
  }
}
