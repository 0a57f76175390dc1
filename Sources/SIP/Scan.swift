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
  @inline(always) var isSpace: Bool {
    self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A
  }

  @inline(always) var isDigit: Bool { self &- 0x30 < 10 }

  @inline(always) var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

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
  @inline(always) var asciiLowercased: UInt64 {
    let sevenBits = self & 0x7F7F_7F7F_7F7F_7F7F
    let fromA = sevenBits &+ 0x3F3F_3F3F_3F3F_3F3F
    let pastZ = sevenBits &+ 0x2525_2525_2525_2525
    let letters = (fromA ^ pastZ) & ~self & 0x8080_8080_8080_8080
    return self | (letters >> 2)
  }

  /// Whether each of eight bytes is a space or something from there up to `}`.
  @inline(always) var isPlainText: Bool {
    let sevenBits = self & 0x7F7F_7F7F_7F7F_7F7F
    let fromSpace = sevenBits &+ 0x6060_6060_6060_6060
    let fromTilde = sevenBits &+ 0x0202_0202_0202_0202
    return fromSpace & ~fromTilde & ~self & 0x8080_8080_8080_8080 == 0x8080_8080_8080_8080
  }

  /// Whether the first of eight bytes are `text`, letter case aside; `text` is in lower case, at
  /// most eight letters, digits and marks.
  @inline(always)
  func begins(with text: StaticString) -> Bool {
    (self | .caseBits(text)) & .lowBytes(text.utf8CodeUnitCount) == UInt64(packed: text)
  }

  /// Whether these bytes, with zeros behind, are `text`, letter case aside.
  @inline(always)
  func isAll(_ text: StaticString) -> Bool {
    self | .caseBits(text) == UInt64(packed: text)
  }

  // What tells lower from upper case, for the letters of `text` only: a mark has no case, and to
  // set that bit in all bytes would take a carriage return for a hyphen.
  @inline(always)
  private static func caseBits(_ text: StaticString) -> UInt64 {
    (UInt64(packed: text) & 0x4040_4040_4040_4040) &>> 1
  }

  /// A mask over the first `count` bytes of a word, all of it from 8 on.
  @inline(always)
  static func lowBytes(_ count: Int) -> UInt64 {
    count >= 8 ? .max : (1 &<< UInt64(truncatingIfNeeded: count.atLeast(0) &* 8)) &- 1
  }

  /// Marks what is no digit, of eight bytes that `0x30` was taken out of by XOR.
  @inline(always) var noDigits: UInt64 {
    let fromTen = (self & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x7676_7676_7676_7676
    return (fromTen | self) & 0x8080_8080_8080_8080
  }

  /// The number of the first `length` digits, 1 to 7, of eight bytes as `noDigits` takes them.
  ///
  /// Neighbours are joined: digits to pairs, pairs to fours, fours to the whole.
  @inline(always)
  func decimal(_ length: Int) -> UInt32 {
    let digits = self &<< UInt64(truncatingIfNeeded: 64 &- length &* 8)
    let pairs = (digits &* 10 &+ (digits &>> 8)) & 0x00FF_00FF_00FF_00FF
    let fours = (pairs &* 100 &+ (pairs &>> 16)) & 0x0000_FFFF_0000_FFFF
    return UInt32(truncatingIfNeeded: fours &* 10_000 &+ (fours &>> 32))
  }

  @inline(always)
  func foldedProduct(_ other: UInt64) -> UInt64 {
    let product = multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  /// The bytes of up to eight ASCII characters as `word(at:)` reads them; folded when compiled.
  @inline(always)
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

extension UInt32 {
  /// Four ASCII characters as the low half of `word(at:)` has them; folded when compiled.
  @inline(always)
  init(packed text: StaticString) {
    self.init(truncatingIfNeeded: UInt64(packed: text))
  }
}

// What `min` and `max` do, which are left as calls in functions as large as those of this module.
extension Int {
  @inline(always) func atMost(_ limit: Int) -> Int { self < limit ? self : limit }
  @inline(always) func atLeast(_ limit: Int) -> Int { self > limit ? self : limit }
}
