/// A part of a frame or message that is read; indices are those of the whole.
typealias Bytes = ArraySlice<UInt8>

extension Bytes {
  /// The byte `offset` behind the first one; 0 past the end.
  func byte(_ offset: Int) -> UInt8 {
    offset >= 0 && offset < count ? self[startIndex + offset] : 0
  }

  /// The number in network byte order that stands `offset` behind the first byte.
  func uint16(_ offset: Int) -> Int { Int(byte(offset)) << 8 | Int(byte(offset + 1)) }

  /// The same of four bytes.
  func uint32(_ offset: Int) -> UInt32 {
    UInt32(uint16(offset)) << 16 | UInt32(uint16(offset + 2))
  }

  /// `length` bytes from `offset` on, fewer where there are not as many.
  func part(_ offset: Int, _ length: Int = .max) -> Bytes { dropFirst(offset).prefix(length) }

  /// Without linear white space at both ends.
  var trimmed: Bytes {
    var rest = self
    while let first = rest.first, first.isSpace { rest = rest.dropFirst() }
    while let last = rest.last, last.isSpace { rest = rest.dropLast() }
    return rest
  }

  /// The index of the first byte from `start` on that is `byte`, or the end.
  func find(_ byte: UInt8, from start: Int) -> Int {
    self[Swift.min(start, endIndex)...].firstIndex(of: byte) ?? endIndex
  }

  /// The index of the first byte from `start` on for which `isStop` holds, or the end.
  func find(from start: Int, _ isStop: (UInt8) -> Bool) -> Int {
    self[Swift.min(start, endIndex)...].firstIndex(where: isStop) ?? endIndex
  }

  /// Whether these bytes begin with `text`, letter case aside; `text` is in lower case.
  func begins(with text: StaticString) -> Bool {
    guard count >= text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { prefix($0.count).elementsEqual($0) { $0.lowercased == $1 } }
  }

  /// The index of the quote that closes the one at `open`; `nil` where it stays open
  /// (RFC 3261 25.1 quoted-pair).
  func closingQuote(from open: Int) -> Int? {
    var here = open + 1
    while here < endIndex {
      if self[here] == UInt8(ascii: "\"") { return here }
      here += self[here] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}

extension [UInt8] {
  /// ASCII letters in lower case.
  var lowercased: [UInt8] { map(\.lowercased) }

  /// Writes `number` in network byte order at `offset`, where there is room for it.
  mutating func put16(_ number: Int, at offset: Int) {
    guard offset + 2 <= count else { return }
    self[offset] = UInt8(truncatingIfNeeded: number >> 8)
    self[offset + 1] = UInt8(truncatingIfNeeded: number)
  }

  /// Replaces as many bytes from `offset` on as `bytes` has, where there is room for them.
  mutating func put(_ bytes: [UInt8], at offset: Int) {
    guard offset + bytes.count <= count else { return }
    replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// `count` times the same byte.
  static func filled(_ byte: UInt8 = 0, _ count: Int) -> [UInt8] {
    Array(repeating: byte, count: Swift.max(count, 0))
  }
}

extension UInt8 {
  /// Linear white space (RFC 3261 25.1 LWS).
  var isSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }
  var isDigit: Bool { 0x30...0x39 ~= self }
  var isLetter: Bool { 0x61...0x7A ~= lowercased }
  var lowercased: UInt8 { 0x41...0x5A ~= self ? self | 0x20 : self }
  /// White space, controls and `,:;<=>?`: what ends a host or a parameter's name.
  var isNameStop: Bool { self <= 0x20 || self == 0x2C || 0x3A...0x3F ~= self }
}
