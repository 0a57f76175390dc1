/// An IPv4 or IPv6 address; IPv4 is held as its IPv4-mapped form (RFC 4291 2.5.5.2).
public struct IPAddress: Hashable, Comparable, Sendable {
  /// The first eight bytes, network order.
  public var high: UInt64
  /// The last eight bytes, network order.
  public var low: UInt64

  /// Makes an IPv6 address from its two halves.
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an IPv4 address from its 32 bits.
  public init(ipv4 bits: UInt32) {
    self.high = 0
    self.low = 0xFFFF_0000_0000 | UInt64(bits)
  }

  /// Whether this is an IPv4 address.
  public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// Orders by number; the order has no meaning beyond being fixed.
  public static func < (left: IPAddress, right: IPAddress) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

/// An address and a UDP port.
public struct Endpoint: Hashable, Comparable, Sendable {
  /// The host.
  public var address: IPAddress
  /// The UDP port.
  public var port: UInt16

  /// Joins an address and a port.
  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }

  /// Orders by address, then port.
  public static func < (left: Endpoint, right: Endpoint) -> Bool {
    left.address == right.address ? left.port < right.port : left.address < right.address
  }
}
