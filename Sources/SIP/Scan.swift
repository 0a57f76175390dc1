import Glibc

// The scans under everything else. What touches memory without Span's own checks stands here and
// nowhere else in this module: `newline` (memchr), `word` and `first` (eight bytes at once), each
// behind the test that it stays inside.

extension Span where Element == UInt8 {
  /// Position of the first line feed in `start..<count`, `count` where there is none.
  @inline(__always)
  func newline(from start: Int) -> Int {
    let total = count
    guard start >= 0, start < total else { return total }
    return withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress,
        let hit = memchr(base + start, Int32(Byte.lineFeed), total &- start)
      else { return total }
      return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }
  }

  /// The eight bytes from `index` on, the first in the lowest bits; zeros past the end.
  @inline(__always)
  func word(at index: Int) -> UInt64 {
    let last = count &- 8
    guard last >= 0, UInt(bitPattern: index) <= UInt(bitPattern: last) else {
      return tornWord(at: index)
    }
    return withUnsafeBytes { bytes in
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }
  }

  @inline(never)
  private func tornWord(at index: Int) -> UInt64 {
    var word: UInt64 = 0
    var shift: UInt64 = 0
    var position = Swift.max(0, index)
    while position < count, shift < 64 {
      word |= UInt64(self[position]) << shift
      shift += 8
      position += 1
    }
    return word
  }

  /// Position of the first `byte` (not zero) in `start..<end`, `end` where there is none.
  @inline(__always)
  func find(_ byte: UInt8, from start: Int, to end: Int) -> Int {
    let pattern = UInt64(byte) &* 0x0101_0101_0101_0101
    return first(from: start, to: end) { $0.equals(pattern) }
  }

  /// Where the name, host or token at `start` ends: at white space or one of `,:;<=>?`, or `end`.
  @inline(__always)
  func nameEnd(from start: Int, to end: Int) -> Int {
    first(from: start, to: end) { $0.nameStops }
  }

  /// Where the unquoted value at `start` ends: at white space, `,` or `;`, or `end`.
  @inline(__always)
  func valueEnd(from start: Int, to end: Int) -> Int {
    first(from: start, to: end) { $0.valueStops }
  }

  // Eight bytes at a step without a call, for text of a few dozen bytes: position of the first one
  // whose top bit `stops` sets, `end` where there is none before it.
  @inline(__always)
  private func first(from start: Int, to end: Int, where stops: (UInt64) -> UInt64) -> Int {
    let total = count
    guard start >= 0, start < end, end <= total else { return end }
    return withUnsafeBytes { bytes in
      var position = start
      while position &+ 8 <= total {
        let word = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        let hits = stops(UInt64(littleEndian: word))
        if hits != 0 { return Swift.min(position &+ (hits.trailingZeroBitCount >> 3), end) }
        position = position &+ 8
        if position >= end { return end }
      }
      let hits = stops(tornWord(at: position))
      return hits == 0 ? end : Swift.min(position &+ (hits.trailingZeroBitCount >> 3), end)
    }
  }

  /// Position of the first byte in `start..<end` that is no linear white space, or `end`.
  @inline(__always)
  func skipSpace(from start: Int, to end: Int) -> Int {
    var position = start
    while position < end, self[position].isSpace { position = position &+ 1 }
    return position
  }

  /// The end of `start..<end` without trailing linear white space.
  @inline(__always)
  func trimmedEnd(from start: Int, to end: Int) -> Int {
    var position = end
    while position > start, self[position &- 1].isSpace { position = position &- 1 }
    return position
  }

  /// Position of the quote that closes the one at `open`, nil where the string stays open.
  ///
  /// A backslash takes the meaning of the byte after it (RFC 3261 25.1 quoted-pair).
  @inline(__always)
  func closingQuote(from open: Int, to end: Int) -> Int? {
    var from = open &+ 1
    while true {
      let quote = find(Byte.quote, from: from, to: end)
      guard quote < end else { return nil }
      var escapes = quote
      while escapes > from, self[escapes &- 1] == Byte.backslash { escapes = escapes &- 1 }
      if (quote &- escapes) & 1 == 0 { return quote }
      from = quote &+ 1
    }
  }
}

