/// The gaps between repeated events on a flow, as its record holds them: one or two themselves, more
/// as the number of their sample.
struct FlowGaps {
  fileprivate var pair = GapPair()
  /// The number of the sample of all of them, where there are more than two.
  @OrSpare fileprivate var number: UInt32? = nil

  var isEmpty: Bool { pair.isEmpty }
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
    let isLongest = milliseconds > gaps.pair.longest
    if !gaps.pair.add(milliseconds: milliseconds) {
      gaps.number = samples.add(gaps.pair.sample(with: milliseconds))
    }
    return isLongest
  }

  /// The longest gap in milliseconds; 0 when there is none.
  func longest(of gaps: FlowGaps) -> UInt32 {
    guard let number = gaps.number else { return gaps.pair.longest }
    return samples[number].longest
  }

  @inline(__always)
  func sample(of gaps: FlowGaps) -> GapSample {
    guard let number = gaps.number else { return gaps.pair.sample }
    return samples[number]
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
