/// A name-addr or addr-spec (RFC 3261 20.10, 25.1).
struct NameAddress {
  /// The URI without angle brackets and white space.
  var uri = ByteRange.none
  /// What it consists of; nil where it cannot be read.
  var parts: URIParts?
  /// Where the header parameters start.
  var rest = 0
  /// Whether the URI stood between `<` and `>`.
  var isBracketed = false

  /// Reads the address at `start`; nil where a quote or bracket stays open.
  ///
  /// Without brackets every parameter is the header's (RFC 3261 20). A comma ends an address only
  /// in a header that may list several: in From and To it can only be part of a display name
  /// that lacks its quotes (RFC 4475 3.1.2.15).
  @inline(always)
  init?(_ bytes: Text, _ start: Int, isList: Bool) {
    var here = start
    var hasDisplayName = false
    scan: while here < bytes.count {
      switch bytes[here] {
      case Byte.less:
        guard readBracketed(bytes, here) else { return nil }
        return
      case Byte.quote:
        guard let close = bytes.closingQuote(from: here) else { return nil }
        hasDisplayName = true
        here = close &+ 1
      case Byte.backslash:
        // An escaped quote outside of quotes opens none.
        here = (here &+ 2).atMost(bytes.count)
      case Byte.semicolon: break scan
      case Byte.comma where isList: break scan
      default: here = here &+ 1
      }
    }
    guard !hasDisplayName else { return nil }
    let end = bytes.trimmedEnd(from: start, to: here)
    parts = URIParts(bytes.prefix(end), start, isBracketed: false)
    uri = ByteRange(start, end)
    rest = here
  }

  // False where the bracket at `open` stays open.
  @inline(always)
  private mutating func readBracketed(_ bytes: Text, _ open: Int) -> Bool {
    let start = bytes.skipSpace(from: open &+ 1)
    parts = URIParts(bytes, start, isBracketed: true)
    let close = parts?.close ?? bytes.find(Byte.greater, from: start)
    guard close < bytes.count else { return false }
    uri = ByteRange(start, bytes.trimmedEnd(from: start, to: close))
    rest = close &+ 1
    isBracketed = true
    return true
  }
}

extension SIPAddress {
  /// Reads a From or To value; false, with nothing read, where it holds no readable address.
  @inline(never)
  mutating func read(_ bytes: Text, from start: Int) -> Bool {
    guard let address = NameAddress(bytes, start, isList: false), let parts = address.parts else {
      return false
    }
    take(address.uri, parts)
    readTag(bytes, from: address.rest)
    return true
  }

  /// Reads a To value that begins like the From value at `otherStart`, from which `other` was read.
  ///
  /// As in every REGISTER and its answers; false, with nothing read, for any other value.
  @inline(always)
  mutating func read(
    _ bytes: Text, from start: Int, like other: SIPAddress, at otherStart: Int
  ) -> Bool {
    let close = other.uri.end
    guard !other.uri.isEmpty, bytes[close] == Byte.greater else { return false }
    let same = ByteRange(otherStart, close &+ 1)
    let mine = ByteRange(start, start &+ Int(same.length))
    guard bytes.equals(mine, same, in: bytes) else { return false }
    let shift = UInt16(truncatingIfNeeded: start &- otherStart)
    uri = other.uri.moved(shift)
    scheme = other.scheme
    user = other.user.moved(shift)
    host = other.host.moved(shift)
    port = other.port
    readTag(bytes, from: mine.end)
    return true
  }

  @inline(always)
  private mutating func readTag(_ bytes: Text, from start: Int) {
    var position = start
    while let parameter = Parameter.next(bytes, at: &position) {
      guard parameter.isNamed("tag") else { continue }
      tag = parameter.value
      break
    }
  }

  /// Reads a bare URI; false, with nothing read, where it cannot be read.
  @inline(always)
  mutating func readURI(_ bytes: Text, from start: Int) -> Bool {
    guard let parts = URIParts(bytes, start, isBracketed: false) else { return false }
    take(ByteRange(start, bytes.count), parts)
    return true
  }

  @inline(always)
  private mutating func take(_ uri: ByteRange, _ parts: URIParts) {
    self.uri = uri
    scheme = parts.scheme
    user = parts.user
    host = parts.host
    port = parts.port
  }
}

