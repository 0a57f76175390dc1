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
