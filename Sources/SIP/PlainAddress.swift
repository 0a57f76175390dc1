/// An address in the form nearly all have: `<sip:user@host:port;parameters>` with a name in front
/// or none, and with port and parameters or none.
struct PlainAddress {
  let uri: ByteRange
  let user: ByteRange
  let host: ByteRange
  let port: UInt16
  /// Where the parameters of the URI start, at their semicolon, or the closing bracket.
  let parameters: Int
  /// Position after the closing bracket.
  let end: Int

  /// Reads the address at `start`; nil where it has another form.
  ///
  /// Nothing read here holds white space, save for spaces in the name: no line ends in it.
  @inline(always)
  init?(_ bytes: Text, _ start: Int) {
    guard let open = Self.bracket(bytes, start), bytes.word(at: open).begins(with: "<sip:")
    else { return nil }
    let at = bytes.plainUserEnd(from: open &+ 5)
    guard bytes[at] == Byte.at, let place = PlainPlace(bytes, at &+ 1) else { return nil }
    var close = place.end
    if bytes[close] == Byte.semicolon { close = bytes.plainURIEnd(from: close) }
    guard bytes[close] == Byte.greater else { return nil }
    uri = ByteRange(from: open &+ 1, to: close)
    user = ByteRange(from: open &+ 5, to: at)
    host = place.host
    port = place.port
    parameters = place.end
    end = close &+ 1
  }

  // The opening bracket behind the name.
  @inline(always)
  private static func bracket(_ bytes: Text, _ start: Int) -> Int? {
    let first = bytes[start]
    if first == Byte.less { return start }
    guard first == Byte.quote else {
      // A star may stand for all contacts.
      return first > Byte.space && first != Byte.star ? bytes.plainNameEnd(from: start) : nil
    }
    let close = bytes.quotedEnd(from: start &+ 1)
    guard bytes[close] == Byte.quote else { return nil }
    return bytes[close &+ 1] == Byte.space ? close &+ 2 : close &+ 1
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
