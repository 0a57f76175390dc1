import LiveOutputs
import Reports
import Rules

/// Calls a program for each event of a running capture.
final class LiveCalls: LiveListener {
  private let calls: ProgramCalls
  private let program: String

  /// Throws `CannotWrite` when the program cannot be called, a `UsageError` when it is no path.
  init(_ program: String, _ arguments: [String]) throws {
    self.program = program
    calls = try opening("--exec \(program)") { () throws(OutputError) in
      try ProgramCalls(program: program, arguments: arguments) {
        StandardError.say("--exec \(program): \($0)")
      }
    }
  }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    for event in events {
      var json = ReportBuffer()
      EventReport.write(event.kind.rawValue, number: event.number, event.finding, to: &json)
      calls.submit(json.bytes)
    }
  }

  var trouble: String? { calls.trouble.map { "--exec \(program): \($0)" } }

  func finish() { calls.finish() }
}
