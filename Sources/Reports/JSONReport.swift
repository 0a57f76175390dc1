import Capture
import Decode
import Parameters
import Registrations
public import Rules

/// The report for scripts: one JSON object, `regsift-report/1`.
///
/// Written piece by piece, so that a report on half a million accounts needs no second copy of
/// them in memory. The same diagnosis always gives the same bytes.
public enum JSONReport {
  /// The version of the report's shape: keys are added without changing it.
  public static let schema = "regsift-report/1"

  /// Writes the report on `diagnosis`.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, to sink: inout Sink
  ) throws(Sink.Failure) {
    var json = JSONWriter()
    try write(diagnosis, into: &json, to: &sink)
    try json.pending.drain(to: &sink, isLast: true)
  }

  /// Writes it as the next value of a larger text.
  static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, into json: inout JSONWriter, to sink: inout Sink
  ) throws(Sink.Failure) {
    json.beginObject()
    json.put("schema", schema)
    json.writeTool()
    json.write(diagnosis.capture)
    json.write(diagnosis.switches)
    json.write(diagnosis.profile, diagnosis.overview.effective)
    json.key("accounts")
    json.beginArray()
    for account in diagnosis.accounts {
      json.write(account)
      try json.pending.drain(to: &sink)
    }
    json.end()
    json.key("findings")
    json.beginArray()
    for (index, finding) in diagnosis.findings.enumerated() {
      json.write(finding, number: index + 1)
      try json.pending.drain(to: &sink)
    }
    json.end()
    json.write(diagnosis.rules)
    json.write(diagnosis.overview)
    json.end()
  }
}

extension Finding {
  /// What a report calls its `number`th finding: the same in every format.
  static func identifier(_ number: Int) -> String { "F\(number)" }
}

extension JSONWriter {
  mutating func writeTool() {
    key("tool")
    beginObject(onOneLine: true)
    put("name", "regsift")
    put("version", regsiftVersion)
    end()
  }

  fileprivate mutating func write(_ capture: CaptureSummary) {
    key("capture")
    beginObject()
    key("files")
    beginArray()
    for file in capture.files { write(file) }
    end()
    put("first", capture.span?.lowerBound)
    put("last", capture.span?.upperBound)
    put("frames", capture.frames)
    put("datagrams", capture.datagrams)
    put("sip_messages", capture.messages)
    put("keepalives", capture.keepalives)
    put("duplicates", capture.duplicates)
    key("undecodable")
    beginObject()
    for (reason, count) in capture.undecodable {
      key(named: reason)
      value(count)
    }
    end()
    key("notes")
    beginArray()
    for note in capture.notes {
      beginObject(onOneLine: true)
      put("note", note.note)
      put("text", note.text)
      end()
    }
    end()
    end()
  }

  private mutating func write(_ file: FileSummary) {
    beginObject(onOneLine: true)
    put("name", file.name)
    put("format", file.format)
    put("frames", file.frames)
    put("bytes", file.bytes)
    put("complete", file.error == nil)
    put("error", file.error)
    end()
  }

  fileprivate mutating func write(_ switches: [SwitchHost]) {
    key("switches")
    beginArray()
    for host in switches {
      beginObject(onOneLine: true)
      put("address", host.address.description)
      put("port", host.port)
      put("why", host.why)
      end()
    }
    end()
  }

  mutating func write(_ profile: Profile, _ effective: EffectiveParameters?) {
    key("parameters")
    beginArray()
    for entry in profile.entries {
      beginObject(onOneLine: true)
      put("name", entry.parameter.name)
      key("value")
      write(entry.value)
      put("unit", entry.parameter.unit.isEmpty ? nil : entry.parameter.unit)
      put("source", entry.source.description)
      key("observed")
      write(effective?.values[entry.parameter.name])
      key("recommended")
      write(entry.recommended)
      end()
    }
    end()
  }

  /// A parameter's value: a number as a number, everything else as documentation spells it.
  mutating func write(_ parameter: ParameterValue?) {
    if case .integer(let number) = parameter {
      value(number)
    } else {
      value(parameter?.description)
    }
  }

  /// The same for a value that comes as text.
  private mutating func writeParameterText(_ text: String?) {
    if let text, let number = Int(text), String(number) == text {
      value(number)
    } else {
      value(text)
    }
  }

  mutating func write(_ finding: Finding, number: Int) {
    beginObject()
    put("id", Finding.identifier(number))
    put("rule", finding.rule)
    put("level", finding.level.word)
    put("account", finding.account)
    put("direction", finding.direction?.word)
    put("from", finding.from)
    put("to", finding.to)
    put("seconds", finding.duration)
    key("episodes")
    beginArray()
    for episode in finding.episodes { write(episode) }
    end()
    put("summary", finding.summary)
    put("explanation", finding.explanation)
    put("remedy", finding.remedy)
    key("parameter")
    write(finding.parameter)
    key("evidence")
    beginArray()
    for evidence in finding.evidence { write(evidence) }
    end()
    put("count", finding.count)
    if let failover = finding.failover { write(failover) }
    end()
  }

  private mutating func write(_ failover: Failover) {
    key("failover")
    beginObject()
    put("upstream_seconds_least", failover.upstream)
    put("waiting_seconds_most", failover.waiting)
    put("attempt_seconds", failover.attempt)
    key("what_if")
    beginArray()
    for row in failover.rows {
      beginObject(onOneLine: true)
      put("delay_seconds", row.delay)
      put("back_after_seconds_least", row.earliest)
      put("back_after_seconds_most", row.latest)
      put("attempts_least", row.fewest)
      put("attempts_most", row.most)
      end()
    }
    end()
    end()
  }

  private mutating func write(_ episode: Episode) {
    beginObject(onOneLine: true)
    put("from", episode.from)
    put("to", episode.to)
    end()
  }

  private mutating func write(_ comparison: ParameterComparison?) {
    guard let comparison else { return null() }
    beginObject(onOneLine: true)
    put("name", comparison.name)
    key("configured")
    writeParameterText(comparison.configured)
    key("observed")
    writeParameterText(comparison.observed)
    key("recommended")
    writeParameterText(comparison.recommended)
    end()
  }

  private mutating func write(_ evidence: Evidence) {
    beginObject(onOneLine: true)
    let frame = evidence.moment.frame == .earlier ? nil : evidence.moment.frame
    put("file", frame?.file)
    put("frame", frame?.number)
    put("time", evidence.moment.time)
    put("note", evidence.note)
    end()
  }

  fileprivate mutating func write(_ rules: [RuleTally]) {
    key("rules")
    beginArray()
    for tally in rules {
      beginObject(onOneLine: true)
      put("rule", tally.rule)
      put("violated", tally.violated)
      put("held", tally.held)
      put("tests", tally.tests)
      put("not_observed", tally.notObserved)
      put("undecided", tally.undecided)
      put("why", tally.why)
      end()
    }
    end()
  }
}

extension Direction {
  var word: String {
    switch self {
    case .inbound: "inbound"
    case .outbound: "outbound"
    }
  }
}
