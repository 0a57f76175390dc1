/// The gaps between repeated events on a flow, as its record holds them: one or two themselves, more
/// as the number of their sample.
///
/// A sample takes four times as much, and few gaps fit into the minutes of most captures. With the
/// sample elsewhere it takes twelve bytes more than a sample alone.
struct FlowGaps {
  fileprivate var first: UInt32 = 0
  fileprivate var second: UInt32 = 0
  /// How many there are up to two; else the number of the sample behind these.
  fileprivate var state: UInt32 = 0

  var isEmpty: Bool { state == 0 }

  fileprivate static var most: UInt32 { 2 }

  /// The number of their sample, where they have one.
  @inline(__always)
  fileprivate var number: UInt32? { state > Self.most ? state &- Self.most &- 1 : nil }
}

/// The samples of those flows that have more than two gaps of a kind.
struct GapStore: ~Copyable {
  private var samples = Pool<GapSample>()

  /// The same samples once more.
  func copy() -> GapStore {
    var copy = GapStore()
    copy.samples = samples.copy()
    return copy
  }

  /// Adds a gap and says whether it is the longest so far.
  @inline(__always) @discardableResult
  mutating func add(milliseconds: UInt32, to gaps: inout FlowGaps) -> Bool {
    guard let number = gaps.number else { return addFew(milliseconds, to: &gaps) }
    let isLongest = milliseconds > samples[number].longest
    samples[number].add(milliseconds: milliseconds)
    return isLongest
  }

  @inline(never)
  private mutating func addFew(_ milliseconds: UInt32, to gaps: inout FlowGaps) -> Bool {
    let isLongest = milliseconds > longest(of: gaps)
    switch gaps.state {
    case 0: (gaps.first, gaps.state) = (milliseconds, 1)
    case 1: (gaps.second, gaps.state) = (milliseconds, 2)
    default:
      var sample = GapSample(gaps.first, gaps.second)
      sample.add(milliseconds: milliseconds)
      gaps.state = samples.add(sample) + FlowGaps.most + 1
    }
    return isLongest
  }

  /// The longest gap in milliseconds; 0 when there is none.
  func longest(of gaps: FlowGaps) -> UInt32 {
    guard let number = gaps.number else { return max(gaps.first, gaps.second) }
    return samples[number].longest
  }

  @inline(__always)
  func sample(of gaps: FlowGaps) -> GapSample {
    if let number = gaps.number { return samples[number] }
    return gaps.isEmpty ? GapSample() : GapSample(gaps.first, gaps.state > 1 ? gaps.second : nil)
  }

  /// Fetches what the next gap will be added to.
  @inline(__always)
  func fetch(_ gaps: FlowGaps) {
    if let number = gaps.number { samples.fetch(number) }
  }

  /// Forgets the gaps; their sample is free for others.
  mutating func clear(_ gaps: inout FlowGaps) {
    if let number = gaps.number { samples.release(number) }
    gaps = FlowGaps()
  }
}
