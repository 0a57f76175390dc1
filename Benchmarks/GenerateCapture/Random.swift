/// SplitMix64: small, fast, and the same numbers on every machine.
struct Random {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return scattered(state)
  }

  /// A number in `range`; the bias of the remainder does not matter here.
  mutating func number(in range: ClosedRange<Int64>) -> Int64 {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int64(next() % count)
  }

  /// Whether something happens that happens `percent` times in a hundred.
  mutating func happens(percent: Double) -> Bool {
    Double(next() >> 11) / Double(1 << 53) * 100 < percent
  }
}

/// Spreads the bits of `value`: the finaliser of SplitMix64.
func scattered(_ value: UInt64) -> UInt64 {
  var value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
  value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
  return value ^ (value >> 31)
}
