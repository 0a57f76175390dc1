/// A URI taken apart (RFC 3261 19.1, RFC 3966).
struct URIParts {
  var scheme = SIPScheme.other
  var user = ByteRange.none
  var host = ByteRange.none
  var port: UInt16 = 0
  /// Where the parameters start, at their semicolon, or the end.
  var parameters: Int
  /// Where the closing bracket stands, or the end of the text.
  var close: Int

  /// Reads the URI at `start`, up to the closing bracket or to the end of the text.
  ///
  /// Nil where there is no scheme, for sip and sips no host, or no closing bracket.
  @inline(always)
  init?(_ bytes: Text, _ start: Int, isBracketed: Bool) {
    close = bytes.count
    parameters = close
    let word = bytes.word(at: start)
    let rest: Int
    if word.begins(with: "sip:") {
      scheme = .sip
      rest = start &+ 4
    } else if word.begins(with: "sips:") {
      scheme = .sips
      rest = start &+ 5
    } else {
      guard readOther(bytes, start, isBracketed) else { return nil }
      return
    }
    let hostStart = readUser(bytes, rest, isBracketed)
    guard let place = Self.bounded(bytes, hostStart, isBracketed).hostPort(hostStart) else {
      return nil
    }
    host = place.host
    port = place.port
    parameters = place.end
    if isBracketed {
      let isNext = bytes[place.end] == Byte.greater
      close = isNext ? place.end : bytes.find(Byte.greater, from: place.end)
      guard close < bytes.count else { return nil }
    }
  }

  // Where the host starts. Neither parameters nor headers may hold a bare "@", a user part may
  // hold ";" and "?": so the first "@" ends the user part, whatever stands before it.
  @inline(always)
  private mutating func readUser(_ bytes: Text, _ start: Int, _ isBracketed: Bool) -> Int {
    let stop = bytes.userEnd(from: start)
    if bytes[stop] == Byte.at {
      user = ByteRange(start, stop)
      return stop &+ 1
    }
    if stop == bytes.count || (isBracketed && bytes[stop] == Byte.greater) { return start }
    let uri = bytes.prefix(isBracketed ? bytes.find(Byte.greater, from: start) : bytes.count)
    let at = uri.find(Byte.at, from: stop)
    guard at < uri.count else { return start }
    user = ByteRange(start, uri.find(Byte.colon, from: start).atMost(at))
    return at &+ 1
  }

  // Reading a host stops at the bracket by itself, unless it looks for a bracket of its own.
  @inline(always)
  @_lifetime(copy bytes)
  private static func bounded(_ bytes: Text, _ host: Int, _ isBracketed: Bool) -> Text {
    guard isBracketed, bytes[host] == Byte.openBracket else { return bytes }
    return bytes.prefix(bytes.find(Byte.greater, from: host))
  }

  // A URI of another scheme: its number where it is tel, else only that it has a scheme.
  @inline(never)
  private mutating func readOther(_ bytes: Text, _ start: Int, _ isBracketed: Bool) -> Bool {
    if isBracketed {
      close = bytes.find(Byte.greater, from: start)
      guard close < bytes.count else { return false }
    }
    let uri = bytes.prefix(bytes.trimmedEnd(from: start, to: close))
    let colon = uri.find(Byte.colon, from: start)
    guard colon > start, colon &+ 1 < uri.count else { return false }
    for position in start..<colon {
      switch uri[position] {
      case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2D, 0x2E: continue
      default: return false
      }
    }
    parameters = uri.count
    if colon == start &+ 3, uri.word(at: start).begins(with: "tel") {
      scheme = .tel
      parameters = uri.find(Byte.semicolon, from: colon + 1)
      user = ByteRange(colon + 1, parameters)
    }
    return true
  }
}
