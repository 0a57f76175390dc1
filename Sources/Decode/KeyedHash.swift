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
    let lanes = payload.withUnsafeBytes { raw in
      raw.count >= 64 ? longLanes(raw) : shortLanes(raw)
    }
    combine(lanes.0 ^ UInt64(payload.count), lanes.1)
    combine(lanes.2, lanes.3)
  }

  private typealias Lanes = (UInt64, UInt64, UInt64, UInt64)

  // Four chains side by side: one multiplication need not wait for the others. The last step
  // overlaps the one before, so that no rest is left.
  @inline(__always)
  private func longLanes(_ raw: UnsafeRawBufferPointer) -> Lanes {
    var lanes: Lanes = (state, ~state, state ^ 0x9E37_79B9_7F4A_7C15, state ^ 0xC2B2_AE3D_27D4_EB4F)
    var offset = 0
    let last = raw.count &- 64
    while true {
      step(&lanes.0, raw, offset)
      step(&lanes.1, raw, offset &+ 16)
      step(&lanes.2, raw, offset &+ 32)
      step(&lanes.3, raw, offset &+ 48)
      guard offset < last else { return lanes }
      offset = offset &+ 64 < last ? offset &+ 64 : last
    }
  }

  @inline(__always)
  private func step(_ lane: inout UInt64, _ raw: UnsafeRawBufferPointer, _ offset: Int) {
    let left = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    let right = raw.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self)
    lane = Self.fold(left ^ lane, right ^ key)
  }

  // Fewer than 64 bytes: as many as there are, zeros behind.
  @inline(never)
  private func shortLanes(_ raw: UnsafeRawBufferPointer) -> Lanes {
    var block = SIMD8<UInt64>()
    withUnsafeMutableBytes(of: &block) { $0.copyMemory(from: raw) }
    return (
      Self.fold(block[0] ^ state, block[1] ^ key), Self.fold(block[2] ^ ~state, block[3] ^ key),
      Self.fold(block[4] ^ state, block[5] ^ ~key), Self.fold(block[6] ^ ~state, block[7] ^ ~key)
    )
  }

  @inline(__always)
  consuming func finalize() -> UInt64 {
    Self.fold(state ^ key, 0x5899_65CC_7537_4CC3)
  }
}
