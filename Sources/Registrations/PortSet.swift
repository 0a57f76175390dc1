/// A set of UDP ports in 8 KiB: a question about one reads one word that the cache holds.
struct PortSet {
  private var words = [UInt64](repeating: 0, count: 1024)

  mutating func insert(_ port: UInt16) {
    words[Int(port >> 6)] |= 1 << UInt64(port & 63)
  }

  @inline(__always)
  func contains(_ port: UInt16) -> Bool {
    words[Int(port >> 6)] >> UInt64(port & 63) & 1 != 0
  }
}
