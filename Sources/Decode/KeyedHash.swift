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

  mutating func combine(_ payload: Span<UInt8>) {
    let raw = payload.bytes
    let count = raw.byteCount
    var offset = 0
    // Four chains side by side, since each multiplication waits for the one before it.
    var lanes = (state, state ^ key, state &+ key, ~state)
    while count - offset >= 64 {
      lanes.0 = Self.mix(raw, offset, lanes.0, key)
      lanes.1 = Self.mix(raw, offset + 16, lanes.1, key)
      lanes.2 = Self.mix(raw, offset + 32, lanes.2, key)
      lanes.3 = Self.mix(raw, offset + 48, lanes.3, key)
      offset += 64
    }
    if offset > 0 {
      combine(lanes.0, lanes.1)
      combine(lanes.2, lanes.3)
    }
    while count - offset >= 16 {
      state = Self.mix(raw, offset, state, key)
      offset += 16
    }
    var first: UInt64 = 0
    var second: UInt64 = 0
    while offset < count {
      first = first << 8 | second >> 56
      second = second << 8 | UInt64(payload[offset])
      offset += 1
    }
    combine(first, second)
    // The length last: payloads that differ in leading zeros of the rest must differ.
    combine(UInt64(count), 0)
  }

  /// One step over the 16 bytes at `offset`.
  @inline(__always)
  private static func mix(
    _ raw: RawSpan, _ offset: Int, _ state: UInt64, _ key: UInt64
  ) -> UInt64 {
    fold(
      raw.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ state,
      raw.unsafeLoadUnaligned(fromByteOffset: offset + 8, as: UInt64.self) ^ key)
  }

  @inline(__always)
  consuming func finalize() -> UInt64 {
    Self.fold(state ^ key, 0x5899_65CC_7537_4CC3)
  }
}
