/// Fills a message header by header; keeps the first reason to refuse it and reads on, so that
/// what is refused can still be counted and quoted.
struct MessageReader {
  var message = SIPMessage()
  var failure: SIPParseFailure?
  private let isCut: Bool
  private var cseqValue = ByteRange.none
  private var cseqMethod = ByteRange.none
  private var fromValue = ByteRange.none
  private var toValue = ByteRange.none

  @inline(__always)
  init(_ line: StartLine, isCut: Bool) {
    self.isCut = isCut
    failure = line.isWhole || !isCut ? line.failure : .cut
    message.startOffset = line.start
    message.isRequest = line.isRequest
    message.method = line.method
    message.methodText = line.methodText
    message.requestURI = line.requestURI
    message.statusCode = line.statusCode
    message.reasonPhrase = line.reasonPhrase
  }

  @inline(__always)
  private mutating func refuse(_ reason: SIPParseFailure) {
    if failure == nil { failure = reason }
  }

  /// Reads the header fields from `start` to the empty line (RFC 3261 7.3, 7.5).
  mutating func readHeaders(_ bytes: Span<UInt8>, from start: Int) {
    let total = bytes.count
    var position = start
    var headers = 0
    while position < total {
      if bytes[position] == Byte.lineFeed {
        return endHeaders(at: position &+ 1)
      }
      if bytes[position] == Byte.carriageReturn, position &+ 1 < total,
        bytes[position &+ 1] == Byte.lineFeed
      {
        return endHeaders(at: position &+ 2)
      }
      let line = HeaderLine(bytes, from: position)
      // A torn value would be a wrong one.
      if line.end == total, isCut { break }
      headers = headers &+ 1
      guard headers <= SIPLimits.headers else {
        refuse(.tooManyHeaders)
        break
      }
      readHeader(bytes, line)
      position = line.end &+ 1
    }
    message.headerEnd = total
  }

  @inline(__always)
  private mutating func endHeaders(at position: Int) {
    message.headerEnd = position
    message.isHeaderComplete = true
  }

  @inline(__always)
  private mutating func readHeader(_ bytes: Span<UInt8>, _ line: HeaderLine) {
    let (name, colon) = line.name(in: bytes)
    guard name != .other else { return }
    let (start, end) = line.value(in: bytes, after: colon)
    switch name {
    case .via: readVia(bytes, start, end)
    case .from: readFrom(bytes, start, end)
    case .to: readTo(bytes, start, end)
    case .callID: readCallID(bytes, start, end)
    case .cseq: readCSeq(bytes, start, end)
    case .contact: readContact(bytes, start, end, header: line.start)
    case .contentLength: readContentLength(bytes, start, end)
    case .wwwAuthenticate, .proxyAuthenticate:
      guard message.challenge == nil else { return }
      message.challenge = SIPChallenge(bytes, start, end, isProxy: name == .proxyAuthenticate)
    case .authorization, .proxyAuthorization:
      guard message.credentials == nil else { return }
      message.credentials = SIPCredentials(bytes, start, end, isProxy: name == .proxyAuthorization)
    default: readPlain(bytes, name, start, end)
    }
  }

  // The headers of one number, one text, or mere presence; of several the first counts.
  @inline(__always)
  private mutating func readPlain(
    _ bytes: Span<UInt8>, _ name: HeaderName, _ start: Int, _ end: Int
  ) {
    switch name {
    case .expires where message.expires == nil:
      // RFC 3261 10.2.1.1: a malformed value counts as 3600.
      message.expires = bytes.deltaSeconds(start, end) ?? 3600
    case .minExpires where message.minExpires == nil:
      message.minExpires = bytes.deltaSeconds(start, end)
    case .retryAfter where message.retryAfter == nil:
      message.retryAfter = bytes.deltaSeconds(start, end)
    case .flowTimer where message.flowTimer == nil:
      message.flowTimer = bytes.deltaSeconds(start, end)
    case .userAgent where message.userAgent.isEmpty: message.userAgent = ByteRange(start, end)
    case .warning where message.warning.isEmpty: message.warning = ByteRange(start, end)
    case .privacy where message.privacy.isEmpty: message.privacy = ByteRange(start, end)
    case .path: message.hasPath = true
    case .serviceRoute: message.hasServiceRoute = true
    case .route: message.hasRoute = true
    case .require: message.hasRequire = true
    default: break
    }
  }

