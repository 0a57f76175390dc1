public import Capture

/// How often something happened over the time of a capture, however long that is.
///
/// A fixed number of equal spans; when time runs past the last one, neighbours are joined and each
/// stands for twice the time.
public struct RateSeries: Sendable {
  /// Most spans a series has; with a new one starting at 1 s a week is told in spans of about 2 h.
  static let most = 120
  private static let second: Int64 = 1_000_000_000

  /// When the first span begins; `nil` while nothing happened.
  public private(set) var start: Timestamp?
  /// Events in each span, in order of time; spans past the last event are not there.
  public private(set) var counts: [Int] = []
  private var width = second

  /// The length of each span.
  public var span: Duration { .nanoseconds(width) }

  /// How often it happened in the spans whose beginning and end `isWanted`.
  public func total(_ isWanted: (Timestamp, Timestamp) -> Bool) -> Int {
    guard let start else { return 0 }
    var sum = 0
    for (index, count) in counts.enumerated() where count > 0 {
      let begin = start + .nanoseconds(Int64(index) * width)
      if isWanted(begin, begin + span) { sum += count }
    }
    return sum
  }

  mutating func count(at time: Timestamp) {
    let start = start ?? time
    self.start = start
    // What stands a moment too late in the capture belongs to the first span.
    var index = max(time.nanosecondsSince(start), 0) / width
    while index >= Int64(Self.most) {
      join()
      index = max(time.nanosecondsSince(start), 0) / width
    }
    let place = Int(index)
    while counts.count <= place { counts.append(0) }
    counts[place] += 1
  }

  private mutating func join() {
    for index in 0..<(counts.count + 1) / 2 {
      let second = 2 * index + 1
      counts[index] = counts[2 * index] + (second < counts.count ? counts[second] : 0)
    }
    counts.removeLast(counts.count / 2)
    width = width > Int64.max / 4 ? width : 2 * width
  }
}
