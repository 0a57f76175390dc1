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
    let word = bytes.word(at: start)
    switch UInt8(truncatingIfNeeded: word) | 0x20 {
    case 0x61:  // a
      guard word.begins(with: "authoriz") else { break }
      return bytes.continues(at: start, "ation") ? (.authorization, 13) : (.other, 0)
    case 0x63: return contact(bytes, start, word)  // c
    case 0x65 where word.begins(with: "expires"): return (.expires, 7)
    case 0x66:  // f
      if word.begins(with: "from") { return (.from, 4) }
      guard word.begins(with: "flow-tim") else { return (.from, 1) }
      return bytes.continues(at: start, "er") ? (.flowTimer, 10) : (.other, 0)
    case 0x69: return (.callID, 1)  // i
    case 0x6C: return (.contentLength, 1)  // l
    case 0x6D:  // m
      guard word.begins(with: "min-expi") else { return (.contact, 1) }
      return bytes.continues(at: start, "res") ? (.minExpires, 11) : (.other, 0)
    case 0x70: return privacy(bytes, start, word)  // p
    case 0x72:  // r
      if word.begins(with: "route") { return (.route, 5) }
      if word.begins(with: "require") { return (.require, 7) }
      guard word.begins(with: "retry-af") else { break }
      return bytes.continues(at: start, "ter") ? (.retryAfter, 11) : (.other, 0)
    case 0x73:  // s
      if word.begins(with: "server") { return (.userAgent, 6) }
      guard word.begins(with: "service-") else { break }
      return bytes.continues(at: start, "route") ? (.serviceRoute, 13) : (.other, 0)
    case 0x74: return word.begins(with: "to") ? (.to, 2) : (.to, 1)  // t
    case 0x75 where word.begins(with: "user-age"):  // u
      return bytes.continues(at: start, "nt") ? (.userAgent, 10) : (.other, 0)
    case 0x76: return word.begins(with: "via") ? (.via, 3) : (.via, 1)  // v
    case 0x77:  // w
      if word.begins(with: "warning") { return (.warning, 7) }
      guard word.begins(with: "www-auth") else { break }
      return bytes.continues(at: start, "enticate") ? (.wwwAuthenticate, 16) : (.other, 0)
    default: break
    }
    return (.other, 0)
  }

  @inline(always)
  private static func contact(
    _ bytes: Text, _ start: Int, _ word: UInt64
  ) -> (name: HeaderName, length: Int) {
    if word.begins(with: "contact") { return (.contact, 7) }
    if word.begins(with: "content-") {
      return bytes.continues(at: start, "length") ? (.contentLength, 14) : (.other, 0)
    }
    if word.begins(with: "call-id") { return (.callID, 7) }
    return word.begins(with: "cseq") ? (.cseq, 4) : (.other, 0)
  }

  @inline(always)
  private static func privacy(
    _ bytes: Text, _ start: Int, _ word: UInt64
  ) -> (name: HeaderName, length: Int) {
    if word.begins(with: "path") { return (.path, 4) }
    if word.begins(with: "privacy") { return (.privacy, 7) }
    guard word.begins(with: "proxy-au") else { return (.other, 0) }
    if bytes.continues(at: start, "thentica"), bytes.continues(at: start &+ 8, "te") {
      return (.proxyAuthenticate, 18)
    }
    guard bytes.continues(at: start, "thorizat"), bytes.continues(at: start &+ 8, "ion") else {
      return (.other, 0)
    }
    return (.proxyAuthorization, 19)
  }
}

extension Text {
  // Whether `text`, of up to eight letters, stands behind the first eight at `start`.
  @inline(always)
  fileprivate func continues(at start: Int, _ text: StaticString) -> Bool {
    word(at: start &+ 8).begins(with: text)
  }
}

/// One header field with its continuation lines (RFC 3261 7.3.1).
struct HeaderLine {
  /// Position of the first byte of the name.
  let start: Int
  /// Position of the line feed that ends the field, or the end of the datagram.
  let end: Int

  @inline(always)
  init(from start: Int, to end: Int) {
    self.start = start
    self.end = end
  }

  /// Finds the end of the field at `start`: the first line feed with no space or tab after it.
  @inline(always)
  init(_ bytes: Text, from start: Int) {
    self.start = start
    var feed = bytes.newline(from: start)
    while bytes[feed &+ 1] == 0x20 || bytes[feed &+ 1] == 0x09 {
      feed = bytes.newline(from: feed &+ 1)
    }
    end = feed
  }

  /// The name and where the value starts; `other` where the line is no header or of no interest.
  @inline(always)
  func name(in bytes: Text) -> (name: HeaderName, value: Int) {
    let (name, length) = HeaderName.beginning(bytes, at: start)
    guard name != .other else { return (.other, end) }
    let colon = start &+ length
    // A colon, a space and no more of it, as nearly always.
    let next = bytes.word(at: colon)
    if next.begins(with: ": "), UInt8(truncatingIfNeeded: next &>> 16) > Byte.space {
      return (name, colon &+ 2)
    }
    // A longer name that begins with a compact one is none of these.
    guard UInt8(truncatingIfNeeded: next) <= Byte.colon,
      let value = afterColon(bytes, colon)
    else { return (.other, end) }
    return (name, value)
  }

  // White space may stand before and behind the colon (RFC 3261 25.1 HCOLON).
  @inline(never)
  private func afterColon(_ bytes: Text, _ position: Int) -> Int? {
    let line = bytes.prefix(end)
    let colon = line.skipSpace(from: position)
    return line[colon] == Byte.colon ? line.skipSpace(from: colon &+ 1) : nil
  }

  /// The end of the value from `start` on, without the white space behind it.
  @inline(always)
  func valueEnd(in bytes: Text, from start: Int) -> Int {
    let last = bytes[end &- 1] == Byte.carriageReturn ? end &- 2 : end &- 1
    if bytes[last] > Byte.space { return (last &+ 1).atLeast(start) }
    return bytes.trimmedEnd(from: start, to: end)
  }
}
