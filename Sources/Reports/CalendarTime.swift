import Capture
import Glibc

/// A point in time on the calendar, with no library's idea of language or place in it.
struct CalendarTime {
  var year: Int64
  var month: Int64
  var day: Int64
  /// Seconds since midnight.
  var second: Int64
  /// Nanoseconds since the second began.
  var nanosecond: Int64

  /// Reads `time` in a zone that is `offset` seconds ahead of UTC.
  init(_ time: Timestamp, offset: Int64 = 0) {
    let (seconds, rest) = Self.floored(time.nanoseconds, 1_000_000_000)
    let (days, second) = Self.floored(seconds + offset, 86_400)
    self.second = second
    nanosecond = rest
    (year, month, day) = Self.date(days)
  }

  /// Quotient and remainder where the remainder is never negative: times before 1970 are.
  private static func floored(_ number: Int64, _ divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  /// The Gregorian date so many days after 1970-01-01.
  ///
  /// Counts from 0000-03-01, so that the leap day is the last of its year, in cycles of 400 years.
  private static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (cycle, inCycle) = floored(days + 719_468, 146_097)
    let yearInCycle = (inCycle - inCycle / 1460 + inCycle / 36_524 - inCycle / 146_096) / 365
    let dayInYear = inCycle - (365 * yearInCycle + yearInCycle / 4 - yearInCycle / 100)
    let marchMonth = (5 * dayInYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayInYear - (153 * marchMonth + 2) / 5 + 1
    return (cycle * 400 + yearInCycle + (month <= 2 ? 1 : 0), month, day)
  }

  /// `2026-11-22`.
  var date: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

  /// `11:01:27`.
  var clock: String {
    "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
  }

  /// `11:01:27.731`, cut, not rounded, as packet tools do.
  var clockWithMilliseconds: String { "\(clock).\(padded(nanosecond / 1_000_000, 3))" }

  /// `2026-11-22T11:01:27.731120Z` (RFC 3339); for a time read without offset.
  var rfc3339: String { "\(date)T\(clock).\(padded(nanosecond / 1000, 6))Z" }
}

private func padded(_ number: Int64, _ digits: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
}

/// The clock a report's times are read from.
public enum ReportTimeZone: Sendable {
  /// Coordinated Universal Time.
  case utc
  /// The zone this machine is set to (TZ).
  case local

  /// How far the zone is ahead of UTC at `time`, in seconds, and what it is called then.
  func offset(at time: Timestamp) -> (seconds: Int64, name: String) {
    guard case .local = self else { return (0, "UTC") }
    var seconds = time_t(time.nanoseconds / 1_000_000_000)
    var parts = tm()
    guard localtime_r(&seconds, &parts) != nil else { return (0, "UTC") }
    let name = parts.tm_zone.map { String(cString: $0) } ?? ""
    return (Int64(parts.tm_gmtoff), name)
  }
}
