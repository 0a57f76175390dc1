/// A fast 64-bit hash under a secret key.
///
/// For tables that hostile traffic must not be able to fill with collisions; its values mean
/// nothing outside one run.
struct KeyedHash {
  private var state: UInt64
  private let key: UInt64

  init(seed: UInt64) {
    // Odd constants with as many ones as zeros, so that a small seed still gives a full key.
    state = seed ^ 0xA076_1D64_78BD_642F
    key = Self.fold(seed ^ 0xE703_7ED1_A0B4_28DB, 0x8EBC_6AF0_9C88_C6E3)
  }

  /// Multiplies to 128 bits and folds the halves: each input bit reaches every output bit.
  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inline(__always)
  mutating func combine(_ first: UInt64, _ second: UInt64) {
    state = Self.fold(first ^ state, second ^ key)
  }

  @inline(__always)
  mutating func combine(_ endpoint: Endpoint) {
    combine(endpoint.address.high, endpoint.address.low)
    combine(UInt64(endpoint.port), 0)
  }

  /// Takes in every byte: two messages of one transaction can differ in a single one.
  mutating func combine(_ payload: Span<UInt8>) {
    var state = self
    var other = self
    other.state ^= 0x9E37_79B9_7F4A_7C15
    let isLong = payload.withUnsafeBytes { raw in
      guard raw.count >= 32 else { return false }
      // Two chains side by side: one multiplication need not wait for the other. The last step
      // overlaps the one before, so that no rest is left.
      var offset = 0
      let last = raw.count &- 32
      while true {
        state.combine(
          raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
          raw.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self))
        other.combine(
          raw.loadUnaligned(fromByteOffset: offset &+ 16, as: UInt64.self),
          raw.loadUnaligned(fromByteOffset: offset &+ 24, as: UInt64.self))
        guard offset < last else { return true }
        offset = offset &+ 32 < last ? offset &+ 32 : last
      }
    }
    if !isLong {
      var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
      for offset in 0..<payload.count {
        words.0 = words.0 << 8 | words.1 >> 56
        words.1 = words.1 << 8 | words.2 >> 56
        words.2 = words.2 << 8 | words.3 >> 56
        words.3 = words.3 << 8 | UInt64(payload[offset])
      }
      state.combine(words.0, words.1)
      other.combine(words.2, words.3)
    }
    state.combine(other.state, UInt64(payload.count))
    self = state
  }

  @inline(__always)
  consuming func finalize() -> UInt64 {
    Self.fold(state ^ key, 0x5899_65CC_7537_4CC3)
  }
}
