import Glibc
import Reports
import Rules

/// Writes what happens in a running capture, and the report at its end.
final class LiveWriting: LiveListener {
  private let format: LiveFormat
  private let output: String?
  private let options: ReportOptions
  private let isQuiet: Bool
  /// What to do when nobody reads standard output any more; `nil` where that ends nothing.
  private let readerLeft: (() -> Void)?
  /// Where events go; `nil` while lines for people are written.
  private var events: EventLines?
  private var isBroken = false
  private(set) var trouble: String?

  /// Begins to write; throws when the file cannot be written to.
  ///
  /// `readerLeft` is called when who reads standard output is gone; without it, that is said like any
  /// other trouble.
  init(
    format: LiveFormat, output: String?, timeZone: ReportTimeZone, isQuiet: Bool,
    readerLeft: (() -> Void)?
  ) throws {
    self.readerLeft = readerLeft
    self.format = format
    self.output = output
    self.isQuiet = isQuiet
    var options = ReportOptions()
    options.timeZone = timeZone
    options.findings = .max
    self.options = options
    guard let output else {
      events = format == .events ? EventLines(descriptor: STDOUT_FILENO) : nil
      return
    }
    if format == .events {
      events = try Self.open(output)
    } else if let obstacle = ReportFile.obstacle(to: output) {
      throw CannotWrite("--output", output, obstacle)
    }
  }

  deinit {
    if let events, events.descriptor != STDOUT_FILENO { close(events.descriptor) }
  }

  private static func open(_ path: String) throws -> EventLines {
    do {
      return try EventLines(appendingTo: path)
    } catch {
      throw CannotWrite("--output", path, error.number)
    }
  }

  func heard(_ heard: [LiveEvent], in diagnosis: Diagnosis) {
    for event in heard {
      guard events != nil else {
        tell(event)
        continue
      }
      writeEvent { (sink) throws(WriteFailure) in
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
    guard format == .report(.text), output == nil else { return tellAside(line) }
    attempt { () throws(WriteFailure) in
      var sink = Output(descriptor: STDOUT_FILENO)
      try sink.write(line + "\n")
    }
  }

  /// A line that is no part of what was asked for: that nobody reads it is no trouble.
  private func tellAside(_ line: String) {
    var sink = Output(descriptor: STDERR_FILENO)
    try? sink.write(line + "\n")
  }

  func report(_ diagnosis: Diagnosis) {
    guard events != nil else {
      _ = reportWriting.write(diagnosis)
      return
    }
    writeEvent { (sink) throws(WriteFailure) in
      try EventReport.write(diagnosis, as: "report", to: &sink)
    }
  }

  func reopen() {
    guard let output, let events, events.descriptor != STDOUT_FILENO else { return }
    do {
      let anew = try Self.open(output)
      close(events.descriptor)
      self.events = anew
      isBroken = false
    } catch {
      StandardError.say("\(error)")
    }
  }

  /// Writes what stands at the end.
  func end(_ diagnosis: Diagnosis) -> ExitStatus {
    guard events != nil else { return reportWriting.write(diagnosis) }
    writeEvent { (sink) throws(WriteFailure) in
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

  private func writeEvent(_ body: (inout Output) throws(WriteFailure) -> Void) {
    attempt { () throws(WriteFailure) in try events?.write(body) }
  }

  /// Says once that writing fails; the capture goes on, since what is learnt is not lost by it.
  private func attempt(_ body: () throws(WriteFailure) -> Void) {
    do {
      try body()
      trouble = nil
    } catch {
      if error.number == EPIPE, output == nil, let readerLeft { return readerLeft() }
      let words = "\(output ?? "standard output"): cannot write: \(systemMessage(error.number))"
      trouble = words
      guard !isBroken else { return }
      isBroken = true
      StandardError.say(words)
    }
  }
}
