import Capture

/// How many of many times lie within one window, at least and at most: told without sorting them.
struct TimeCrowd {
  /// So many lie within one window for certain.
  let least: Int
  /// More do not.
  let most: Int

  /// Steps counted back from the latest time; what is older shares the last one.
  private static let steps = 4096

  /// Counts times in steps of the length of `window`: the times of a window lie in two of them.
  init(_ times: [Timestamp], _ window: Duration) {
    let step = max(window.wholeNanoseconds, 1)
    guard let latest = times.max() else {
      (least, most) = (0, 0)
      return
    }
    var counts = [Int](repeating: 0, count: Self.steps)
    for time in times {
      counts[Int(min(latest.nanosecondsSince(time) / step, Int64(Self.steps - 1)))] += 1
    }
    var (least, most) = (0, 0)
    for place in counts.indices.dropLast() {
      least = max(least, counts[place])
      most = max(most, counts[place] + counts[place + 1])
    }
    self.least = least
    self.most = most
  }
}
