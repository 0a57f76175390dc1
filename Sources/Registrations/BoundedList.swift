/// A list of incidents whose memory is bounded: the first ones, the last ones, and how many in all.
///
/// An account that fails the same way for a week needs its first and its latest incidents as
/// evidence and the number of the others, not each of them.
public struct BoundedList<Element: Sendable>: Sendable {
  /// The elements kept, in order; with more than `2 * half` seen, the middle is missing.
  public internal(set) var kept: [Element] = []
  /// How many were added, kept or not.
  @Tally public private(set) var total = 0
  @usableFromInline let half: UInt32

  /// An empty list that keeps the first and the last `half` elements.
  @inlinable public init(half: UInt32) {
    self.half = half
  }

  /// Whether nothing was added.
  @inlinable public var isEmpty: Bool { total == 0 }

  /// Adds an element and gives back the one that had to go for it, if any.
  @discardableResult
  mutating func append(_ element: Element) -> Element? {
    total += 1
    let half = Int(half)
    let evicted = kept.count >= 2 * half ? kept.remove(at: half) : nil
    kept.append(element)
    return evicted
  }

  /// Takes the last kept element that fits out again, as if it had not been added.
  mutating func takeLast(where fits: (Element) -> Bool) -> Element? {
    guard let index = kept.lastIndex(where: fits) else { return nil }
    total -= 1
    return kept.remove(at: index)
  }

  mutating func updateEach(_ change: (inout Element) -> Void) {
    for index in kept.indices { change(&kept[index]) }
  }

  mutating func updateLast(_ change: (inout Element) -> Void) {
    guard !kept.isEmpty else { return }
    change(&kept[kept.count - 1])
  }
}

/// A fixed-size sample of the gaps between repeated events, in milliseconds.
///
/// Keeps every gap while there are few; when full, every second one is dropped and from then on
/// only every second (fourth, ...) new gap is taken, so the sample stays spread over the whole span.
public struct GapSample: Sendable {
  private var seen: UInt32 = 0
  /// The shortest gap in milliseconds; 0 when none was seen.
  public private(set) var shortest: UInt32 = 0
  /// The longest gap in milliseconds; 0 when none was seen.
  public private(set) var longest: UInt32 = 0
  private var values = InlineArray<8, UInt32>(repeating: 0)

  init() {}

  /// A sample of one or two gaps.
  init(_ first: UInt32, _ second: UInt32?) {
    seen = 1
    (shortest, longest, values[0]) = (first, first, first)
    guard let second else { return }
    seen = 2
    (shortest, longest, values[1]) = (min(first, second), max(first, second), second)
  }

  /// How many gaps were seen; stays at its highest past 4.29 thousand million.
  public var count: Int { Int(seen) }

  mutating func add(milliseconds: UInt32) {
    shortest = seen == 0 ? milliseconds : min(shortest, milliseconds)
    longest = max(longest, milliseconds)
    guard seen < .max else { return }
    let step = shift
    defer { seen += 1 }
    guard seen & (1 &<< step &- 1) == 0 else { return }
    var place = Int(seen &>> step)
    if place == values.count {
      thin()
      place /= 2
    }
    values[place] = milliseconds
  }

  /// Of the gaps seen so far every `1 << shift`th is in the sample.
  private var shift: UInt32 {
    seen <= 8 ? 0 : UInt32(truncatingIfNeeded: 29 - (seen - 1).leadingZeroBitCount)
  }

  private var used: Int { seen == 0 ? 0 : Int((seen - 1) &>> shift) + 1 }

  private mutating func thin() {
    let half = values.count / 2
    for index in 0..<half { values[index] = values[2 * index + 1] }
  }

  /// The gaps in the sample in milliseconds, in order of time.
  var sample: [UInt32] { (0..<used).map { values[$0] } }

  /// How many gaps are in the sample.
  public var sampled: Int { used }

  /// Of the sampled gaps, how many are longer than `bound`, and how many there are.
  public func longer(than bound: Duration) -> (count: Int, of: Int) {
    let limit = bound.wholeMilliseconds
    var count = 0
    for index in 0..<used where values[index] > limit { count += 1 }
    return (count, used)
  }

  /// The median of the sampled gaps in seconds, or `nil` when there was none.
  public var median: Double? {
    guard used > 0 else { return nil }
    // Eight at most, sorted where they stand: an array would be asked for of each account.
    var sorted = values
    for index in 1..<used {
      var place = index
      while place > 0, sorted[place] < sorted[place - 1] {
        sorted.swapAt(place, place - 1)
        place -= 1
      }
    }
    return Double(sorted[used / 2]) / 1000
  }
}
