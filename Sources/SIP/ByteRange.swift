/// Where a piece of text stands in its datagram: two 16-bit numbers instead of a copy.
///
/// A UDP payload has at most 65,535 bytes, so that every offset fits.
public struct ByteRange: Hashable, Sendable {
  /// Position of the first byte, from 0 at the start of the datagram.
  public var offset: UInt16
  /// Number of bytes; 0 where the message does not have this text.
  public var length: UInt16

  /// Names `length` bytes from `offset` on.
  @inlinable
  public init(offset: UInt16, length: UInt16) {
    self.offset = offset
    self.length = length
  }

  /// The empty range: the text is not there.
  @inlinable public static var none: ByteRange { ByteRange(offset: 0, length: 0) }

  /// Whether there is no text.
  @inlinable @inline(__always) public var isEmpty: Bool { length == 0 }

  /// Position of the first byte.
  @inlinable @inline(__always) public var start: Int { Int(offset) }

  /// Position after the last byte.
  @inlinable @inline(__always) public var end: Int { Int(offset) + Int(length) }

  /// Names the bytes from `start` up to, not including, `end`; the parser keeps both below 65,536.
  @inline(always)
  init(_ start: Int, _ end: Int) {
    offset = UInt16(truncatingIfNeeded: start)
    length = UInt16(truncatingIfNeeded: (end &- start).atLeast(0))
  }

  /// The same for an `end` that is known not to come before `start`.
  @inline(always)
  init(from start: Int, to end: Int) {
    offset = UInt16(truncatingIfNeeded: start)
    length = UInt16(truncatingIfNeeded: end &- start)
  }

  /// The range as long as this one that begins `distance` bytes behind it.
  @inline(always)
  func moved(_ distance: UInt16) -> ByteRange {
    ByteRange(offset: offset &+ distance, length: length)
  }
}

extension Span where Element == UInt8 {
  /// The bytes of `range`; cut short where the range reaches past this span.
  @_lifetime(copy self)
  public func extracting(_ range: ByteRange) -> Span<UInt8> {
    extracting(Swift.min(range.start, count)..<Swift.min(range.end, count))
  }

  /// The text of `range` for a report, invalid UTF-8 replaced; never for the hot path.
  public func string(_ range: ByteRange) -> String {
    extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether `range` here and `other` in `bytes` hold the same bytes.
  public func equals(_ range: ByteRange, _ other: ByteRange, in bytes: Span<UInt8>) -> Bool {
    Text(self).equals(range, other, in: Text(bytes)) { $0 }
  }

  /// Whether `range` here and `other` in `bytes` differ at most in the case of ASCII letters.
  public func equalsIgnoringCase(
    _ range: ByteRange, _ other: ByteRange, in bytes: Span<UInt8>
  ) -> Bool {
    Text(self).equals(range, other, in: Text(bytes)) { $0.asciiLowercased }
  }

  /// Whether `range` holds `text`, letter case aside; `text` is ASCII.
  public func equalsIgnoringCase(_ range: ByteRange, _ text: StaticString) -> Bool {
    let mine = extracting(range)
    guard text.hasPointerRepresentation, mine.count == text.utf8CodeUnitCount else { return false }
    let theirs = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    for index in mine.indices
    where mine[index].asciiLowercased != theirs[index].asciiLowercased {
      return false
    }
    return true
  }

  /// A keyed 64-bit hash of the bytes of `range`; a secret `seed` spoils crafted collisions.
  public func hash(_ range: ByteRange, seed: UInt64) -> UInt64 {
    hash(range, seed: seed) { $0 }
  }

  /// A keyed 64-bit hash that is the same for texts that differ only in ASCII letter case.
  public func hashIgnoringCase(_ range: ByteRange, seed: UInt64) -> UInt64 {
    hash(range, seed: seed) { $0.asciiLowercased }
  }

  // One multiplication to 128 bits for two words, halves folded together: the mixing step of
  // wyhash. Both factors have the seed in them: who does not know it can make neither of them zero.
  @inline(always)
  private func hash(_ range: ByteRange, seed: UInt64, _ fold: (UInt64) -> UInt64) -> UInt64 {
    let end = range.end.atMost(count)
    var position = range.start.atMost(end)
    let length = UInt64(truncatingIfNeeded: end &- position)
    let bytes = Text(self)
    let key = seed ^ 0xA076_1D64_78BD_642F
    var state = seed ^ 0x9E37_79B9_7F4A_7C15
    while end &- position > 16 {
      let first = fold(bytes.word(at: position))
      let second = fold(bytes.word(at: position &+ 8))
      state = (first ^ key).foldedProduct(second ^ state)
      position = position &+ 16
    }
    // The last words overlap, which the length tells from any other text.
    let rest = end &- position
    let first = fold(bytes.word(at: position)) & .lowBytes(rest)
    let last = rest > 8 ? fold(bytes.word(at: end &- 8)) : 0
    state = (first ^ key).foldedProduct(last ^ state)
    return (state ^ length).foldedProduct(0xE703_7ED1_A0B4_28DB)
  }
}

extension Text {
  /// Whether `range` here and `other` in `bytes` hold the same bytes, each word seen through `fold`.
  @inline(always)
  func equals(
    _ range: ByteRange, _ other: ByteRange, in bytes: Text, _ fold: (UInt64) -> UInt64 = { $0 }
  ) -> Bool {
    guard range.length == other.length, range.end <= count, other.end <= bytes.count else {
      return false
    }
    var left = range.start
    var right = other.start
    var rest = Int(range.length)
    while rest >= 8 {
      guard fold(word(at: left)) == fold(bytes.word(at: right)) else { return false }
      left = left &+ 8
      right = right &+ 8
      rest = rest &- 8
    }
    let differing = fold(word(at: left)) ^ fold(bytes.word(at: right))
    return differing & .lowBytes(rest) == 0
  }
}
