/// One element of a Via value (RFC 3261 20.42).
struct ViaElement {
  var via = SIPVia()
  /// Where the next element starts, after the comma; the end of the value where this is the last.
  var next: Int
  /// Whether a comma follows, so that another element must.
  var hasMore = false

  /// Reads the element at `start`; nil where protocol or sent-by cannot be read.
  @inline(__always)
  init?(_ bytes: Span<UInt8>, from start: Int, to end: Int) {
    next = end
    var here = bytes.skipSpace(from: start, to: end)
    if bytes.word(at: here).asciiLowercased == UInt64(packed: "sip/2.0/") {
      here = here &+ 8
    } else {
      guard let transport = Self.protocolEnd(bytes, here, end) else { return nil }
      here = transport
    }
    let transport = here
    here = bytes.valueEnd(from: here, to: end)
    via.transport = ByteRange(transport, here)
    let sentBy = bytes.skipSpace(from: here, to: end)
    guard here > transport, here <= end, let place = bytes.hostPort(sentBy, end) else { return nil }
    via.host = place.host
    via.port = place.port
    here = place.end
    while let parameter = Parameter.next(bytes, at: &here, to: end) {
      readParameter(bytes, parameter)
    }
    here = bytes.skipSpace(from: here, to: end)
    guard here < end else { return }
    // Only a comma may follow (RFC 3261 25.1): anything else is no Via at all.
    guard bytes[here] == Byte.comma else { return nil }
    next = here &+ 1
    hasMore = true
  }

  // "SIP / 2.0 / UDP" with white space where RFC 3261 25.1 SLASH allows it: start of the transport.
  private static func protocolEnd(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    var here = start
    for _ in 0..<2 {
      let token = here
      while here < end, bytes[here].isToken { here += 1 }
      guard here > token else { return nil }
      here = bytes.skipSpace(from: here, to: end)
      guard here < end, bytes[here] == Byte.slash else { return nil }
      here = bytes.skipSpace(from: here + 1, to: end)
    }
    return here
  }

  @inline(__always)
  private mutating func readParameter(_ bytes: Span<UInt8>, _ parameter: Parameter) {
    let name = parameter.nameWord(bytes)
    switch parameter.nameLength {
    case 5 where name == UInt64(packed: "rport"):
      via.hasRport = true
      via.rport = bytes.port(parameter.valueStart, parameter.valueEnd)
    case 6 where name == UInt64(packed: "branch"):
      via.branch = parameter.value
      let cookie = bytes.word(at: parameter.valueStart).asciiLowercased & .lowBytes(7)
      // RFC 4475 3.2.1: the cookie with nothing after it identifies no transaction.
      via.hasMagicCookie = via.branch.length > 7 && cookie == UInt64(packed: "z9hg4bk")
    case 8 where name == UInt64(packed: "received"):
      readReceived(bytes, parameter)
    default: break
    }
  }

  @inline(__always)
  private mutating func readReceived(_ bytes: Span<UInt8>, _ parameter: Parameter) {
    var start = parameter.valueStart
    var end = parameter.valueEnd
    if end &- start >= 2, bytes[start] == Byte.openBracket, bytes[end &- 1] == Byte.closeBracket {
      start = start &+ 1
      end = end &- 1
    }
    via.received = ByteRange(start, end)
  }
}