  @inline(__always)
  private mutating func readVia(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    var position = start
    while true {
      guard let element = ViaElement(bytes, from: position, to: end) else {
        return refuse(.malformedVia)
      }
      if message.viaCount == 0 {
        message.via = element.via
      } else if message.viaCount == 1 {
        message.secondVia = element.via
      }
      message.viaCount = message.viaCount &+ 1
      guard element.hasMore else { return }
      position = element.next
    }
  }

  @inline(__always)
  private mutating func readFrom(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    let value = ByteRange(start, end)
    guard fromValue.isEmpty else { return compare(bytes, value, with: fromValue) }
    fromValue = value
    guard let address = SIPAddress(bytes, start, end) else { return refuse(.malformedFrom) }
    message.from = address
  }

  @inline(__always)
  private mutating func readTo(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    let value = ByteRange(start, end)
    guard toValue.isEmpty else { return compare(bytes, value, with: toValue) }
    toValue = value
    guard let address = SIPAddress(bytes, start, end) else { return refuse(.malformedTo) }
    message.to = address
  }

  @inline(__always)
  private mutating func readCallID(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    let value = ByteRange(start, end)
    guard message.callID.isEmpty else { return compare(bytes, value, with: message.callID) }
    message.callID = value
  }

  // RFC 3261 7.3.1: only headers that are lists may stand more than once. A copy does no harm.
  private mutating func compare(_ bytes: Span<UInt8>, _ value: ByteRange, with first: ByteRange) {
    if !bytes.equals(value, first, in: bytes) { refuse(.conflictingHeaders) }
  }

  @inline(__always)
  private mutating func readCSeq(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    let value = ByteRange(start, end)
    guard cseqValue.isEmpty else { return compare(bytes, value, with: cseqValue) }
    cseqValue = value
    var position = start
    guard let number = bytes.number(at: &position, to: end) else { return refuse(.malformedCSeq) }
    let method = bytes.skipSpace(from: position, to: end)
    cseqMethod = ByteRange(method, end)
    guard method > position, method < end else { return refuse(.malformedCSeq) }
    guard number < 1 << 31 else { return refuse(.cseqOutOfRange) }
    message.cseq = number
  }

  @inline(__always)
  private mutating func readContact(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, header: Int
  ) {
    if message.contactHeaderCount == 0 { message.contactHeaderStart = header }
    message.contactHeaderCount = message.contactHeaderCount &+ 1
    var position = start
    while position < end {
      let element = ContactElement(bytes, from: position, to: end)
      position = element.next
      if element.isWildcard { message.hasWildcardContact = true }
      guard element.isContact else { continue }
      if message.contactCount == 0 { message.firstContact = element.contact }
      message.contactCount = message.contactCount &+ 1
    }
  }

  private mutating func readContentLength(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    guard let length = bytes.wholeNumber(start, end) else { return refuse(.malformedContentLength) }
    if let first = message.contentLength, first != Int(length) {
      return refuse(.conflictingContentLength)
    }
    message.contentLength = Int(length)
  }

  /// Applies what can only be said of the whole message.
  mutating func finish(_ bytes: Span<UInt8>) {
    if message.isRequest {
      checkRequestMethod(bytes)
    } else if !cseqMethod.isEmpty {
      message.method = SIPMethod(bytes, cseqMethod.start, cseqMethod.end)
      message.methodText = cseqMethod
    }
    if let missing = missingHeader { refuse(isCut && !message.isHeaderComplete ? .cut : missing) }
    // RFC 3261 18.3: over UDP a message shorter than its Content-Length says is not whole.
    if let length = message.contentLength, !isCut, length > bytes.count - message.headerEnd {
      refuse(.bodyShorterThanContentLength)
    }
  }

  private var missingHeader: SIPParseFailure? {
    if message.callID.isEmpty { return .missingCallID }
    if cseqValue.isEmpty { return .missingCSeq }
    if fromValue.isEmpty { return .missingFrom }
    if toValue.isEmpty { return .missingTo }
    return message.viaCount == 0 ? .missingVia : nil
  }

  // RFC 3261 8.1.1.5. A keepalive text glued in front ("HELLOREGISTER sip:...") is told from a
  // method by CSeq, which has the real one.
  @inline(__always)
  private mutating func checkRequestMethod(_ bytes: Span<UInt8>) {
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