enum Byte {
  static var lineFeed: UInt8 { 0x0A }
  static var carriageReturn: UInt8 { 0x0D }
  static var space: UInt8 { 0x20 }
  static var quote: UInt8 { 0x22 }
  static var star: UInt8 { 0x2A }
  static var comma: UInt8 { 0x2C }
  static var slash: UInt8 { 0x2F }
  static var colon: UInt8 { 0x3A }
  static var semicolon: UInt8 { 0x3B }
  static var less: UInt8 { 0x3C }
  static var equals: UInt8 { 0x3D }
  static var greater: UInt8 { 0x3E }
  static var question: UInt8 { 0x3F }
  static var at: UInt8 { 0x40 }
  static var openBracket: UInt8 { 0x5B }
  static var backslash: UInt8 { 0x5C }
  static var closeBracket: UInt8 { 0x5D }
}

extension UInt8 {
  /// Space, tab, or the line end inside a folded header (RFC 3261 25.1 LWS).
  @inline(__always) var isSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A
  }

  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }

  @inline(__always) var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

  /// Letters, digits and `-.!%*_+`'~` (RFC 3261 25.1 token).
  var isToken: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case 0x2D, 0x2E, 0x21, 0x25, 0x2A, 0x5F, 0x2B, 0x60, 0x27, 0x7E: true
    default: false
    }
  }
}

extension UInt64 {
  /// Eight ASCII bytes with A to Z turned to a to z; every other byte stays as it is.
  @inline(__always) var asciiLowercased: UInt64 {
    let sevenBits = self & 0x7F7F_7F7F_7F7F_7F7F
    let fromA = sevenBits &+ 0x3F3F_3F3F_3F3F_3F3F
    let pastZ = sevenBits &+ 0x2525_2525_2525_2525
    let letters = (fromA ^ pastZ) & ~self & 0x8080_8080_8080_8080
    return self | (letters >> 2)
  }

  // In both sets of stops the top bit of a byte says that it is one; above the lowest such byte
  // the bits mean nothing. Controls count as white space.

  @inline(__always) fileprivate var nameStops: UInt64 {
    let sevenBits = self & 0x7F7F_7F7F_7F7F_7F7F
    let fromColon = sevenBits &+ 0x4646_4646_4646_4646
    let fromAt = sevenBits &+ 0x4040_4040_4040_4040
    return (fromColon ^ fromAt) & ~self & 0x8080_8080_8080_8080 | spacesAndCommas
  }

  @inline(__always) fileprivate var valueStops: UInt64 {
    spacesAndCommas | equals(0x3B3B_3B3B_3B3B_3B3B)
  }

  @inline(__always) private var spacesAndCommas: UInt64 {
    let pastSpace = (self & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5F5F_5F5F_5F5F_5F5F
    return ~pastSpace & ~self & 0x8080_8080_8080_8080 | equals(0x2C2C_2C2C_2C2C_2C2C)
  }

  @inline(__always)
  fileprivate func equals(_ pattern: UInt64) -> UInt64 {
    let difference = self ^ pattern
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
  }

  /// A mask over the first `count` bytes of a word, all of it from 8 on.
  @inline(__always)
  static func lowBytes(_ count: Int) -> UInt64 {
    count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: Swift.max(0, count) &* 8)) &- 1
  }

  @inline(__always)
  func foldedProduct(_ other: UInt64) -> UInt64 {
    let product = multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  /// The bytes of up to eight ASCII characters as `word(at:)` reads them; folded when compiled.
  @inline(__always)
  init(packed text: StaticString) {
    self = 0
    var shift: UInt64 = 0
    var index = 0
    let length = Swift.min(8, text.utf8CodeUnitCount)
    while index < length {
      self |= UInt64(text.utf8Start[index]) &<< shift
      shift = shift &+ 8
      index = index &+ 1
    }
  }
}
