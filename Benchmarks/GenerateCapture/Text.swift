/// A buffer that message text is put together in, used again for every message.
struct Text {
  private(set) var bytes: [UInt8] = []

  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func add(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ other: Text) {
    bytes.append(contentsOf: other.bytes)
  }

  mutating func add(byte: UInt8) {
    bytes.append(byte)
  }

  /// A number in decimal, with leading zeros up to `digits`.
  mutating func add(_ number: UInt32, digits: Int = 1) {
    let start = bytes.count
    var rest = number
    var written = 0
    while rest > 0 || written < digits {
      bytes.append(UInt8(48 + rest % 10))
      rest /= 10
      written += 1
    }
    bytes[start...].reverse()
  }

  /// The low `digits` hexadecimal digits of a number, lower case.
  mutating func add(hex number: UInt64, digits: Int) {
    for digit in stride(from: digits - 1, through: 0, by: -1) {
      let value = UInt8(truncatingIfNeeded: number >> (4 * UInt64(digit)) & 15)
      bytes.append(value < 10 ? 48 + value : 87 + value)
    }
  }

  /// An IPv4 address in dotted form.
  mutating func add(address: UInt32) {
    for shift in stride(from: 24, through: 0, by: -8) {
      add(address >> UInt32(shift) & 255)
      if shift > 0 { bytes.append(46) }
    }
  }
}
