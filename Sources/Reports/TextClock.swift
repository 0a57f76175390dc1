package import Capture

/// Tells times the way one report tells all of them.
package struct TextClock {
  let zone: ReportTimeZone
  /// Whether a time of day alone is clear: the whole capture lies on one day.
  package let isOneDay: Bool

  package init(_ zone: ReportTimeZone, _ span: ClosedRange<Timestamp>?) {
    self.zone = zone
    isOneDay =
      span.map { span in
        CalendarTime(span.lowerBound, offset: zone.offset(at: span.lowerBound).seconds).date
          == CalendarTime(span.upperBound, offset: zone.offset(at: span.upperBound).seconds).date
      } ?? true
  }

  private func calendar(_ time: Timestamp) -> CalendarTime {
    CalendarTime(time, offset: zone.offset(at: time).seconds)
  }

  /// `2026-11-22 11:01:27`.
  package func full(_ time: Timestamp) -> String {
    let calendar = calendar(time)
    return "\(calendar.date) \(calendar.clock)"
  }

  /// `11:01:27.731`, with the date where the capture goes past midnight.
  func precise(_ time: Timestamp) -> String {
    let calendar = calendar(time)
    return isOneDay
      ? calendar.clockWithMilliseconds : "\(calendar.date) \(calendar.clockWithMilliseconds)"
  }

  /// `2026-11-22 11:01:27 to 11:04:10`.
  package func range(_ from: Timestamp, _ to: Timestamp) -> String {
    let (start, end) = (calendar(from), calendar(to))
    return start.date == end.date
      ? "\(start.date) \(start.clock) to \(end.clock)"
      : "\(start.date) \(start.clock) to \(end.date) \(end.clock)"
  }

  /// `11:01:27 to 11:04:10`: with milliseconds where seconds would hide the span, with dates where
  /// they are needed.
  package func episode(_ from: Timestamp, _ to: Timestamp) -> String {
    if to - from < .seconds(10) { return "\(precise(from)) to \(precise(to))" }
    let (start, end) = (calendar(from), calendar(to))
    return isOneDay ? "\(start.clock) to \(end.clock)" : range(from, to)
  }

  /// The zone as the report names it: `UTC`, `local time: CET, UTC+01:00`, and what it changes to
  /// within the capture.
  func name(during span: ClosedRange<Timestamp>) -> String {
    guard case .local = zone else { return zone.offset(at: span.lowerBound).name }
    let (first, last) = (localName(at: span.lowerBound), localName(at: span.upperBound))
    return "local time: \(first)" + (first == last ? "" : "; at the end \(last)")
  }

  private func localName(at time: Timestamp) -> String {
    let (seconds, name) = zone.offset(at: time)
    let minutes = abs(seconds) / 60
    let clock = "\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    return "\(name), UTC\(seconds < 0 ? "-" : "+")\(clock)"
  }

  private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
