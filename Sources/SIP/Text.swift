import CScan
import Glibc

/// The bytes of a datagram up to `count`, as the readers see them: zeros stand where nothing does.
///
/// The one place of this module that touches memory without Span's own checks. Its invariant:
/// `base` holds at least `count` bytes, and eight from each position below `words`; every access
/// here is behind a comparison with one of the two, unsigned, so that a negative position is past
/// the end like any other. Whatever positions a reader comes up with, it gets a byte of the
/// datagram or zero.
struct Text: ~Escapable {
  private let base: UnsafePointer<UInt8>?
  /// Where the text ends; positions are those in the datagram.
  let count: Int
  // How many positions have eight bytes of the datagram from there on.
  private let words: Int

  @inline(always)
  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.init(
      bytes.withUnsafeBufferPointer { $0.baseAddress }, bytes.count, (bytes.count &- 7).atLeast(0))
  }

  // The lifetime is bound by the callers' own attributes.
  @inline(always)
  @_lifetime(immortal)
  private init(_ base: UnsafePointer<UInt8>?, _ count: Int, _ words: Int) {
    self.base = base
    self.count = count
    self.words = words
  }

  /// The text up to `end`, where it does not end before.
  @inline(always)
  @_lifetime(copy self)
  func prefix(_ end: Int) -> Text {
    let length = UInt(bitPattern: end) < UInt(bitPattern: count) ? end : count
    return _overrideLifetime(Text(base, length, words), copying: self)
  }

  /// The byte at `index`, 0 past the end.
  @inline(always)
  subscript(index: Int) -> UInt8 {
    guard UInt(bitPattern: index) < UInt(bitPattern: count) else { return 0 }
    return base.unsafelyUnwrapped[index]
  }

  /// The eight bytes from `index` on, the first in the lowest bits.
  ///
  /// What stands behind the end of a prefix is among them; zeros past the end of the datagram.
  @inline(always)
  func word(at index: Int) -> UInt64 {
    guard UInt(bitPattern: index) < UInt(bitPattern: words) else { return tornWord(at: index) }
    return load(at: index)
  }

  // The caller has seen that `index` is below `words`.
  @inline(always)
  private func load(at index: Int) -> UInt64 {
    let word = scan_word(base.unsafelyUnwrapped + index)
    #if _endian(big)
      return word.byteSwapped
    #else
      return word
    #endif
  }

  /// Position of the first byte from `start` on that has a bit in what `stops` gives for sixteen
  /// bytes, or `count`.
  ///
  /// Where `count` is at most `words` - 8, sixteen bytes stand from each position of the text on,
  /// so that only the end of the loop needs a look.
  @inline(always)
  func first(from start: Int, where stops: (UnsafePointer<UInt8>) -> UInt32) -> Int {
    guard count <= words &- 8 else { return firstAtEnd(from: start, where: stops) }
    let base = base.unsafelyUnwrapped
    var position = start
    while UInt(bitPattern: position) < UInt(bitPattern: count) {
      let hits = stops(base + position)
      if hits != 0 { return (position &+ hits.trailingZeroBitCount).atMost(count) }
      position = position &+ 16
    }
    return count
  }

  @inline(never)
  private func firstAtEnd(from start: Int, where stops: (UnsafePointer<UInt8>) -> UInt32) -> Int {
    var position = start
    while UInt(bitPattern: position) < UInt(bitPattern: count) {
      var block = SIMD16<UInt8>()
      memcpy(&block, base.unsafelyUnwrapped + position, (count &- position).atMost(16))
      let hits = withUnsafeBytes(of: &block) {
        stops($0.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self))
      }
      if hits != 0 { return (position &+ hits.trailingZeroBitCount).atMost(count) }
      position = position &+ 16
    }
    return count
  }

  @inline(never)
  private func tornWord(at index: Int) -> UInt64 {
    guard words > 0 else { return shortWord(at: index) }
    // What is left of the last eight bytes.
    let missing = UInt(bitPattern: index) &- UInt(bitPattern: words &- 1)
    return missing < 8 ? load(at: words &- 1) &>> UInt64(missing &* 8) : 0
  }

  private func shortWord(at index: Int) -> UInt64 {
    var word: UInt64 = 0
    var position = count
    while position > index.atLeast(0) {
      position = position &- 1
      word = word << 8 | UInt64(self[position])
    }
    return word
  }

  /// Position of the first line feed from `start` on, `count` where there is none.
  @inline(always)
  func newline(from start: Int) -> Int {
    guard UInt(bitPattern: start) < UInt(bitPattern: count) else { return count }
    let base = base.unsafelyUnwrapped
    var position = start
    while position &+ 32 <= count {
      let hits = scan_lines(base + position)
      if hits != 0 { return position &+ hits.trailingZeroBitCount }
      position = position &+ 32
    }
    guard count >= 32 else { return lastNewline(from: position) }
    // The last 32 bytes, without those that were seen already.
    let seen = UInt64(truncatingIfNeeded: 32 &- (count &- position))
    let hits = UInt64(scan_lines(base + (count &- 32))) &>> seen
    return hits == 0 ? count : position &+ hits.trailingZeroBitCount
  }

  @inline(never)
  private func lastNewline(from start: Int) -> Int {
    var position = start
    while position < count, self[position] != Byte.lineFeed { position = position &+ 1 }
    return position
  }

  /// The text without its last bytes, so that sixteen stand from each position on.
  @inline(always)
  @_lifetime(copy self)
  func inner() -> Text { prefix(words &- 8) }
}

