import Glibc
import SIP

/// Processor time of this thread, which other programs on the machine do not use up.
public enum ProcessorTime {
  /// Nanoseconds so far.
  public static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  /// Nanoseconds for one byte of `message` when it is read as SIP: the best of some trials.
  public static func ofParsing(_ message: [UInt8], trials: Int = 7) -> Double {
    // A trial is long enough for the clock.
    let rounds = max(200_000 / max(message.count, 1), 1)
    var best = Double.infinity
    var parsed = SIPMessage()
    for _ in 0..<trials {
      let begun = now
      for _ in 0..<rounds { _ = SIPParser.parse(message.span, isCut: false, into: &parsed) }
      best = min(best, Double(now - begun) / Double(rounds * message.count))
    }
    return best
  }
}