/// What one element of a Contact value is.
enum ContactElement {
  case contact
  /// `*` (RFC 3261 10.2.2).
  case wildcard
  /// Nothing that can be read.
  case other
}

extension SIPContact {
  /// Reads the element of a Contact value at `position`, which moves to the next one; only a
  /// contact leaves anything here.
  @inline(never)
  mutating func read(_ bytes: Text, at position: inout Int) -> ContactElement {
    let here = bytes.skipSpace(from: position)
    position = bytes.count
    guard here < bytes.count else { return .other }
    if bytes[here] == Byte.star {
      position = Self.afterComma(bytes, here)
      return .wildcard
    }
    // After an open quote or bracket nothing of this value can be told apart.
    guard let address = NameAddress(bytes, here, isList: true) else { return .other }
    if let parts = address.parts { take(bytes, address, parts) }
    var rest = address.rest
    while let parameter = Parameter.next(bytes, at: &rest) {
      readParameter(bytes, parameter)
    }
    position = Self.afterComma(bytes, rest)
    if address.parts != nil { return .contact }
    self = SIPContact()
    return .other
  }

  @inline(always)
  private static func afterComma(_ bytes: Text, _ position: Int) -> Int {
    (bytes.find(Byte.comma, from: position) &+ 1).atMost(bytes.count)
  }

  @inline(always)
  private mutating func take(_ bytes: Text, _ address: NameAddress, _ parts: URIParts) {
    uri = address.uri
    scheme = parts.scheme
    user = parts.user
    host = parts.host
    port = parts.port
    guard address.isBracketed else { return }
    transport = Self.transport(bytes.prefix(address.uri.end), from: parts.parameters)
  }

  /// The transport among the parameters of a URI, from `start` to the end of the text.
  @inline(never)
  static func transport(_ uri: Text, from start: Int) -> ByteRange {
    var contact = SIPContact()
    var position = start
    while let parameter = Parameter.next(uri, at: &position) {
      if parameter.nameLength == 9 { contact.readTransport(uri, parameter) }
    }
    return contact.transport
  }

  // Clients that leave out the angle brackets mean the URI's transport all the same.
  @inline(always)
  private mutating func readTransport(_ bytes: Text, _ parameter: Parameter) {
    guard transport.isEmpty, parameter.isNamed("transpor"),
      bytes[parameter.nameStart &+ 8] | 0x20 == 0x74
    else { return }
    let value = bytes.prefix(parameter.valueEnd)
    transport = ByteRange(
      parameter.valueStart, value.find(Byte.question, from: parameter.valueStart))
  }

  @inline(always)
  private mutating func readParameter(_ bytes: Text, _ parameter: Parameter) {
    let value = bytes.prefix(parameter.valueEnd)
    switch parameter.nameLength {
    case 1 where parameter.isNamed("q"): q = Self.qvalue(value, parameter.valueStart)
    case 6 where parameter.isNamed("reg-id"): regID = value.wholeNumber(parameter.valueStart)
    case 7 where parameter.isNamed("expires"):
      // RFC 3261 10.2.1.1: a malformed value counts as 3600.
      expires = value.wholeNumber(parameter.valueStart) ?? 3600
    case 9: readTransport(bytes, parameter)
    case 13 where parameter.isNamed("+sip.ins"):
      if bytes.word(at: parameter.nameStart &+ 8).begins(with: "tance") {
        takeInstance(bytes, parameter.valueStart, parameter.valueEnd)
      }
    default: break
    }
  }

  @inline(always)
  mutating func takeInstance(_ bytes: Text, _ start: Int, _ end: Int) {
    let isBracketed =
      end &- start >= 2 && bytes[start] == Byte.less && bytes[end &- 1] == Byte.greater
    instance = isBracketed ? ByteRange(start &+ 1, end &- 1) : ByteRange(start, end)
  }

  // 0 or 1 with up to three decimals (RFC 3261 25.1 qvalue), all of `bytes` from `start` on.
  private static func qvalue(_ bytes: Text, _ start: Int) -> UInt16? {
    let end = bytes.count
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
