extension IPAddress {
  /// Whether the address cannot be reached from the public Internet: private (RFC 1918, ULA of
  /// RFC 4193), shared by a carrier's NAT (RFC 6598), link-local or loopback.
  public var isPrivate: Bool {
    guard isIPv4 else {
      return high >> 57 == 0xFC >> 1  // fc00::/7
        || high >> 54 == 0xFE80 >> 6  // fe80::/10
        || high == 0 && low == 1  // ::1
    }
    let bits = UInt32(truncatingIfNeeded: low)
    return bits >> 24 == 10
      || bits >> 20 == 0xAC1  // 172.16.0.0/12
      || bits >> 16 == 0xC0A8  // 192.168.0.0/16
      || bits >> 22 == 0x6440 >> 6  // 100.64.0.0/10
      || bits >> 16 == 0xA9FE  // 169.254.0.0/16
      || bits >> 24 == 127
  }

  /// Whether `text` is the literal of an address with `isPrivate`; a host name is not.
  public static func isPrivate(text: Span<UInt8>) -> Bool {
    parse(text)?.isPrivate ?? false
  }
}
