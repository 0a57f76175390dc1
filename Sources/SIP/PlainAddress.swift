/// An address in the form nearly all have: `<sip:user@host:port>`, with a quoted name in front or
/// none, and with a port or none.
struct PlainAddress {
  var uri = ByteRange.none
  var user = ByteRange.none
  var host = ByteRange.none
  var port: UInt16 = 0
  /// Position after the closing bracket.
  var end = 0

  /// Reads the address at `start`; nil where it has another form.
  ///
  /// Nothing read here holds white space, save for a space in the quoted name: no line ends in it.
  @inline(always)
  init?(_ bytes: Text, _ start: Int) {
    var open = start
    if bytes[open] == Byte.quote {
      let close = bytes.quotedEnd(from: open &+ 1)
      guard bytes[close] == Byte.quote else { return nil }
      open = bytes[close &+ 1] == Byte.space ? close &+ 2 : close &+ 1
    }
    guard bytes.word(at: open).begins(with: "<sip:") else { return nil }
    let at = bytes.plainUserEnd(from: open &+ 5)
    guard bytes[at] == Byte.at, let place = PlainPlace(bytes, at &+ 1),
      bytes[place.end] == Byte.greater
    else { return nil }
    uri = ByteRange(from: open &+ 1, to: place.end)
    user = ByteRange(from: open &+ 5, to: at)
    host = place.host
    port = place.port
    end = place.end &+ 1
  }
}

/// A host without brackets and a port in digits, or none.
struct PlainPlace {
  let host: ByteRange
  var port: UInt16 = 0
  /// Position of what follows.
  var end: Int

  /// Reads the host at `start`; nil where there is none, or one that takes a closer look.
  @inline(always)
  init?(_ bytes: Text, _ start: Int) {
    end = bytes.nameEnd(from: start)
    guard end > start, bytes[start] != Byte.openBracket else { return nil }
    host = ByteRange(from: start, to: end)
    guard bytes[end] == Byte.colon else { return }
    end = end &+ 1
    guard let number = bytes.number(at: &end), number <= 0xFFFF else { return nil }
    port = UInt16(truncatingIfNeeded: number)
  }
}
