/// A point in time as a capture states it: nanoseconds since 1970-01-01 00:00:00 UTC.
///
/// Reaches from 1677 to 2262; sums that would leave that range stay at its end, so that absurd
/// times in a hostile file cannot trap.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Nanoseconds since the Unix epoch; negative before 1970.
  public var nanoseconds: Int64

  /// Makes a time from nanoseconds since the Unix epoch.
  @inlinable public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// Makes a time from whole seconds and a rest in nanoseconds, saturating.
  public init(seconds: Int64, nanoseconds rest: Int64) {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let base = overflow ? (seconds < 0 ? Int64.min : Int64.max) : product
    self.nanoseconds = base.addingSaturating(rest)
  }

  /// Earlier before later.
  @inlinable public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The span from `right` to `left`; negative when `left` is the earlier one.
  public static func - (left: Timestamp, right: Timestamp) -> Duration {
    let (difference, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
    return .nanoseconds(overflow ? (left < right ? Int64.min : Int64.max) : difference)
  }

  /// Nanoseconds from `other` to this time, 0 where `other` is the later one.
  @inlinable public func nanosecondsSince(_ other: Timestamp) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(other.nanoseconds)
    return overflow ? (self > other ? Int64.max : 0) : max(difference, 0)
  }

  /// The time `right` after `left`, saturating.
  public static func + (left: Timestamp, right: Duration) -> Timestamp {
    Timestamp(nanoseconds: left.nanoseconds.addingSaturating(right.wholeNanoseconds))
  }
}

extension Duration {
  /// This span in nanoseconds, cut to what 64 bits hold (292 years).
  public var wholeNanoseconds: Int64 {
    Int64(clamping: attoseconds / 1_000_000_000)
  }

  /// This span in seconds, for display and ratios.
  public var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}

extension Int64 {
  func addingSaturating(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (other < 0 ? Int64.min : Int64.max) : sum
  }
}
