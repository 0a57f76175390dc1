/// What may reach a terminal, a page or a table.
enum Shown {
  /// Throws when `text` holds what commands a terminal, forges lines or turns text around.
  static func demandPlain(_ text: String, _ name: String = "a message") throws(BrokenPromise) {
    for scalar in text.unicodeScalars where isDangerous(scalar) {
      throw BrokenPromise(description: "\(name) holds U+\(String(scalar.value, radix: 16))")
    }
  }

  /// The same of a whole report, which has lines.
  static func demandPlain(report bytes: [UInt8], _ name: String) throws(BrokenPromise) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw BrokenPromise(description: "\(name) is not UTF-8")
    }
    for scalar in text.unicodeScalars
    where scalar != "\n" && scalar != "\r" && isDangerous(scalar) {
      throw BrokenPromise(description: "\(name) holds U+\(String(scalar.value, radix: 16))")
    }
    for line in text.utf8.split(separator: UInt8(ascii: "\n"))
    where line.dropLast().contains(UInt8(ascii: "\r")) {
      throw BrokenPromise(description: "\(name) has a carriage return inside of a line")
    }
  }

  /// Controls, and the marks of direction of Unicode (UAX 9, 2).
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
