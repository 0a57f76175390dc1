/// The hash function of FIPS 180-4.
struct SHA256 {
  /// Bytes that are worked on at a time.
  static let block = 64

  private var state = SIMD8<UInt32>(
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19)
  private var blocks = 0

  /// Works one block of 64 bytes in.
  mutating func update(block: [UInt8]) {
    compress(block, from: 0)
    blocks += 1
  }

  /// The 32 bytes of the hash of all blocks before and of `rest`.
  consuming func finalize(_ rest: [UInt8]) -> [UInt8] {
    let bits = UInt64(blocks * Self.block + rest.count) &* 8
    var padded = rest
    padded.reserveCapacity(rest.count + Self.block + 9)
    padded.append(0x80)
    padded.append(contentsOf: repeatElement(0, count: (119 - rest.count % 64) % 64))
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      padded.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
    for start in stride(from: 0, to: padded.count, by: Self.block) { compress(padded, from: start) }
    var hash: [UInt8] = []
    hash.reserveCapacity(32)
    for index in 0..<8 {
      for shift in stride(from: UInt32(24), through: 0, by: -8) {
        hash.append(UInt8(truncatingIfNeeded: state[index] >> shift))
      }
    }
    return hash
  }

  /// Works the 64 bytes from `start` on into the state (section 6.2.2).
  private mutating func compress(_ bytes: [UInt8], from start: Int) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
      for index in 0..<16 {
        let at = start + 4 * index
        schedule[index] =
          UInt32(bytes[at]) << 24 | UInt32(bytes[at + 1]) << 16
          | UInt32(bytes[at + 2]) << 8 | UInt32(bytes[at + 3])
      }
      for index in 16..<64 {
        let (early, late) = (schedule[index - 15], schedule[index - 2])
        let small = early.turned(7) ^ early.turned(18) ^ early >> 3
        let large = late.turned(17) ^ late.turned(19) ^ late >> 10
        schedule[index] = schedule[index - 16] &+ small &+ schedule[index - 7] &+ large
      }
      mix(schedule)
    }
  }

  private mutating func mix(_ schedule: UnsafeMutableBufferPointer<UInt32>) {
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for round in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let first =
        h &+ (e.turned(6) ^ e.turned(11) ^ e.turned(25)) &+ choice &+ Self.constants[round]
        &+ schedule[round]
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let second = (a.turned(2) ^ a.turned(13) ^ a.turned(22)) &+ majority
      (h, g, f, e) = (g, f, e, d &+ first)
      (d, c, b, a) = (c, b, a, first &+ second)
    }
    state &+= SIMD8(a, b, c, d, e, f, g, h)
  }

  private static let constants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
    0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
    0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
    0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
    0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
    0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
    0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
    0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
    0xc671_78f2,
  ]
}

extension UInt32 {
  /// The bits moved to the right by `count`, those that fall out coming in at the left.
  @inline(__always)
  fileprivate func turned(_ count: UInt32) -> UInt32 { self >> count | self << (32 - count) }
}
