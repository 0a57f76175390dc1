// Readers of the smallest pieces: numbers, hosts, URIs, parameters. All take the datagram up to the
// end of what they read, and positions inside it, and give positions back.

extension Text {
  /// The decimal number at `position`, which moves past its digits; nil where there is none.
  ///
  /// A number past `UInt32.max` is given as that (RFC 3261 20.19 bounds delta-seconds so).
  @inline(always)
  func number(at position: inout Int) -> UInt32? {
    let start = position
    var value = 0
    while true {
      let digit = self[position] &- 0x30
      guard digit < 10 else { break }
      value = (value &* 10 &+ Int(digit)).atMost(Int(UInt32.max))
      position = position &+ 1
    }
    return position > start ? UInt32(truncatingIfNeeded: value) : nil
  }

  /// The number that is all of `start..<count`; nil where that is something else.
  @inline(always)
  func wholeNumber(_ start: Int) -> UInt32? {
    var position = start
    guard let value = number(at: &position), position == count else { return nil }
    return value
  }

  /// Seconds at the start of a header value; what follows may be a comment or parameters.
  func deltaSeconds(_ start: Int) -> UInt32? {
    var position = start
    guard let value = number(at: &position) else { return nil }
    let next = self[position]
    guard
      position == count || next.isSpace || next == Byte.semicolon || next == Byte.comma
        || next == 0x28  // ( opens a comment
    else { return nil }
    return value
  }

  /// The port that is all of `start..<end`, 0 where it is no port number.
  @inline(always)
  func port(_ start: Int, _ end: Int) -> UInt16 {
    var position = start
    guard let value = number(at: &position), position == end else { return 0 }
    return UInt16(exactly: value) ?? 0
  }

  /// Host and port at `start`: the host without brackets, and where they end.
  ///
  /// White space may stand around the colon (RFC 3261 25.1 COLON); nil where there is no host.
  @inline(always)
  func hostPort(_ start: Int) -> (host: ByteRange, port: UInt16, end: Int)? {
    let host: ByteRange
    var position: Int
    let isBracketed = self[start] == Byte.openBracket
    if isBracketed {
      position = find(Byte.closeBracket, from: start)
      guard position < count else { return nil }
      host = ByteRange(start &+ 1, position)
      position = position &+ 1
    } else {
      position = nameEnd(from: start)
      host = ByteRange(start, position)
    }
    let colon = skipSpace(from: position)
    guard self[colon] == Byte.colon else {
      return host.isEmpty ? nil : (host, 0, position)
    }
    let digits = skipSpace(from: colon &+ 1)
    position = nameEnd(from: digits)
    if self[position] == Byte.colon, !isBracketed { return bareInternet6(start) }
    return host.isEmpty ? nil : (host, port(digits, position), position)
  }

  // An IPv6 address whose brackets were left out. After eight groups the ninth is the port; an
  // address shortened with "::" takes every group, since nobody can tell a port from them.
  private func bareInternet6(_ start: Int) -> (host: ByteRange, port: UInt16, end: Int)? {
    var colons = 0
    var lastColon = start
    var isShortened = false
    var position = start
    while self[position].isHexDigit || self[position] == Byte.colon {
      if self[position] == Byte.colon {
        isShortened = isShortened || (position > start && lastColon == position - 1)
        colons += 1
        lastColon = position
      }
      position += 1
    }
    guard position == nameEnd(from: position) else { return nil }
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

  /// Reads the URI that is all from `start` on; nil where it has no scheme, or sip or sips and no
  /// host.
  @inline(always)
  init?(_ bytes: Text, _ start: Int) {
    parameters = bytes.count
    let word = bytes.word(at: start).asciiLowercased
    let rest: Int
    if word & .lowBytes(4) == UInt64(packed: "sip:"), bytes.count &- start > 4 {
      scheme = .sip
      rest = start &+ 4
    } else if word & .lowBytes(5) == UInt64(packed: "sips:"), bytes.count &- start > 5 {
      scheme = .sips
      rest = start &+ 5
    } else {
      guard readOther(bytes, start) else { return nil }
      return
    }
    // Neither parameters nor headers may hold a bare "@", a user part may hold ";" and "?":
    // so the first "@" ends the user part, whatever stands before it.
    let at = bytes.find(Byte.at, from: rest)
    var hostStart = rest
    if at < bytes.count {
      user = ByteRange(rest, bytes.find(Byte.colon, from: rest).atMost(at))
      hostStart = at &+ 1
    }
    guard let place = bytes.hostPort(hostStart) else { return nil }
    host = place.host
    port = place.port
    parameters = place.end
  }

  // A URI of another scheme: its number where it is tel, else only that it has a scheme.
  private mutating func readOther(_ bytes: Text, _ start: Int) -> Bool {
    let end = bytes.count
    let colon = bytes.find(Byte.colon, from: start)
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
      parameters = bytes.find(Byte.semicolon, from: colon + 1)
      user = ByteRange(colon + 1, parameters)
    }
    return true
  }
}
