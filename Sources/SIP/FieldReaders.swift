// Readers of the smallest pieces: numbers, URIs, parameters. All take the datagram and positions
// inside it, and give positions back.

extension Span where Element == UInt8 {
  /// The decimal number at `position`, which moves past its digits; nil where there is none.
  ///
  /// A number past `UInt32.max` is given as that (RFC 3261 20.19 bounds delta-seconds so).
  @inline(__always)
  func number(at position: inout Int, to end: Int) -> UInt32? {
    let start = position
    var value: UInt64 = 0
    while position < end, self[position].isDigit {
      value = Swift.min(value &* 10 &+ UInt64(self[position] &- 0x30), UInt64(UInt32.max) + 1)
      position = position &+ 1
    }
    return position > start ? UInt32(clamping: value) : nil
  }

  /// The number that is all of `start..<end`; nil where that is something else.
  func wholeNumber(_ start: Int, _ end: Int) -> UInt32? {
    var position = start
    guard let value = number(at: &position, to: end), position == end else { return nil }
    return value
  }

  /// Seconds at the start of a header value; what follows may be a comment or parameters.
  func deltaSeconds(_ start: Int, _ end: Int) -> UInt32? {
    var position = start
    guard let value = number(at: &position, to: end) else { return nil }
    guard
      position == end || self[position].isSpace || self[position] == Byte.semicolon
        || self[position] == Byte.comma || self[position] == 0x28  // ( opens a comment
    else { return nil }
    return value
  }

  /// The port that is all of `start..<end`, 0 where it is no port number.
  @inline(__always)
  func port(_ start: Int, _ end: Int) -> UInt16 {
    var position = start
    guard let value = number(at: &position, to: end), position == end else { return 0 }
    return UInt16(exactly: value) ?? 0
  }

  /// Host and port at `start`: the host without brackets, and where they end.
  ///
  /// White space may stand around the colon (RFC 3261 25.1 COLON); nil where there is no host.
  @inline(__always)
  func hostPort(_ start: Int, _ end: Int) -> (host: ByteRange, port: UInt16, end: Int)? {
    let host: ByteRange
    var position: Int
    let isBracketed = start < end && self[start] == Byte.openBracket
    if isBracketed {
      position = find(Byte.closeBracket, from: start, to: end)
      guard position < end else { return nil }
      host = ByteRange(start &+ 1, position)
      position = position &+ 1
    } else {
      position = nameEnd(from: start, to: end)
      host = ByteRange(start, position)
    }
    let colon = skipSpace(from: position, to: end)
    guard colon < end, self[colon] == Byte.colon else {
      return host.isEmpty ? nil : (host, 0, position)
    }
    let digits = skipSpace(from: colon &+ 1, to: end)
    position = nameEnd(from: digits, to: end)
    if position < end, self[position] == Byte.colon, !isBracketed {
      return bareInternet6(start, end)
    }
    return host.isEmpty ? nil : (host, port(digits, position), position)
  }

  // An IPv6 address whose brackets were left out. After eight groups the ninth is the port; an
  // address shortened with "::" takes every group, since nobody can tell a port from them.
  private func bareInternet6(
    _ start: Int, _ end: Int
  ) -> (host: ByteRange, port: UInt16, end: Int)? {
    var colons = 0
    var lastColon = start
    var isShortened = false
    var position = start
    while position < end, self[position].isHexDigit || self[position] == Byte.colon {
      if self[position] == Byte.colon {
        isShortened = isShortened || (position > start && lastColon == position - 1)
        colons += 1
        lastColon = position
      }
      position += 1
    }
    guard position == nameEnd(from: position, to: end) else { return nil }
    if colons == 8, !isShortened {
      return (ByteRange(start, lastColon), port(lastColon + 1, position), position)
    }
    return (ByteRange(start, position), 0, position)
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    isDigit || (0x61...0x66).contains(asciiLowercased)
  }
}

/// A URI taken apart (RFC 3261 19.1, RFC 3966).
struct URIParts {
  var scheme = SIPScheme.other
  var user = ByteRange.none
  var host = ByteRange.none
  var port: UInt16 = 0
  /// Where the parameters start, at their semicolon, or the end.
  var parameters: Int

