import Glibc
import Reports
import Rules

/// Writes what happens in a running capture, and the report at its end.
final class LiveWriting: LiveListener {
  private let format: LiveFormat
  private let output: String?
  private let options: ReportOptions
  private let isQuiet: Bool
  /// Where events go; `nil` while lines for people are written.
  private var events: Int32?
  private var isBroken = false
  private(set) var trouble: String?

  /// Begins to write; throws when the file cannot be written to.
  init(format: LiveFormat, output: String?, timeZone: ReportTimeZone, isQuiet: Bool) throws {
    self.format = format
    self.output = output
    self.isQuiet = isQuiet
    var options = ReportOptions()
    options.timeZone = timeZone
    options.findings = .max
    self.options = options
    guard let output else {
      events = format == .events ? STDOUT_FILENO : nil
      return
    }
    if format == .events {
      events = try Self.open(output)
    } else if let obstacle = ReportFile.obstacle(to: output) {
      throw CannotWrite("--output", output, obstacle)
    }
  }

  deinit {
    if let events, events != STDOUT_FILENO { close(events) }
  }

  private static func open(_ path: String) throws -> Int32 {
    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CannotWrite("--output", path, errno)
    }
    return descriptor
  }

  func heard(_ heard: [LiveEvent], in diagnosis: Diagnosis) {
    for event in heard {
      guard let events else {
        tell(event)
        continue
      }
      write(to: events) { (sink) throws(WriteFailure) in
        try EventReport.write(
          event.kind.rawValue, number: event.number, event.finding, to: &sink)
      }
    }
  }

  /// A line for people; that something has happened once more is no news to them.
  private func tell(_ event: LiveEvent) {
    guard !isQuiet, event.kind != .updated else { return }
    let line = EventReport.line(
      event.kind.rawValue, number: event.number, event.finding, options: options)
    let isForReport = format == .report(.text) && output == nil
    write(to: isForReport ? STDOUT_FILENO : STDERR_FILENO) { (sink) throws(WriteFailure) in
      try sink.write(line + "\n")
    }
  }

  func report(_ diagnosis: Diagnosis) {
    guard let events else {
      _ = reportWriting.write(diagnosis)
      return
    }
    write(to: events) { (sink) throws(WriteFailure) in
      try EventReport.write(diagnosis, as: "report", to: &sink)
    }
  }

  func reopen() {
    guard let output, let events, events != STDOUT_FILENO else { return }
    do {
      let anew = try Self.open(output)
      close(events)
      self.events = anew
      isBroken = false
    } catch {
      StandardError.say("\(error)")
    }
  }

  /// Writes what stands at the end.
  func end(_ diagnosis: Diagnosis) -> ExitStatus {
    guard let events else { return reportWriting.write(diagnosis) }
    write(to: events) { (sink) throws(WriteFailure) in
      try EventReport.write(diagnosis, as: "end", to: &sink)
    }
    return isBroken ? .trouble : .clean
  }

  private var reportWriting: ReportWriting {
    guard case .report(let form) = format else {
      return ReportWriting(format: .text, options: options, output: output)
    }
    return ReportWriting(format: form, options: options, output: output)
  }

  /// Says once that writing fails; the capture goes on, since what is learnt is not lost by it.
  private func write(
    to descriptor: Int32, _ body: (inout Output) throws(WriteFailure) -> Void
  ) {
    var sink = Output(descriptor: descriptor)
    do {
      try body(&sink)
      trouble = nil
    } catch {
      let words = "\(output ?? "standard output"): cannot write: \(systemMessage(error.number))"
      trouble = words
      guard !isBroken else { return }
      isBroken = true
      StandardError.say(words)
    }
  }
}
