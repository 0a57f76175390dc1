import Decode

/// Replaces addresses so that two that share their first bits go on sharing as many.
///
/// Each bit is turned or not by a keyed function of the bits before it (Xu, Fan, Ammar and Moon,
/// "Prefix-preserving IP address anonymization", 2002). What an address is for is kept: one of a
/// private range stays in it, a public one stays public, and one that names no single host at all
/// (loopback, unspecified, multicast, broadcast) stays as it is.
struct AddressMapping {
  let function: KeyedFunction

  /// What stands for `address`.
  func replacement(for address: IPAddress) -> IPAddress {
    address.isIPv4
      ? IPAddress(ipv4: ipv4(UInt32(truncatingIfNeeded: address.low))) : ipv6(address)
  }

  // MARK: IPv4

  /// How many first bits a range that is kept apart has, by its kind; `nil` for a public address.
  private static func keptBits(_ bits: UInt32) -> Int? {
    switch bits {
    // RFC 1918, RFC 6598, RFC 3927.
    case _ where bits >> 24 == 10: 8
    case _ where bits >> 20 == 0xAC1: 12
    case _ where bits >> 16 == 0xC0A8: 16
    case _ where bits >> 22 == 0x6440 >> 6: 10
    case _ where bits >> 16 == 0xA9FE: 16
    // This network, loopback; multicast, reserved and broadcast (RFC 6890).
    case _ where bits >> 24 == 0 || bits >> 24 == 127 || bits >> 29 == 7: 32
    default: nil
    }
  }

  private func ipv4(_ bits: UInt32) -> UInt32 {
    if let kept = Self.keptBits(bits) { return turned(bits, from: kept) }
    // Walking on from a special range until a public one is met makes no two addresses one. Those
    // ranges have at most 16 bits in common, so that whole networks of that size walk together.
    var replacement = turned(bits, from: 0)
    while Self.keptBits(replacement) != nil { replacement = turned(replacement, from: 0) }
    return replacement
  }

  private func turned(_ bits: UInt32, from kept: Int) -> UInt32 {
    let wide = turned(UInt128(bits) << 96, from: kept, to: 32, family: 4)
    return UInt32(truncatingIfNeeded: wide >> 96)
  }

  // MARK: IPv6

  private func ipv6(_ address: IPAddress) -> IPAddress {
    let bits = UInt128(address.high) << 64 | UInt128(address.low)
    // Unspecified and loopback; the well-known prefix of RFC 6052 has an IPv4 address behind it.
    guard bits > 1 else { return address }
    if bits >> 32 == UInt128(0x0064_FF9B) << 64 {
      let inside = ipv4(UInt32(truncatingIfNeeded: bits))
      return Self.address((bits >> 32) << 32 | UInt128(inside))
    }
    guard let kept = Self.keptBits(bits) else {
      var replacement = turned(bits, from: 3, to: 128, family: 6)
      while Self.keptBits(replacement) != nil {
        replacement = turned(replacement, from: 3, to: 128, family: 6)
      }
      return Self.address(replacement)
    }
    return Self.address(turned(bits, from: kept, to: 128, family: 6))
  }

  private static func keptBits(_ bits: UInt128) -> Int? {
    let first = UInt16(truncatingIfNeeded: bits >> 112)
    switch first {
    // Unique local (RFC 4193): fc and fd stay what they are.
    case 0xFC00...0xFDFF: return 8
    // Link-local (RFC 4291 2.5.6): the zeros behind its ten bits as well.
    case 0xFE80...0xFEBF: return UInt64(truncatingIfNeeded: bits >> 64) << 10 == 0 ? 64 : 10
    // Multicast; a solicited-node address (RFC 4291 2.7.1) ends with bits of a host's own.
    case 0xFF00...0xFFFF: return bits >> 24 == UInt128(0xFF02) << 88 | 0x01FF ? 104 : 128
    // Global unicast (RFC 4291 2.4).
    case 0x2000...0x3FFF: return nil
    // Embedded and unassigned.
    default: return bits >> 32 == 0 ? 96 : 16
    }
  }

  private static func address(_ bits: UInt128) -> IPAddress {
    IPAddress(
      high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
  }

  // MARK: Bits

  private func turned(_ bits: UInt128, from kept: Int, to length: Int, family: UInt8) -> UInt128 {
    var result = bits
    for position in kept..<max(kept, length) {
      let rest = UInt128(128 - position)
      let before = position == 0 ? 0 : (bits >> rest) << rest
      var text: [UInt8] = [UInt8(ascii: "a"), family, UInt8(truncatingIfNeeded: position)]
      withUnsafeBytes(of: before.bigEndian) { text.append(contentsOf: $0) }
      if (function.value(text).first ?? 0) & 1 == 1 { result ^= 1 << (rest - 1) }
    }
    return result
  }
}
