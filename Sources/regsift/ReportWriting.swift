import Glibc
import Reports
import Rules

/// How and where a report is written.
struct ReportWriting {
  let format: ReportFormat
  let options: ReportOptions
  /// The file it goes to; `nil` for standard output.
  let output: String?

  /// Writes the report on `diagnosis`; says so when it cannot be written.
  func write(_ diagnosis: Diagnosis) -> ExitStatus {
    guard let output else {
      return StandardOutput.write { (sink) throws(WriteFailure) in
        try write(diagnosis, to: &sink)
      }
    }
    return ReportFile.write(output) { (sink) throws(WriteFailure) in
      try write(diagnosis, to: &sink)
    }
  }

  private func write(_ diagnosis: Diagnosis, to sink: inout Output) throws(WriteFailure) {
    switch format {
    case .text: try TextReport.write(diagnosis, to: &sink, options: options)
    case .json: try JSONReport.write(diagnosis, to: &sink)
    // Read once, so that there is nothing to quote: 'report' reads twice.
    case .markdown:
      try MarkdownReport.write(
        diagnosis, nil, ReportPlan(diagnosis), to: &sink, options: options)
    case .html:
      try HTMLReport.write(diagnosis, nil, ReportPlan(diagnosis), to: &sink, options: options)
    case .csv: try CSVReport.writeFindings(diagnosis, to: &sink)
    }
  }
}
