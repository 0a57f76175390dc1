/// The headers that are looked into; compact forms are the same header (RFC 3261 7.3.3).
enum HeaderName: UInt8 {
  case other
  case via, from, to, callID, cseq, contact, contentLength
  case expires, minExpires, retryAfter, flowTimer
  case userAgent, warning, privacy
  case path, serviceRoute, route, require
  case wwwAuthenticate, proxyAuthenticate, authorization, proxyAuthorization

  /// Tells the name in `length` bytes from `start`, letter case aside (RFC 3261 7.3.1).
  ///
  /// By length first, then whole words: most headers of a message are told in two comparisons.
  @inline(__always)
  init(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) {
    let first = bytes.word(at: start).asciiLowercased & .lowBytes(length)
    self =
      switch length {
      case 1: HeaderName(compact: UInt8(truncatingIfNeeded: first))
      case 2 where first == UInt64(packed: "to"): .to
      case 3 where first == UInt64(packed: "via"): .via
      case 4 where first == UInt64(packed: "from"): .from
      case 4 where first == UInt64(packed: "cseq"): .cseq
      case 4 where first == UInt64(packed: "path"): .path
      case 5 where first == UInt64(packed: "route"): .route
      case 6 where first == UInt64(packed: "server"): .userAgent
      case 7 where first == UInt64(packed: "call-id"): .callID
      case 7 where first == UInt64(packed: "contact"): .contact
      case 7 where first == UInt64(packed: "expires"): .expires
      case 7 where first == UInt64(packed: "require"): .require
      case 7 where first == UInt64(packed: "privacy"): .privacy
      case 7 where first == UInt64(packed: "warning"): .warning
      case 9...19: HeaderName(first, bytes, start, length)
      default: .other
      }
  }

  @inline(__always)
  private init(compact letter: UInt8) {
    self =
      switch letter {
      case 0x76: .via  // v
      case 0x66: .from  // f
      case 0x74: .to  // t
      case 0x69: .callID  // i
      case 0x6D: .contact  // m
      case 0x6C: .contentLength  // l
      default: .other
      }
  }

  // Names of 9 to 19 letters, which need the words after the first as well.
  @inline(__always)
  private init(_ first: UInt64, _ bytes: Span<UInt8>, _ start: Int, _ length: Int) {
    let second = bytes.word(at: start &+ 8).asciiLowercased & .lowBytes(length &- 8)
    switch length {
    case 10 where first == UInt64(packed: "user-age") && second == UInt64(packed: "nt"):
      self = .userAgent
    case 10 where first == UInt64(packed: "flow-tim") && second == UInt64(packed: "er"):
      self = .flowTimer
    case 11 where first == UInt64(packed: "min-expi") && second == UInt64(packed: "res"):
      self = .minExpires
    case 11 where first == UInt64(packed: "retry-af") && second == UInt64(packed: "ter"):
      self = .retryAfter
    case 13 where first == UInt64(packed: "authoriz") && second == UInt64(packed: "ation"):
      self = .authorization
    case 13 where first == UInt64(packed: "service-") && second == UInt64(packed: "route"):
      self = .serviceRoute
    case 14 where first == UInt64(packed: "content-") && second == UInt64(packed: "length"):
      self = .contentLength
    case 16 where first == UInt64(packed: "www-auth") && second == UInt64(packed: "enticate"):
      self = .wwwAuthenticate
    case 18...19 where first == UInt64(packed: "proxy-au"):
      let third = bytes.word(at: start &+ 16).asciiLowercased & .lowBytes(length &- 16)
      if second == UInt64(packed: "thentica"), third == UInt64(packed: "te") {
        self = .proxyAuthenticate
      } else if second == UInt64(packed: "thorizat"), third == UInt64(packed: "ion") {
        self = .proxyAuthorization
      } else {
        self = .other
      }
    default: self = .other
    }
  }
}

/// One header field with its continuation lines (RFC 3261 7.3.1).
struct HeaderLine {
  /// Position of the first byte of the name.
  let start: Int
  /// Position of the line feed that ends the field, or the end of the datagram.
  let end: Int

  /// Finds the end of the field at `start`: the first line feed with no space or tab after it.
  @inline(__always)
  init(_ bytes: Span<UInt8>, from start: Int) {
    self.start = start
    let total = bytes.count
    var feed = bytes.newline(from: start)
    while feed &+ 1 < total, bytes[feed &+ 1] == 0x20 || bytes[feed &+ 1] == 0x09 {
      feed = bytes.newline(from: feed &+ 1)
    }
    end = feed
  }

  /// Position of the colon after the name; nil where the line has none and so is no header.
  @inline(__always)
  func colon(in bytes: Span<UInt8>) -> Int? {
    let colon = bytes.find(Byte.colon, from: start, to: end)
    return colon < end ? colon : nil
  }

  /// The name before `colon`; white space may stand between them (RFC 3261 25.1 HCOLON).
  @inline(__always)
  func name(in bytes: Span<UInt8>, before colon: Int) -> HeaderName {
    HeaderName(bytes, start, bytes.trimmedEnd(from: start, to: colon) &- start)
  }

  /// The value after `colon` without the white space around it.
  @inline(__always)
  func value(in bytes: Span<UInt8>, after colon: Int) -> (start: Int, end: Int) {
    let from = bytes.skipSpace(from: colon &+ 1, to: end)
    return (from, bytes.trimmedEnd(from: from, to: end))
  }
}
