import Capture

/// How often a time was how long, counted in fixed steps: any number of times takes the same few
/// bytes.
public struct Histogram: Sendable {
  /// Where the steps end, rising, in nanoseconds; what is longer than the last belongs to one more.
  private let ends: [Int64]
  /// Times in each step, the last one without end.
  public private(set) var counts: [UInt64]
  /// All times together; never less than before.
  public private(set) var sum = Duration.zero

  /// An empty one with steps that end at these times, which rise.
  init(ends: [Duration]) {
    self.ends = ends.map(\.wholeNanoseconds)
    counts = Array(repeating: 0, count: ends.count + 1)
  }

  /// Where the steps end, but for the last.
  public var bounds: [Duration] { ends.map { .nanoseconds($0) } }

  /// How many times there were.
  public var total: UInt64 { counts.reduce(0, &+) }

  /// Counts one time; one below zero counts as none at all.
  mutating func add(_ nanoseconds: Int64) {
    let value = max(nanoseconds, 0)
    var step = 0
    while step < ends.count, ends[step] < value { step += 1 }
    counts[step] &+= 1
    sum += .nanoseconds(value)
  }
}
