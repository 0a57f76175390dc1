import Capture

/// The ticks below a timeline: round times of day, a handful of them.
struct TimeAxis {
  /// Distances between ticks in seconds, all of which divide a day or are whole days.
  private static let steps: [Int64] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
    172_800, 604_800, 2_592_000, 31_536_000,
  ]
  private static let second: Int64 = 1_000_000_000
  private static let day: Int64 = 86_400

  /// The ticks with their labels, in order of time.
  let ticks: [(time: Timestamp, label: String)]

  /// At most `most` ticks over `window`, on the clock of `zone`.
  init(_ window: ClosedRange<Timestamp>, _ zone: ReportTimeZone, most: Int) {
    let length = window.upperBound.nanosecondsSince(window.lowerBound)
    let step = Self.steps.first { length / ($0 * Self.second) < Int64(most) } ?? 31_536_000
    let offset = zone.offset(at: window.lowerBound).seconds * Self.second
    let distance = step * Self.second
    let local = window.lowerBound + .nanoseconds(offset)
    let rest = local.nanoseconds % distance
    // Rounded up; times before 1970 leave a negative rest.
    let wait = rest == 0 ? 0 : rest < 0 ? -rest : distance - rest
    var time = window.lowerBound + .nanoseconds(wait)
    var ticks: [(time: Timestamp, label: String)] = []
    while time <= window.upperBound, ticks.count < most + 2 {
      ticks.append((time, Self.label(time, offset: offset / Self.second, step: step)))
      let next = time + .nanoseconds(distance)
      guard next > time else { break }
      time = next
    }
    self.ticks = ticks
  }

  /// Seconds only where ticks are closer than a minute; the date at midnight.
  private static func label(_ time: Timestamp, offset: Int64, step: Int64) -> String {
    let calendar = CalendarTime(time, offset: offset)
    if step >= day || calendar.second == 0 { return String(calendar.date.dropFirst(5)) }
    return step < 60 ? calendar.clock : String(calendar.clock.prefix(5))
  }
}