  /// Reads the URI `start..<end`; nil where it has no scheme, or sip or sips and no host.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    parameters = end
    let word = bytes.word(at: start).asciiLowercased
    let rest: Int
    if word & .lowBytes(4) == UInt64(packed: "sip:"), end &- start > 4 {
      scheme = .sip
      rest = start &+ 4
    } else if word & .lowBytes(5) == UInt64(packed: "sips:"), end &- start > 5 {
      scheme = .sips
      rest = start &+ 5
    } else {
      guard readOther(bytes, start, end) else { return nil }
      return
    }
    // Neither parameters nor headers may hold a bare "@", a user part may hold ";" and "?":
    // so the first "@" ends the user part, whatever stands before it.
    let at = bytes.find(Byte.at, from: rest, to: end)
    var hostStart = rest
    if at < end {
      user = ByteRange(rest, bytes.find(Byte.colon, from: rest, to: at))
      hostStart = at &+ 1
    }
    guard let place = bytes.hostPort(hostStart, end) else { return nil }
    host = place.host
    port = place.port
    parameters = place.end
  }

  // A URI of another scheme: its number where it is tel, else only that it has a scheme.
  private mutating func readOther(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let colon = bytes.find(Byte.colon, from: start, to: end)
    guard colon > start, colon &+ 1 < end else { return false }
    for position in start..<colon {
      switch bytes[position] {
      case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2D, 0x2E: continue
      default: return false
      }
    }
    let name = bytes.word(at: start).asciiLowercased & .lowBytes(colon - start)
    if name == UInt64(packed: "sip") || name == UInt64(packed: "sips") { return false }
    if name == UInt64(packed: "tel") {
      scheme = .tel
      parameters = bytes.find(Byte.semicolon, from: colon + 1, to: end)
      user = ByteRange(colon + 1, parameters)
    }
    return true
  }
}

/// One `;name=value`, the value without its quotes.
struct Parameter {
  var nameStart = 0
  var nameEnd = 0
  var valueStart = 0
  var valueEnd = 0

  /// Reads the parameter after the semicolon at `position`, which moves to what follows.
  ///
  /// Nil, with `position` unmoved, where no semicolon stands there; a parameter without a name, as
  /// in `;;`, is given with an empty one. An open quote takes the rest.
  @inline(__always)
  static func next(_ bytes: Span<UInt8>, at position: inout Int, to end: Int) -> Parameter? {
    var here = bytes.skipSpace(from: position, to: end)
    guard here < end, bytes[here] == Byte.semicolon else { return nil }
    here = bytes.skipSpace(from: here &+ 1, to: end)
    var parameter = Parameter()
    parameter.nameStart = here
    here = bytes.nameEnd(from: here, to: end)
    parameter.nameEnd = here
    here = bytes.skipSpace(from: here, to: end)
    if here < end, bytes[here] == Byte.equals {
      here = bytes.skipSpace(from: here &+ 1, to: end)
      here = parameter.readValue(bytes, here, end)
    }
    // What no grammar allows between a value and the next separator is passed over.
    while here < end, bytes[here] != Byte.semicolon, bytes[here] != Byte.comma {
      here = here &+ 1
    }
    position = here
    return parameter
  }

  @inline(__always)
  private mutating func readValue(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    if start < end, bytes[start] == Byte.quote {
      valueStart = start &+ 1
      guard let close = bytes.closingQuote(from: start, to: end) else {
        valueEnd = end
        return end
      }
      valueEnd = close
      return close &+ 1
    }
    valueStart = start
    valueEnd = bytes.valueEnd(from: start, to: end)
    return valueEnd
  }

  @inline(__always) var nameLength: Int { nameEnd &- nameStart }
  @inline(__always) var value: ByteRange { ByteRange(valueStart, valueEnd) }

  /// The first eight letters of the name in lower case.
  @inline(__always)
  func nameWord(_ bytes: Span<UInt8>) -> UInt64 {
    bytes.word(at: nameStart).asciiLowercased & .lowBytes(nameLength)
  }
}
