/// Whole numbers that were measured again and again: which one, how often, how far apart.
struct ValueTally: Sendable {
  /// Different values that are told apart; hostile traffic may have a new one in each message.
  private static let most = 4096
  private var counts = Counts<Int>()
  private(set) var total = 0
  private(set) var lowest = Int.max
  private(set) var highest = Int.min

  var isEmpty: Bool { total == 0 }

  mutating func add(_ value: Int, times: Int = 1) {
    guard times > 0 else { return }
    total += times
    lowest = min(lowest, value)
    highest = max(highest, value)
    if counts.count < Self.most || counts[value] > 0 { counts.add(value, times: times) }
  }

  /// The value seen most often, of several the smallest.
  var mode: (value: Int, times: Int)? {
    counts.all.min { ($1.times, $0.key) < ($0.times, $1.key) }.map { ($0.key, $0.times) }
  }

  /// The value that half of all measurements do not exceed.
  var median: Int? {
    var left = (total + 1) / 2
    for (value, times) in counts.all.sorted(by: { $0.key < $1.key }) {
      left -= times
      if left <= 0 { return value }
    }
    return nil
  }
}
