public import Rules

/// What became of a finding while a capture runs, on one line each.
public enum EventReport {
  /// The version of the shape of the JSON lines: keys are added without changing it.
  public static let schema = "regsift-event/1"

  /// Writes one event as a JSON object on one line; `number` names the finding as long as the
  /// program runs, `event` is what became of it.
  public static func write<Sink: ReportSink>(
    _ event: String, number: Int, _ finding: Finding, to sink: inout Sink
  ) throws(Sink.Failure) {
    var json = JSONWriter()
    json.beginObject(onOneLine: true)
    json.put("schema", schema)
    json.put("event", event)
    json.key("finding")
    json.write(finding, number: number)
    json.end()
    try json.pending.drain(to: &sink, isLast: true)
  }

  /// Writes a whole report as a JSON object on one line; `event` says what for.
  public static func write<Sink: ReportSink>(
    _ diagnosis: Diagnosis, as event: String, to sink: inout Sink
  ) throws(Sink.Failure) {
    var json = JSONWriter()
    json.beginObject(onOneLine: true)
    json.put("schema", schema)
    json.put("event", event)
    json.key("report")
    try JSONReport.write(diagnosis, into: &json, to: &sink)
    json.end()
    try json.pending.drain(to: &sink, isLast: true)
  }

  /// The event as a line for people.
  public static func line(
    _ event: String, number: Int, _ finding: Finding, options: ReportOptions
  ) -> String {
    let clock = TextClock(options.timeZone, nil)
    let time = clock.full(event == "closed" ? finding.to ?? finding.from : finding.from)
    let subject = "\(event) F\(number) \(finding.level.word): \(finding.summary)"
    return "\(time) \(Visible.text(subject)) [\(finding.rule)]"
  }

  /// The event as a line for a log that states the time itself.
  public static func logLine(_ event: String, _ finding: Finding) -> String {
    Visible.text("\(event) \(finding.level.word) \(finding.rule): \(finding.summary)")
  }
}
