/// A start line told apart (RFC 3261 7.1, 7.2).
struct StartLine {
  /// Position of the first byte.
  var start: Int
  /// Position after the line feed, or the end of the datagram.
  var next: Int
  /// Whether the line feed was there.
  var isWhole: Bool
  /// Set where the line is SIP and yet not right.
  var failure: SIPParseFailure?

  /// Reads the line at `start` into `message`, which nothing was read into before; nil where it is
  /// not a start line of SIP.
  @inline(always)
  init?(_ bytes: Text, at start: Int, into message: inout SIPMessage) {
    self.start = start
    let feed = bytes.newline(from: start)
    isWhole = feed < bytes.count
    next = isWhole ? feed &+ 1 : feed
    let line = bytes.prefix(HeaderLine(from: start, to: feed).valueEnd(in: bytes, from: start))
    message.startOffset = start
    let understood =
      Self.isVersion(line.prefix(start &+ 7), start)
      ? readStatusLine(line, &message) : readRequestLine(line, &message)
    guard understood else { return nil }
  }

  // "SIP/2.0", letter case aside (RFC 3261 7.1).
  @inline(always)
  private static func isVersion(_ bytes: Text, _ start: Int) -> Bool {
    bytes.count &- start == 7
      && bytes.word(at: start).begins(with: "sip/2.0")
  }

  @inline(always)
  private mutating func readStatusLine(_ bytes: Text, _ message: inout SIPMessage) -> Bool {
    let code = bytes.skipSpace(from: start &+ 7)
    guard code > start &+ 7 else { return false }
    var here = code
    let number = bytes.number(at: &here)
    guard here == bytes.count || bytes[here].isSpace, let number, here &- code == 3,
      number >= 100, number <= 699
    else {
      failure = .badStatusCode
      return true
    }
    message.statusCode = UInt16(truncatingIfNeeded: number)
    message.reasonPhrase = ByteRange(bytes.skipSpace(from: here), bytes.count)
    return true
  }

  @inline(always)
  private mutating func readRequestLine(_ bytes: Text, _ message: inout SIPMessage) -> Bool {
    let space = bytes.prefix(start &+ SIPLimits.methodBytes &+ 1).find(Byte.space, from: start)
    guard space > start, bytes[space] == Byte.space else { return false }
    let method = SIPMethod(bytes, start, space)
    if method == .other {
      for position in start..<space where !bytes[position].isToken { return false }
    }
    message.method = method
    message.methodText = ByteRange(start, space)
    message.isRequest = true
    let uri = bytes.skipSpace(from: space)
    guard let version = Self.lastWord(bytes, uri) else { return startsLikeSIP(bytes, uri, method) }
    if !Self.isVersion(bytes, version) {
      guard Self.isOtherVersion(bytes, version) else { return startsLikeSIP(bytes, uri, method) }
      failure = .unsupportedVersion
    }
    readRequestURI(bytes.prefix(bytes.trimmedEnd(from: uri, to: version)), uri, &message)
    return true
  }

  // Where the text after the last white space starts; nil where there is but one word.
  @inline(always)
  private static func lastWord(_ bytes: Text, _ start: Int) -> Int? {
    var position = bytes.count
    // " SIP/2.0" at the end, as nearly always: no white space between its letters.
    if position &- start > 8, isVersion(bytes, position &- 7), bytes[position &- 8].isSpace {
      return position &- 7
    }
    while position > start, !bytes[position &- 1].isSpace { position = position &- 1 }
    return position > start ? position : nil
  }

  // "SIP/" and digits of another version.
  private static func isOtherVersion(_ bytes: Text, _ start: Int) -> Bool {
    guard bytes.count - start > 4,
      bytes.word(at: start).begins(with: "sip/")
    else { return false }
    for position in start + 4..<bytes.count
    where !bytes[position].isDigit && bytes[position] != 0x2E {
      return false
    }
    return true
  }

  // A known method before a SIP URI is meant as SIP, even with no version behind it.
  private mutating func startsLikeSIP(
    _ bytes: Text, _ uri: Int, _ method: SIPMethod
  ) -> Bool {
    let word = bytes.word(at: uri)
    guard method != .other, word.begins(with: "sip:") || word.begins(with: "sips:") else {
      return false
    }
    failure = .badStartLine
    return true
  }

  // Angle brackets round the URI and spaces inside it are wrong, but leave no doubt about
  // the message (RFC 4475 3.1.2.7, 3.1.2.8): it is the registrar's to refuse.
  @inline(always)
  private mutating func readRequestURI(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    let last = bytes.count &- 1
    let isBracketed =
      last &- start > 1 && bytes[start] == Byte.less && bytes[last] == Byte.greater
    let isRead =
      isBracketed
      ? message.requestURI.readURI(bytes.prefix(last), from: start &+ 1)
      : message.requestURI.readURI(bytes, from: start)
    if !isRead, failure == nil { failure = .malformedRequestURI }
  }
}

extension StartLine {
  /// Finds the start line of a datagram, past line ends, NUL bytes or a short text in front of it,
  /// and reads it into `message`, which nothing was read into before.
  @inline(always)
  init?(searching bytes: Text, into message: inout SIPMessage) {
    if let plain = StartLine(plain: bytes.inner(), into: &message) {
      self = plain
      return
    }
    if bytes.count > 0, bytes[0] > Byte.space,
      let line = StartLine(bytes, at: 0, into: &message)
    {
      // "HELLO REGISTER sip:..." reads as a method HELLO with a strange Request-URI.
      if line.failure == .malformedRequestURI, message.method == .other {
        var other = SIPMessage()
        if let behind = Self.search(bytes, into: &other) {
          message = other
          self = behind
          return
        }
      }
      self = line
      return
    }
    guard let line = Self.search(bytes, into: &message) else { return nil }
    self = line
  }

  // Keepalives get glued to the next message: CRLF, NUL bytes, "jaK", "HELLO".
  @inline(never)
  private static func search(_ bytes: Text, into message: inout SIPMessage) -> StartLine? {
    let window = Swift.min(bytes.count, SIPLimits.junkBytes)
    var position = 0
    while position < window, bytes[position].isSpace || bytes[position] == 0 { position += 1 }
    if position > 0, position < bytes.count, let line = attempt(bytes, position, &message) {
      return line
    }
    while position < window {
      position += 1
      if isCandidate(bytes, position), let line = attempt(bytes, position, &message),
        line.failure == nil
      {
        return line
      }
    }
    return nil
  }

  @inline(never)
  private static func attempt(
    _ bytes: Text, _ position: Int, _ message: inout SIPMessage
  ) -> StartLine? {
    message = SIPMessage()
    return StartLine(bytes, at: position, into: &message)
  }

  // After a text only what is SIP beyond doubt counts as a start line.
  private static func isCandidate(_ bytes: Text, _ position: Int) -> Bool {
    if isVersion(bytes.prefix(position + 7), position) { return true }
    let space = bytes.prefix(position + 10).find(Byte.space, from: position)
    return space > position && SIPMethod(bytes, position, space) != .other
  }
}
