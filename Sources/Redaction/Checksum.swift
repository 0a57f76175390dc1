/// The Internet checksum (RFC 1071).
struct Checksum {
  private var sum: UInt64 = 0

  /// Takes in bytes that begin at an even place.
  mutating func add(_ bytes: some Collection<UInt8>) {
    var isHigh = true
    for byte in bytes {
      sum &+= isHigh ? UInt64(byte) << 8 : UInt64(byte)
      isHigh.toggle()
    }
  }

  /// The complement of the sum, as it stands in a header whose own field counted as zero.
  var value: Int {
    var folded = sum
    while folded > 0xFFFF { folded = folded & 0xFFFF + folded >> 16 }
    return Int(~UInt16(truncatingIfNeeded: folded))
  }

  /// Of a packet of `transport` between two hosts (RFC 768, RFC 8200 8.1).
  static func of(_ packet: [UInt8], transport: UInt8, between addresses: [UInt8]) -> Int {
    var checksum = Checksum()
    checksum.add(addresses)
    checksum.add([0, transport])
    checksum.add([
      UInt8(truncatingIfNeeded: packet.count >> 8), UInt8(truncatingIfNeeded: packet.count),
    ])
    checksum.add(packet)
    return checksum.value
  }
}
