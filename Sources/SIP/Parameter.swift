/// One `name=value`, the value without its quotes.
struct Parameter {
  /// The first eight letters of the name as written, zeros behind a shorter one.
  var word: UInt64
  var nameStart: Int
  var nameEnd: Int
  var valueStart = 0
  var valueEnd = 0

  // The name at `start`. Nearly all are letters up to an equals sign, which the first byte without
  // the bit that all letters and no stops have must then be.
  @inline(always)
  private init(_ bytes: Text, named start: Int) {
    let letters = bytes.word(at: start)
    let others = ~letters & 0x4040_4040_4040_4040
    let length = others.trailingZeroBitCount &>> 3
    nameStart = start
    if bytes[start &+ length] == Byte.equals {
      word = letters & .lowBytes(length)
      nameEnd = start &+ length
    } else {
      (word, nameEnd) = Self.name(bytes, start, letters)
    }
  }

  @inline(never)
  private static func name(
    _ bytes: Text, _ start: Int, _ letters: UInt64
  ) -> (word: UInt64, end: Int) {
    let end = bytes.nameEnd(from: start)
    return (letters & .lowBytes(end &- start), end)
  }

  /// Reads the parameter after the semicolon at `position`, which moves to what follows.
  ///
  /// Nil, with `position` unmoved, where no semicolon stands there; a parameter without a name, as
  /// in `;;`, is given with an empty one. An open quote takes the rest.
  @inline(always)
  static func next(_ bytes: Text, at position: inout Int) -> Parameter? {
    guard bytes[position] == Byte.semicolon else {
      return bytes[position].isSpace ? nextSpaced(bytes, at: &position) : nil
    }
    // A name, an equals sign and a bare value with no space between them, or a name alone, as
    // nearly always.
    let start = position &+ 1
    let letters = bytes.word(at: start)
    let length = (~letters & 0x4040_4040_4040_4040).trailingZeroBitCount &>> 3
    let word = letters & .lowBytes(length)
    let value = start &+ length &+ 1
    let behind = bytes[value &- 1]
    if behind == Byte.semicolon || value &- 1 == bytes.count {
      position = value &- 1
      return Parameter(
        word: word, nameStart: start, nameEnd: position, valueStart: 0, valueEnd: 0)
    }
    guard behind == Byte.equals, bytes[value] > Byte.space,
      bytes[value] != Byte.quote
    else { return nextSpaced(bytes, at: &position) }
    let end = bytes.valueEnd(from: value)
    guard end >= bytes.count || bytes[end] == Byte.semicolon else {
      return nextSpaced(bytes, at: &position)
    }
    position = end
    return Parameter(
      word: word, nameStart: start, nameEnd: value &- 1, valueStart: value, valueEnd: end)
  }

  @inline(always)
  private init(word: UInt64, nameStart: Int, nameEnd: Int, valueStart: Int, valueEnd: Int) {
    self.word = word
    self.nameStart = nameStart
    self.nameEnd = nameEnd
    self.valueStart = valueStart
    self.valueEnd = valueEnd
  }

  // Whatever white space, quotes and missing parts there are.
  @inline(never)
  private static func nextSpaced(_ bytes: Text, at position: inout Int) -> Parameter? {
    var here = bytes.skipSpace(from: position)
    guard bytes[here] == Byte.semicolon else { return nil }
    var parameter = Parameter(bytes, named: bytes.skipSpace(from: here &+ 1))
    here = bytes.skipSpace(from: parameter.nameEnd)
    if bytes[here] == Byte.equals {
      here = bytes.skipSpace(from: here &+ 1)
      here = parameter.readValue(bytes, here) ?? parameter.readOpenString(bytes)
    }
    // What no grammar allows between a value and the next separator is passed over.
    while here < bytes.count, bytes[here] != Byte.semicolon, bytes[here] != Byte.comma {
      here = here &+ 1
    }
    position = here
    return parameter
  }

  /// Reads the pair at `position` in a list with commas, which moves to what follows.
  ///
  /// Nil after the last, or where the text is no list of pairs any more: an open quote, or no
  /// equals sign, as after the scheme of another challenge in the same value.
  @inline(always)
  static func nextPair(_ bytes: Text, at position: inout Int) -> Parameter? {
    var here = position
    while bytes[here].isSpace || bytes[here] == Byte.comma { here = here &+ 1 }
    var pair = Parameter(bytes, named: here)
    here = bytes.skipSpace(from: pair.nameEnd)
    guard pair.nameLength > 0, bytes[here] == Byte.equals,
      let end = pair.readValue(bytes, bytes.skipSpace(from: here &+ 1))
    else { return nil }
    position = end
    return pair
  }

  // Where the value ends, with its closing quote; nil where its quote stays open.
  @inline(always)
  private mutating func readValue(_ bytes: Text, _ start: Int) -> Int? {
    guard bytes[start] == Byte.quote else {
      valueStart = start
      valueEnd = bytes.valueEnd(from: start)
      return valueEnd
    }
    valueStart = start &+ 1
    guard let close = bytes.closingQuote(from: start) else { return nil }
    valueEnd = close
    return close &+ 1
  }

  private mutating func readOpenString(_ bytes: Text) -> Int {
    valueEnd = bytes.count
    return valueEnd
  }

  @inline(always) var nameLength: Int { nameEnd &- nameStart }
  @inline(always) var valueLength: Int { valueEnd &- valueStart }
  @inline(always) var value: ByteRange { ByteRange(valueStart, valueEnd) }

  /// Whether the name is `text`, which has at most eight letters, case aside;
  /// of a longer name only the first eight count.
  @inline(always)
  func isNamed(_ text: StaticString) -> Bool { word.isAll(text) }
}
