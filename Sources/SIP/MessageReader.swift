/// Fills a message header by header; keeps the first reason to refuse it and reads on, so that
/// what is refused can still be counted and quoted.
struct MessageReader {
  var failure: SIPParseFailure?
  private let isCut: Bool
  var cseqValue = ByteRange.none
  var cseqMethod = ByteRange.none
  var fromValue = ByteRange.none
  var toValue = ByteRange.none

  @inline(always)
  init(_ line: StartLine, isCut: Bool) {
    self.isCut = isCut
    failure = line.isWhole || !isCut ? line.failure : .cut
  }

  @inline(always)
  private mutating func refuse(_ reason: SIPParseFailure) {
    if failure == nil { failure = reason }
  }

  /// Reads the header fields from `start` to the empty line (RFC 3261 7.3, 7.5).
  mutating func readHeaders(
    _ bytes: Text, from start: Int, into message: inout SIPMessage
  ) {
    let total = bytes.count
    let inner = bytes.inner()
    var position = start
    var headers = 0
    while position < total {
      if bytes[position] <= Byte.carriageReturn, let end = Self.emptyLineEnd(bytes, position) {
        message.headerEnd = end
        message.isHeaderComplete = true
        return
      }
      if headers < SIPLimits.headers, let next = readPlain(bytes, inner, position, &message) {
        headers = headers &+ 1
        position = next
        continue
      }
      let line = HeaderLine(bytes, from: position)
      // A torn value would be a wrong one.
      if line.end == total, isCut { break }
      headers = headers &+ 1
      guard headers <= SIPLimits.headers else {
        refuse(.tooManyHeaders)
        break
      }
      readHeader(bytes, line, &message)
      position = line.end &+ 1
    }
    message.headerEnd = total
  }

  // Where the empty line at `position` ends, nil where another one begins there.
  @inline(always)
  private static func emptyLineEnd(_ bytes: Text, _ position: Int) -> Int? {
    if bytes[position] == Byte.lineFeed { return position &+ 1 }
    guard bytes[position] == Byte.carriageReturn,
      bytes[position &+ 1] == Byte.lineFeed
    else { return nil }
    return position &+ 2
  }

  @inline(always)
  private mutating func readHeader(
    _ bytes: Text, _ line: HeaderLine, _ message: inout SIPMessage
  ) {
    let (name, start) = line.name(in: bytes)
    guard name != .other else { return }
    let value = bytes.prefix(line.valueEnd(in: bytes, from: start))
    switch name {
    case .via: readVia(value, start, &message)
    case .from: readFrom(value, start, &message)
    case .to: readTo(value, start, &message)
    case .callID: readCallID(value, start, &message)
    case .cseq: readCSeq(value, start, &message)
    case .contact: readContact(value, start, &message, header: line.start)
    case .contentLength: readContentLength(value, start, &message)
    case .wwwAuthenticate, .proxyAuthenticate:
      guard message.challenge == nil else { return }
      message.challenge = SIPChallenge(value, start, isProxy: name == .proxyAuthenticate)
    case .authorization, .proxyAuthorization:
      guard message.credentials == nil else { return }
      message.credentials = SIPCredentials(value, start, isProxy: name == .proxyAuthorization)
    default: readPlain(value, start, name, &message)
    }
  }

  // The headers of one number, one text, or mere presence; of several the first counts.
  @inline(always)
  private mutating func readPlain(
    _ bytes: Text, _ start: Int, _ name: HeaderName, _ message: inout SIPMessage
  ) {
    switch name {
    case .expires where message.expires == nil:
      // RFC 3261 10.2.1.1: a malformed value counts as 3600.
      message.expires = bytes.deltaSeconds(start) ?? 3600
    case .minExpires where message.minExpires == nil:
      message.minExpires = bytes.deltaSeconds(start)
    case .retryAfter where message.retryAfter == nil:
      message.retryAfter = bytes.deltaSeconds(start)
    case .flowTimer where message.flowTimer == nil:
      message.flowTimer = bytes.deltaSeconds(start)
    case .userAgent where message.userAgent.isEmpty:
      message.userAgent = ByteRange(start, bytes.count)
    case .warning where message.warning.isEmpty: message.warning = ByteRange(start, bytes.count)
    case .privacy where message.privacy.isEmpty: message.privacy = ByteRange(start, bytes.count)
    case .path: message.hasPath = true
    case .serviceRoute: message.hasServiceRoute = true
    case .route: message.hasRoute = true
    case .require: message.hasRequire = true
    default: break
    }
  }

  @inline(always)
  private mutating func readVia(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    var end: Int?
    if message.viaCount == 0 {
      end = message.via.read(bytes, from: start)
    } else {
      end = readLowerVia(bytes, start, &message)
    }
    while let comma = end {
      message.viaCount = message.viaCount &+ 1
      guard comma < bytes.count else { return }
      end = readLowerVia(bytes, comma &+ 1, &message)
    }
    refuse(.malformedVia)
  }

