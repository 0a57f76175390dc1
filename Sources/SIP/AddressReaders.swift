/// Where the URI of a name-addr or addr-spec stands (RFC 3261 20.10, 25.1).
struct AddressSpan {
  /// The URI without angle brackets and white space.
  let uriStart: Int
  let uriEnd: Int
  /// Where the header parameters start.
  let rest: Int
  /// Whether the URI stood between `<` and `>`.
  let isBracketed: Bool

  /// Finds the URI in `start..<end`; nil where a quote or bracket stays open.
  ///
  /// Without brackets every parameter is the header's (RFC 3261 20). A comma ends an address only
  /// in a header that may list several: in From and To it can only be part of a display name
  /// that lacks its quotes (RFC 4475 3.1.2.15).
  @inline(__always)
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, isList: Bool) {
    var here = start
    var hasDisplayName = false
    scan: while here < end {
      switch bytes[here] {
      case Byte.less:
        let close = bytes.find(Byte.greater, from: here, to: end)
        guard close < end else { return nil }
        uriStart = bytes.skipSpace(from: here &+ 1, to: close)
        uriEnd = bytes.trimmedEnd(from: uriStart, to: close)
        rest = close &+ 1
        isBracketed = true
        return
      case Byte.quote:
        guard let close = bytes.closingQuote(from: here, to: end) else { return nil }
        hasDisplayName = true
        here = close &+ 1
      case Byte.backslash:
        // An escaped quote outside of quotes opens none.
        here = Swift.min(here &+ 2, end)
      case Byte.semicolon: break scan
      case Byte.comma where isList: break scan
      default: here = here &+ 1
      }
    }
    guard !hasDisplayName else { return nil }
    uriStart = start
    uriEnd = bytes.trimmedEnd(from: start, to: here)
    rest = here
    isBracketed = false
  }
}

extension SIPAddress {
  /// Reads a From or To value; nil where it holds no readable address.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    guard let span = AddressSpan(bytes, start, end, isList: false),
      let address = SIPAddress(uri: bytes, span.uriStart, span.uriEnd)
    else { return nil }
    self = address
    var position = span.rest
    while let parameter = Parameter.next(bytes, at: &position, to: end) {
      guard parameter.nameLength == 3, parameter.nameWord(bytes) == UInt64(packed: "tag") else {
        continue
      }
      tag = parameter.value
      return
    }
  }

  /// Reads a bare URI; nil where it cannot be read.
  @inline(__always)
  init?(uri bytes: Span<UInt8>, _ start: Int, _ end: Int) {
    guard let parts = URIParts(bytes, start, end) else { return nil }
    self.init()
    uri = ByteRange(start, end)
    scheme = parts.scheme
    user = parts.user
    host = parts.host
    port = parts.port
  }
}

/// One element of a Contact value: an address, the wildcard, or nothing that can be read.
struct ContactElement {
  var contact = SIPContact()
  var isContact = false
  var isWildcard = false
  /// Where the next element starts, after the comma, or the end of the value.
  var next: Int

  @inline(__always)
  init(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    next = end
    let here = bytes.skipSpace(from: start, to: end)
    guard here < end else { return }
    if bytes[here] == Byte.star {
      isWildcard = true
      next = Swift.min(bytes.find(Byte.comma, from: here, to: end) &+ 1, end)
      return
    }
    // After an open quote or bracket nothing of this value can be told apart.
    guard let span = AddressSpan(bytes, here, end, isList: true) else { return }
    var position = span.rest
    isContact = readURI(bytes, span)
    while let parameter = Parameter.next(bytes, at: &position, to: end) {
      readParameter(bytes, parameter)
    }
    next = Swift.min(bytes.find(Byte.comma, from: position, to: end) &+ 1, end)
  }

  @inline(__always)
  private mutating func readURI(_ bytes: Span<UInt8>, _ span: AddressSpan) -> Bool {
    guard let parts = URIParts(bytes, span.uriStart, span.uriEnd) else { return false }
    contact.uri = ByteRange(span.uriStart, span.uriEnd)
    contact.scheme = parts.scheme
    contact.user = parts.user
    contact.host = parts.host
    contact.port = parts.port
    guard span.isBracketed else { return true }
    var position = parts.parameters
    while let parameter = Parameter.next(bytes, at: &position, to: span.uriEnd) {
      readTransport(bytes, parameter)
    }
    return true
  }

  // Clients that leave out the angle brackets mean the URI's transport all the same.
  @inline(__always)
  private mutating func readTransport(_ bytes: Span<UInt8>, _ parameter: Parameter) {
    guard parameter.nameLength == 9, contact.transport.isEmpty,
      parameter.nameWord(bytes) == UInt64(packed: "transpor"),
      bytes[parameter.nameStart &+ 8].asciiLowercased == 0x74
    else { return }
    let end = bytes.find(Byte.question, from: parameter.valueStart, to: parameter.valueEnd)
    contact.transport = ByteRange(parameter.valueStart, end)
  }

  @inline(__always)
  private mutating func readParameter(_ bytes: Span<UInt8>, _ parameter: Parameter) {
    let name = parameter.nameWord(bytes)
    switch parameter.nameLength {
    case 1 where name == UInt64(packed: "q"):
      contact.q = qvalue(bytes, parameter.valueStart, parameter.valueEnd)
    case 6 where name == UInt64(packed: "reg-id"):
      contact.regID = bytes.wholeNumber(parameter.valueStart, parameter.valueEnd)
    case 7 where name == UInt64(packed: "expires"):
      // RFC 3261 10.2.1.1: a malformed value counts as 3600.
      contact.expires = bytes.wholeNumber(parameter.valueStart, parameter.valueEnd) ?? 3600
    case 9: readTransport(bytes, parameter)
    case 13 where name == UInt64(packed: "+sip.ins"):
      let rest = bytes.word(at: parameter.nameStart &+ 8).asciiLowercased & .lowBytes(5)
      if rest == UInt64(packed: "tance") { readInstance(bytes, parameter) }
    default: break
    }
  }

  @inline(__always)
  private mutating func readInstance(_ bytes: Span<UInt8>, _ parameter: Parameter) {
    var start = parameter.valueStart
    var end = parameter.valueEnd
    if end &- start >= 2, bytes[start] == Byte.less, bytes[end &- 1] == Byte.greater {
      start = start &+ 1
      end = end &- 1
    }
    contact.instance = ByteRange(start, end)
  }

  // 0 or 1 with up to three decimals (RFC 3261 25.1 qvalue).
  private func qvalue(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16? {
    guard start < end, end - start <= 5, bytes[start] == 0x30 || bytes[start] == 0x31 else {
      return nil
    }
    var value = UInt16(bytes[start] - 0x30) * 1000
    guard start + 1 < end else { return value }
    guard bytes[start + 1] == 0x2E else { return nil }
    var weight: UInt16 = 100
    for position in start + 2..<end {
      guard bytes[position].isDigit else { return nil }
      value += UInt16(bytes[position] - 0x30) * weight
      weight /= 10
    }
    return value <= 1000 ? value : nil
  }
}
