import Rules

/// Stands in for the reports until they are there.
enum InterimReport {
  static func write(_ diagnosis: Diagnosis) -> ExitStatus {
    var text = "\(diagnosis.capture.frames) frames, \(diagnosis.accounts.count) accounts\n"
    for finding in diagnosis.findings {
      text += "\(finding.level.word): \(finding.rule): \(finding.summary)\n"
    }
    return StandardOutput.write(text)
  }
}