  // A Via under the topmost: of the first of them all is kept, the others are only counted.
  @inline(never)
  private mutating func readLowerVia(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) -> Int? {
    var via = SIPVia()
    let end = via.read(bytes, from: start)
    if end != nil, message.viaCount == 1 { message.secondVia = via }
    return end
  }

  @inline(always)
  private mutating func readFrom(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    let value = ByteRange(start, bytes.count)
    guard fromValue.isEmpty else { return compare(bytes, value, with: fromValue) }
    fromValue = value
    if !message.from.read(bytes, from: start) { refuse(.malformedFrom) }
  }

  @inline(always)
  private mutating func readTo(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    let value = ByteRange(start, bytes.count)
    guard toValue.isEmpty else { return compare(bytes, value, with: toValue) }
    toValue = value
    if message.to.read(bytes, from: start, like: message.from, at: fromValue.start) { return }
    if !message.to.read(bytes, from: start) { refuse(.malformedTo) }
  }

  @inline(always)
  private mutating func readCallID(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    let value = ByteRange(start, bytes.count)
    guard message.callID.isEmpty else { return compare(bytes, value, with: message.callID) }
    message.callID = value
  }

  // RFC 3261 7.3.1: only headers that are lists may stand more than once. A copy does no harm.
  @inline(never)
  private mutating func compare(_ bytes: Text, _ value: ByteRange, with first: ByteRange) {
    if !bytes.equals(value, first, in: bytes) { refuse(.conflictingHeaders) }
  }

  @inline(always)
  private mutating func readCSeq(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    let value = ByteRange(start, bytes.count)
    guard cseqValue.isEmpty else { return compare(bytes, value, with: cseqValue) }
    cseqValue = value
    var position = start
    guard let number = bytes.number(at: &position) else { return refuse(.malformedCSeq) }
    let method = bytes.skipSpace(from: position)
    cseqMethod = ByteRange(method, bytes.count)
    guard method > position, method < bytes.count else { return refuse(.malformedCSeq) }
    guard number < 1 << 31 else { return refuse(.cseqOutOfRange) }
    message.cseq = number
  }

  @inline(always)
  private mutating func readContact(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage, header: Int
  ) {
    if message.contactHeaderCount == 0 { message.contactHeaderStart = header }
    message.contactHeaderCount = message.contactHeaderCount &+ 1
    var position = start
    while position < bytes.count {
      let element =
        message.contactCount == 0
        ? message.firstContact.read(bytes, at: &position) : Self.skipContact(bytes, at: &position)
      switch element {
      case .contact: message.contactCount = message.contactCount &+ 1
      case .wildcard: message.hasWildcardContact = true
      case .other: break
      }
    }
  }

  @inline(never)
  private static func skipContact(
    _ bytes: Text, at position: inout Int
  ) -> ContactElement {
    var contact = SIPContact()
    return contact.read(bytes, at: &position)
  }

  @inline(always)
  private mutating func readContentLength(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) {
    guard let length = bytes.wholeNumber(start) else { return refuse(.malformedContentLength) }
    if let first = message.contentLength, first != Int(length) {
      return refuse(.conflictingContentLength)
    }
    message.contentLength = Int(length)
  }

  /// Applies what can only be said of the whole message.
  @inline(always)
  mutating func finish(_ bytes: Text, _ message: inout SIPMessage) {
    if message.isRequest {
      checkRequestMethod(bytes, &message)
    } else if !cseqMethod.isEmpty {
      message.method = SIPMethod(bytes, cseqMethod.start, cseqMethod.end)
      message.methodText = cseqMethod
    }
    if let missing = missingHeader(message) {
      refuse(isCut && !message.isHeaderComplete ? .cut : missing)
    }
    // RFC 3261 18.3: over UDP a message shorter than its Content-Length says is not whole.
    if let length = message.contentLength, !isCut, length > bytes.count - message.headerEnd {
      refuse(.bodyShorterThanContentLength)
    }
  }

  @inline(always)
  private func missingHeader(_ message: borrowing SIPMessage) -> SIPParseFailure? {
    if message.callID.isEmpty { return .missingCallID }
    if cseqValue.isEmpty { return .missingCSeq }
    if fromValue.isEmpty { return .missingFrom }
    if toValue.isEmpty { return .missingTo }
    return message.viaCount == 0 ? .missingVia : nil
  }

  // RFC 3261 8.1.1.5. A keepalive text glued in front ("HELLOREGISTER sip:...") is told from a
  // method by CSeq, which has the real one.
  @inline(always)
  private mutating func checkRequestMethod(_ bytes: Text, _ message: inout SIPMessage) {
    guard !cseqMethod.isEmpty, !bytes.equals(message.methodText, cseqMethod, in: bytes) else {
      return
    }
    let glued = Int(message.methodText.length) - Int(cseqMethod.length)
    let rest = ByteRange(message.methodText.start + glued, message.methodText.end)
    guard message.method == .other, glued > 0, glued <= SIPLimits.junkBytes,
      bytes.equals(rest, cseqMethod, in: bytes)
    else { return refuse(.methodMismatch) }
    message.methodText = rest
    message.method = SIPMethod(bytes, rest.start, rest.end)
    message.startOffset += glued
  }
}
