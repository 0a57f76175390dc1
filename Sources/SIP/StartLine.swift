/// A start line told apart (RFC 3261 7.1, 7.2).
struct StartLine {
  /// Position of the first byte.
  var start: Int
  /// Position after the line feed, or the end of the datagram.
  var next: Int
  /// Whether the line feed was there.
  var isWhole: Bool
  var isRequest = false
  var method = SIPMethod.other
  var methodText = ByteRange.none
  var requestURI = SIPAddress()
  var statusCode: UInt16 = 0
  var reasonPhrase = ByteRange.none
  /// Set where the line is SIP and yet not right.
  var failure: SIPParseFailure?

  /// Reads the line at `start`; nil where it is not a start line of SIP.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, at start: Int) {
    self.start = start
    let feed = bytes.newline(from: start)
    isWhole = feed < bytes.count
    next = isWhole ? feed &+ 1 : feed
    let end = bytes.trimmedEnd(from: start, to: feed)
    let understood =
      Self.isVersion(bytes, start, Swift.min(start &+ 7, end))
      ? readStatusLine(bytes, end) : readRequestLine(bytes, end)
    guard understood else { return nil }
  }

  // "SIP/2.0", letter case aside (RFC 3261 7.1).
  @inline(__always)
  private static func isVersion(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    end &- start == 7
      && bytes.word(at: start).asciiLowercased & .lowBytes(7) == UInt64(packed: "sip/2.0")
  }

  private mutating func readStatusLine(_ bytes: Span<UInt8>, _ end: Int) -> Bool {
    let code = bytes.skipSpace(from: start &+ 7, to: end)
    guard code > start &+ 7 else { return false }
    var here = code
    let number = bytes.number(at: &here, to: end)
    guard here < end ? bytes[here].isSpace : true, let number, here &- code == 3,
      (100...699).contains(number)
    else {
      failure = .badStatusCode
      return true
    }
    statusCode = UInt16(truncatingIfNeeded: number)
    reasonPhrase = ByteRange(bytes.skipSpace(from: here, to: end), end)
    return true
  }

  @inline(__always)
  private mutating func readRequestLine(_ bytes: Span<UInt8>, _ end: Int) -> Bool {
    let space = bytes.find(
      Byte.space, from: start, to: Swift.min(end, start &+ SIPLimits.methodBytes &+ 1))
    guard space > start, space < end, bytes[space] == Byte.space else { return false }
    method = SIPMethod(bytes, start, space)
    methodText = ByteRange(start, space)
    if method == .other {
      for position in start..<space where !bytes[position].isToken { return false }
    }
    isRequest = true
    let uri = bytes.skipSpace(from: space, to: end)
    guard let version = Self.lastWord(bytes, uri, end) else {
      return startsLikeSIP(bytes, uri, end)
    }
    if !Self.isVersion(bytes, version, end) {
      guard Self.isOtherVersion(bytes, version, end) else { return startsLikeSIP(bytes, uri, end) }
      failure = .unsupportedVersion
    }
    readRequestURI(bytes, uri, bytes.trimmedEnd(from: uri, to: version))
    return true
  }

  // Where the text after the last white space starts; nil where there is but one word.
  @inline(__always)
  private static func lastWord(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var position = end
    while position > start, !bytes[position &- 1].isSpace { position = position &- 1 }
    return position > start ? position : nil
  }

  // "SIP/" and digits of another version.
  private static func isOtherVersion(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start > 4,
      bytes.word(at: start).asciiLowercased & .lowBytes(4) == UInt64(packed: "sip/")
    else { return false }
    for position in start + 4..<end where !bytes[position].isDigit && bytes[position] != 0x2E {
      return false
    }
    return true
  }

  // A known method before a SIP URI is meant as SIP, even with no version behind it.
  private mutating func startsLikeSIP(_ bytes: Span<UInt8>, _ uri: Int, _ end: Int) -> Bool {
    let word = bytes.word(at: uri).asciiLowercased
    guard method != .other, uri < end,
      word & .lowBytes(4) == UInt64(packed: "sip:")
        || word & .lowBytes(5) == UInt64(packed: "sips:")
    else { return false }
    failure = .badStartLine
    return true
  }

  // Angle brackets round the URI and spaces inside it are wrong, but leave no doubt about
  // the message (RFC 4475 3.1.2.7, 3.1.2.8): it is the registrar's to refuse.
  @inline(__always)
  private mutating func readRequestURI(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    var first = start
    var last = end
    if last &- first > 2, bytes[first] == Byte.less, bytes[last &- 1] == Byte.greater {
      first = first &+ 1
      last = last &- 1
    }
    if let address = SIPAddress(uri: bytes, first, last) {
      requestURI = address
    } else if failure == nil {
      failure = .malformedRequestURI
    }
  }
}

extension StartLine {
  /// Finds the start line of a datagram, past line ends, NUL bytes or a short text in front of it.
  @inline(__always)
  init?(searching bytes: Span<UInt8>) {
    if bytes.count > 0, bytes[0] > Byte.space, let line = StartLine(bytes, at: 0) {
      self = line
      // "HELLO REGISTER sip:..." reads as a method HELLO with a strange Request-URI.
      if line.failure == .malformedRequestURI, line.method == .other,
        let behind = Self.search(bytes)
      {
        self = behind
      }
      return
    }
    guard let line = Self.search(bytes) else { return nil }
    self = line
  }

  // Keepalives get glued to the next message: CRLF, NUL bytes, "jaK", "HELLO".
  @inline(never)
  private static func search(_ bytes: Span<UInt8>) -> StartLine? {
    let window = Swift.min(bytes.count, SIPLimits.junkBytes)
    var position = 0
    while position < window, bytes[position].isSpace || bytes[position] == 0 { position += 1 }
    if position > 0, position < bytes.count, let line = StartLine(bytes, at: position) {
      return line
    }
    while position < window {
      position += 1
      if isCandidate(bytes, position), let line = StartLine(bytes, at: position),
        line.failure == nil
      {
        return line
      }
    }
    return nil
  }

  // After a text only what is SIP beyond doubt counts as a start line.
  private static func isCandidate(_ bytes: Span<UInt8>, _ position: Int) -> Bool {
    if isVersion(bytes, position, Swift.min(position + 7, bytes.count)) { return true }
    let space = bytes.find(Byte.space, from: position, to: Swift.min(bytes.count, position + 10))
    return space > position && SIPMethod(bytes, position, space) != .other
  }
}
