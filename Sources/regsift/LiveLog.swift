import LiveOutputs
import Reports
import Rules

/// Writes a line into the system's log for each event of a running capture.
final class LiveLog: LiveListener {
  private let log: SystemLog

  init(_ facility: SystemLog.Facility) throws {
    log = try opening("--syslog") { () throws(OutputError) in try SystemLog(facility: facility) }
  }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    for event in events {
      log.write(Self.severity(of: event), EventReport.logLine(event.kind.rawValue, event.finding))
    }
  }

  /// What is over, or was none, wakes nobody up.
  private static func severity(of event: LiveEvent) -> SystemLog.Severity {
    switch (event.kind, event.finding.level) {
    case (.closed, _), (.withdrawn, _): .information
    case (_, .error): .error
    case (_, .warning): .warning
    case (_, .notice): .notice
    }
  }

  var trouble: String? { log.trouble.map { "--syslog: \($0)" } }

  func finish() { log.finish() }
}