// The scans under everything else, for text of a few dozen bytes: no calls. All begin at a position
// of the text and give one of it, or its end.
extension Text {
  /// Position of the first `byte` (not zero) from `start` on, `count` where there is none.
  @inline(always)
  func find(_ byte: UInt8, from start: Int) -> Int {
    first(from: start) { scan_byte($0, byte) }
  }

  /// Where the name, host or token at `start` ends: at white space or one of `,:;<=>?`, or `count`.
  @inline(always)
  func nameEnd(from start: Int) -> Int {
    first(from: start) { scan_name_stops($0) }
  }

  /// Where the unquoted value at `start` ends: at white space, `,` or `;`, or `count`.
  @inline(always)
  func valueEnd(from start: Int) -> Int {
    first(from: start) { scan_value_stops($0) }
  }

  /// Where the word at `start` ends: at white space or a control, or `count`.
  @inline(always)
  func wordEnd(from start: Int) -> Int {
    first(from: start) { scan_spaces($0) }
  }

  /// Position of the first of `:;<=>?@` from `start` on, or `count`.
  @inline(always)
  func userEnd(from start: Int) -> Int {
    first(from: start) { scan_user_stops($0) }
  }

  /// Where the user part at `start` ends, if it is a plain one: at white space or one of
  /// `:;<=>?@`, or `count`.
  @inline(always)
  func plainUserEnd(from start: Int) -> Int {
    first(from: start) { scan_plain_user_stops($0) }
  }

  /// Where the URI at `start` ends, if it is a plain one: at white space or `>`, or `count`.
  @inline(always)
  func plainURIEnd(from start: Int) -> Int {
    first(from: start) { scan_plain_uri_stops($0) }
  }

  /// Where the unquoted name at `start` ends, if it is a plain one: at a control, one of `";,<`
  /// or a backslash, or `count`.
  @inline(never)
  func plainNameEnd(from start: Int) -> Int {
    first(from: start) { scan_plain_name_stops($0) }
  }

  /// Position of the first quote, backslash or control from `start` on, or `count`.
  @inline(always)
  func quotedEnd(from start: Int) -> Int {
    first(from: start) { scan_quoted_stops($0) }
  }

  /// Whether a line ends at `position` with nothing folded behind it.
  @inline(always)
  func endsLine(at position: Int) -> Bool {
    let word = word(at: position)
    let next = UInt8(truncatingIfNeeded: word &>> 16)
    return UInt16(truncatingIfNeeded: word) == 0x0A0D && next != Byte.space && next != 0x09
  }

  /// Position of the first byte from `start` on that is no linear white space, or `count`.
  @inline(always)
  func skipSpace(from start: Int) -> Int {
    var position = start
    while self[position].isSpace { position = position &+ 1 }
    return position
  }

  /// The end of `start..<end` without trailing linear white space.
  @inline(always)
  func trimmedEnd(from start: Int, to end: Int) -> Int {
    var position = end
    while position > start, self[position &- 1].isSpace { position = position &- 1 }
    return position
  }

  /// Position of the quote that closes the one at `open`, nil where the string stays open.
  ///
  /// A backslash takes the meaning of the byte after it (RFC 3261 25.1 quoted-pair).
  @inline(always)
  func closingQuote(from open: Int) -> Int? {
    var from = open &+ 1
    while true {
      let quote = find(Byte.quote, from: from)
      guard quote < count else { return nil }
      guard self[quote &- 1] == Byte.backslash else { return quote }
      var escapes = quote
      while escapes > from, self[escapes &- 1] == Byte.backslash { escapes = escapes &- 1 }
      if (quote &- escapes) & 1 == 0 { return quote }
      from = quote &+ 1
    }
  }
}
