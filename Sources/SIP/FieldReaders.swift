// Readers of the smallest pieces: numbers, hosts, URIs, parameters. All take the datagram up to the
// end of what they read, and positions inside it, and give positions back.

extension Text {
  /// The decimal number at `position`, which moves past its digits; nil where there is none.
  ///
  /// A number past `UInt32.max` is given as that (RFC 3261 20.19 bounds delta-seconds so).
  @inline(always)
  func number(at position: inout Int) -> UInt32? {
    let digits = word(at: position) ^ 0x3030_3030_3030_3030
    let others = digits.noDigits
    guard others != 0 else {
      let (number, end) = longNumber(position)
      position = end
      return number
    }
    let length = (others.trailingZeroBitCount &>> 3).atMost(count &- position)
    guard length > 0 else { return nil }
    position = position &+ length
    return digits.decimal(length)
  }

  // One digit after the other, for what may be eight of them or more.
  @inline(never)
  private func longNumber(_ start: Int) -> (number: UInt32?, end: Int) {
    var position = start
    var value = 0
    while self[position].isDigit {
      value = (value &* 10 &+ Int(self[position] &- 0x30)).atMost(Int(UInt32.max))
      position = position &+ 1
    }
    return (position > start ? UInt32(truncatingIfNeeded: value) : nil, position)
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
    let number = number(at: &position)
    return position == end ? Self.port(number) : 0
  }

  @inline(always)
  private static func port(_ number: UInt32?) -> UInt16 {
    guard let number, number <= 0xFFFF else { return 0 }
    return UInt16(truncatingIfNeeded: number)
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
    let colon = self[position] == Byte.colon ? position : skipSpace(from: position)
    guard self[colon] == Byte.colon else {
      return host.isEmpty ? nil : (host, 0, position)
    }
    position = skipSpace(from: colon &+ 1)
    let number = number(at: &position)
    if position < count, !self[position].isNameStop {
      position = nameEnd(from: position)
      if self[position] == Byte.colon, !isBracketed { return bareInternet6(start) }
      return host.isEmpty ? nil : (host, 0, position)
    }
    if self[position] == Byte.colon, !isBracketed { return bareInternet6(start) }
    return host.isEmpty ? nil : (host, Self.port(number), position)
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
    guard position > start, position == nameEnd(from: position) else { return nil }
    if colons == 8, !isShortened {
      return (ByteRange(start, lastColon), port(lastColon + 1, position), position)
    }
    return (ByteRange(start, position), 0, position)
  }
}

extension UInt8 {
  // What `nameStops` marks.
  @inline(always)
  fileprivate var isNameStop: Bool {
    self <= Byte.space || self == Byte.comma || self &- Byte.colon < 6
  }

  fileprivate var isHexDigit: Bool {
    isDigit || (0x61...0x66).contains(asciiLowercased)
  }
}
