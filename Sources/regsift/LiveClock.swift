import Capture
import Glibc

/// The time a running capture goes by.
protocol LiveClock {
  /// What the clock shows that packets are stamped by.
  var wall: Timestamp { get }
  /// Time that nobody sets: since some beginning.
  var steady: Duration { get }
}

/// The clocks of the machine.
struct SystemClock: LiveClock {
  var wall: Timestamp { Self.read(CLOCK_REALTIME) }
  // Stands still while the machine sleeps: to the capture that is a step of the wall clock.
  var steady: Duration { .nanoseconds(Self.read(CLOCK_MONOTONIC).nanoseconds) }

  private static func read(_ clock: Int32) -> Timestamp {
    var now = timespec()
    clock_gettime(clock, &now)
    return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
  }
}

/// Tells when somebody sets the wall clock forwards.
///
/// Backwards the packets themselves tell. An hour forwards would look like an hour in which nobody
/// refreshed anything.
struct ClockWatch {
  private var offset: Int64
  /// No packet had a later time when the clocks were compared last.
  private var horizon: Timestamp
  /// Later times are shown by the clock as it was set; `nil` where it was not, or packets have shown
  /// it since.
  private var leap: Timestamp?

  /// What is a step, and what a clock that is being drawn right: what a tracker bears as well.
  private static let notable: Int64 = 5_000_000_000

  init(_ clock: any LiveClock) {
    (offset, horizon) = Self.compare(clock)
  }

  /// Compares the clocks.
  mutating func look(_ clock: any LiveClock) {
    let (now, wall) = Self.compare(clock)
    let (step, overflow) = now.subtractingReportingOverflow(offset)
    (offset, horizon) = (now, wall)
    guard !overflow else { return }
    if step > Self.notable { leap = wall + .nanoseconds(-step / 2) }
    if step < -Self.notable { leap = nil }
  }

  /// Whether a time is the first that the clock shows after it was set forwards.
  mutating func isBeyondLeap(_ time: Timestamp, _ clock: any LiveClock) -> Bool {
    if time > horizon { look(clock) }
    guard let leap, time > leap else { return false }
    self.leap = nil
    return true
  }

  private static func compare(_ clock: any LiveClock) -> (offset: Int64, horizon: Timestamp) {
    let wall = clock.wall
    return ((wall + (.zero - clock.steady)).nanoseconds, wall)
  }
}
