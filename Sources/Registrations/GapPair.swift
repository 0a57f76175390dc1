/// The first two gaps of a kind, in the record they belong to.
///
/// A `GapSample` takes five times as much, and few gaps fit into the minutes of most captures: whoever
/// has more keeps a sample of all of them elsewhere.
struct GapPair: Sendable {
  @OrSpare private var first: UInt32? = nil
  @OrSpare private var second: UInt32? = nil

  var isEmpty: Bool { first == nil }

  /// Takes in a gap and says whether there was room for it.
  mutating func add(milliseconds: UInt32) -> Bool {
    // The highest number stands for none; it would be 49 days.
    let gap = min(milliseconds, .spare - 1)
    if first == nil {
      first = gap
    } else if second == nil {
      second = gap
    } else {
      return false
    }
    return true
  }

  /// The longest in milliseconds; 0 when there is none.
  var longest: UInt32 { max(first ?? 0, second ?? 0) }

  /// Both, as a sample.
  var sample: GapSample { first.map { GapSample($0, second) } ?? GapSample() }

  /// Both and a third one.
  func sample(with milliseconds: UInt32) -> GapSample {
    var sample = sample
    sample.add(milliseconds: milliseconds)
    return sample
  }
}
