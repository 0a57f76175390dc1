public import Parameters

extension JSONReport {
  /// The version of the parameter list's shape: keys are added without changing it.
  public static let parametersSchema = "regsift-parameters/1"

  /// Writes the parameters in effect, each as the report has them.
  public static func write<Sink: ReportSink>(
    _ profile: Profile, to sink: inout Sink
  ) throws(Sink.Failure) {
    var json = JSONWriter()
    json.beginObject()
    json.put("schema", parametersSchema)
    json.writeTool()
    json.write(profile, nil)
    json.end()
    try json.pending.drain(to: &sink, isLast: true)
  }
}

extension JSONWriter {
  /// Writes what scenarios recommend, `null` for nothing: a span of numbers, or one value.
  mutating func write(_ recommendation: Recommendation?) {
    guard let recommendation else { return null() }
    beginObject(onOneLine: true)
    put("lowest", recommendation.range?.lowerBound)
    put("highest", recommendation.range?.upperBound)
    key("value")
    if case .only(let value) = recommendation.values { write(value) } else { null() }
    key("scenarios")
    beginArray()
    for scenario in recommendation.scenarios { value(scenario.rawValue) }
    end()
    put("why", recommendation.reason)
    put("source", recommendation.source)
    end()
  }
}
