/// The headers that are looked into; compact forms are the same header (RFC 3261 7.3.3).
enum HeaderName: UInt8 {
  case other
  case via, from, to, callID, cseq, contact, contentLength
  case expires, minExpires, retryAfter, flowTimer
  case userAgent, warning, privacy
  case path, serviceRoute, route, require
  case wwwAuthenticate, proxyAuthenticate, authorization, proxyAuthorization

  /// Tells the name that the text at `start` begins with, letter case aside (RFC 3261 7.3.1), and
  /// how long it is; whether it ends there is the caller's to see.
  ///
  /// By the first letter, then whole words: a header nobody looks into costs a comparison or two.
  @inline(always)
  static func beginning(_ bytes: Text, at start: Int) -> (name: HeaderName, length: Int) {
    let word = bytes.word(at: start).asciiLowercased
    switch UInt8(truncatingIfNeeded: word) {
    case 0x61:  // a
      guard word == UInt64(packed: "authoriz") else { break }
      return bytes.continues(at: start, "ation") ? (.authorization, 13) : (.other, 0)
    case 0x63: return content(bytes, start, word)  // c
    case 0x65 where word.begins(with: "expires"): return (.expires, 7)
    case 0x66:  // f
      if word.begins(with: "from") { return (.from, 4) }
      guard word == UInt64(packed: "flow-tim") else { return (.from, 1) }
      return bytes.continues(at: start, "er") ? (.flowTimer, 10) : (.other, 0)
    case 0x69: return (.callID, 1)  // i
    case 0x6C: return (.contentLength, 1)  // l
    case 0x6D:  // m
      guard word == UInt64(packed: "min-expi") else { return (.contact, 1) }
      return bytes.continues(at: start, "res") ? (.minExpires, 11) : (.other, 0)
    case 0x70...0x73: return others(bytes, start, word)  // p, r, s
    case 0x74: return word.begins(with: "to") ? (.to, 2) : (.to, 1)  // t
    case 0x75 where word == UInt64(packed: "user-age"):  // u
      return bytes.continues(at: start, "nt") ? (.userAgent, 10) : (.other, 0)
    case 0x76: return word.begins(with: "via") ? (.via, 3) : (.via, 1)  // v
    case 0x77:  // w
      if word.begins(with: "warning") { return (.warning, 7) }
      guard word == UInt64(packed: "www-auth") else { break }
      return bytes.continues(at: start, "enticate") ? (.wwwAuthenticate, 16) : (.other, 0)
    default: break
    }
    return (.other, 0)
  }

  @inline(always)
  private static func content(
    _ bytes: Text, _ start: Int, _ word: UInt64
  ) -> (name: HeaderName, length: Int) {
    if word.begins(with: "cseq") { return (.cseq, 4) }
    if word.begins(with: "call-id") { return (.callID, 7) }
    if word.begins(with: "contact") { return (.contact, 7) }
    guard word == UInt64(packed: "content-"), bytes.continues(at: start, "length") else {
      return (.other, 0)
    }
    return (.contentLength, 14)
  }

  @inline(always)
  private static func others(
    _ bytes: Text, _ start: Int, _ word: UInt64
  ) -> (name: HeaderName, length: Int) {
    if word.begins(with: "server") { return (.userAgent, 6) }
    if word.begins(with: "path") { return (.path, 4) }
    if word.begins(with: "route") { return (.route, 5) }
    if word.begins(with: "require") { return (.require, 7) }
    if word.begins(with: "privacy") { return (.privacy, 7) }
    switch word {
    case UInt64(packed: "retry-af") where bytes.continues(at: start, "ter"):
      return (.retryAfter, 11)
    case UInt64(packed: "service-") where bytes.continues(at: start, "route"):
      return (.serviceRoute, 13)
    case UInt64(packed: "proxy-au"):
      if bytes.continues(at: start, "thentica"), bytes.continues(at: start &+ 8, "te") {
        return (.proxyAuthenticate, 18)
      }
      if bytes.continues(at: start, "thorizat"), bytes.continues(at: start &+ 8, "ion") {
        return (.proxyAuthorization, 19)
      }
      return (.other, 0)
    default: return (.other, 0)
    }
  }
}

extension Text {
  // Whether `text`, of up to eight letters, stands behind the first eight at `start`.
  @inline(always)
  fileprivate func continues(at start: Int, _ text: StaticString) -> Bool {
    word(at: start &+ 8).asciiLowercased.begins(with: text)
  }
}

extension UInt64 {
  // Whether the first of eight bytes are `text`.
  @inline(always)
  fileprivate func begins(with text: StaticString) -> Bool {
    self & .lowBytes(text.utf8CodeUnitCount) == UInt64(packed: text)
  }
}

/// One header field with its continuation lines (RFC 3261 7.3.1).
struct HeaderLine {
  /// Position of the first byte of the name.
  let start: Int
  /// Position of the line feed that ends the field, or the end of the datagram.
  let end: Int

  /// Finds the end of the field at `start`: the first line feed with no space or tab after it.
  @inline(always)
  init(_ bytes: Text, from start: Int) {
    self.start = start
    let total = bytes.count
    var feed = bytes.newline(from: start)
    while feed &+ 1 < total, bytes[feed &+ 1] == 0x20 || bytes[feed &+ 1] == 0x09 {
      feed = bytes.newline(from: feed &+ 1)
    }
    end = feed
  }

  /// The name and where its colon stands; `other` where the line is no header or of no interest.
  ///
  /// White space may stand between them (RFC 3261 25.1 HCOLON).
  @inline(always)
  func name(in bytes: Text) -> (name: HeaderName, colon: Int) {
    let (name, length) = HeaderName.beginning(bytes, at: start)
    guard name != .other else { return (.other, end) }
    let colon = bytes.prefix(end).skipSpace(from: start &+ length)
    guard colon < end, bytes[colon] == Byte.colon else { return (.other, end) }
    return (name, colon)
  }

  /// The value after `colon` without the white space around it.
  @inline(always)
  func value(in bytes: Text, after colon: Int) -> (start: Int, end: Int) {
    let from = bytes.prefix(end).skipSpace(from: colon &+ 1)
    return (from, bytes.trimmedEnd(from: from, to: end))
  }
}
