/// Walks through the `name=value` pairs of a Digest challenge or of Digest credentials.
struct DigestPairs {
  private var position: Int
  private let end: Int

  /// Starts after the scheme; nil where the scheme is not Digest (RFC 3261 22.4).
  @inline(__always)
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    let scheme = bytes.word(at: start).asciiLowercased & .lowBytes(6)
    guard scheme == UInt64(packed: "digest"), end &- start > 6, bytes[start &+ 6].isSpace else {
      return nil
    }
    position = start &+ 7
    self.end = end
  }

  /// The next pair, nil after the last or where the text is no list of pairs any more.
  @inline(__always)
  mutating func next(_ bytes: Span<UInt8>) -> Parameter? {
    var here = position
    while here < end, bytes[here].isSpace || bytes[here] == Byte.comma { here = here &+ 1 }
    var pair = Parameter()
    pair.nameStart = here
    here = bytes.nameEnd(from: here, to: end)
    pair.nameEnd = here
    here = bytes.skipSpace(from: here, to: end)
    // No equals sign: the end, or the scheme of another challenge in the same value.
    guard pair.nameLength > 0, here < end, bytes[here] == Byte.equals else { return nil }
    here = bytes.skipSpace(from: here &+ 1, to: end)
    if here < end, bytes[here] == Byte.quote {
      guard let close = bytes.closingQuote(from: here, to: end) else { return nil }
      pair.valueStart = here &+ 1
      pair.valueEnd = close
      here = close &+ 1
    } else {
      pair.valueStart = here
      here = bytes.valueEnd(from: here, to: end)
      pair.valueEnd = here
    }
    position = here
    return pair
  }
}

extension SIPChallenge {
  /// Reads a WWW-Authenticate or Proxy-Authenticate value; nil where it is not Digest.
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, isProxy: Bool) {
    guard var pairs = DigestPairs(bytes, start, end) else { return nil }
    self.init()
    self.isProxy = isProxy
    while let pair = pairs.next(bytes) {
      let name = pair.nameWord(bytes)
      switch pair.nameLength {
      case 5 where name == UInt64(packed: "realm"): realm = pair.value
      case 5 where name == UInt64(packed: "nonce"): nonce = pair.value
      case 5 where name == UInt64(packed: "stale"):
        isStale = bytes.equalsIgnoringCase(pair.value, "true")
      default: break
      }
    }
  }
}

extension SIPCredentials {
  /// Reads an Authorization or Proxy-Authorization value; nil where it is not Digest.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, isProxy: Bool) {
    guard var pairs = DigestPairs(bytes, start, end) else { return nil }
    self.init()
    self.isProxy = isProxy
    while let pair = pairs.next(bytes) {
      let name = pair.nameWord(bytes)
      switch pair.nameLength {
      case 3 where name == UInt64(packed: "uri"): uri = pair.value
      case 5 where name == UInt64(packed: "realm"): realm = pair.value
      case 5 where name == UInt64(packed: "nonce"): nonce = pair.value
      case 8 where name == UInt64(packed: "username"): username = pair.value
      case 8 where name == UInt64(packed: "response"): response = pair.value
      default: break
      }
    }
  }
}
