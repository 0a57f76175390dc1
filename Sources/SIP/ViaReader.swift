extension SIPVia {
  /// Reads the element of a Via value at `start` (RFC 3261 20.42) and gives where it ends: at the
  /// comma before the next one, or at the end.
  ///
  /// Nil, with nothing read, where protocol or sent-by cannot be read.
  @inline(never)
  mutating func read(_ bytes: Text, from start: Int) -> Int? {
    var here = bytes.skipSpace(from: start)
    if bytes.word(at: here).begins(with: "sip/2.0/") {
      here = here &+ 8
    } else {
      guard let transport = Self.protocolEnd(bytes, here) else { return nil }
      here = transport
    }
    let isUDP = bytes.word(at: here).begins(with: "udp ")
    let transport = ByteRange(here, isUDP ? here &+ 3 : bytes.valueEnd(from: here))
    guard !transport.isEmpty, let place = bytes.hostPort(bytes.skipSpace(from: transport.end))
    else { return nil }
    self.transport = transport
    host = place.host
    port = place.port
    here = place.end
    while let parameter = Parameter.next(bytes, at: &here) {
      readParameter(bytes, parameter)
    }
    here = bytes.skipSpace(from: here)
    // Only a comma may follow (RFC 3261 25.1): anything else is no Via at all.
    guard here == bytes.count || bytes[here] == Byte.comma else {
      self = SIPVia()
      return nil
    }
    return here
  }

  // "SIP / 2.0 / UDP" with white space where RFC 3261 25.1 SLASH allows it: start of the transport.
  private static func protocolEnd(_ bytes: Text, _ start: Int) -> Int? {
    var here = start
    for _ in 0..<2 {
      let token = here
      while bytes[here].isToken { here += 1 }
      guard here > token else { return nil }
      here = bytes.skipSpace(from: here)
      guard bytes[here] == Byte.slash else { return nil }
      here = bytes.skipSpace(from: here + 1)
    }
    return here
  }

  @inline(always)
  private mutating func readParameter(_ bytes: Text, _ parameter: Parameter) {
    switch parameter.nameLength {
    case 5 where parameter.isNamed("rport"):
      hasRport = true
      rport = bytes.port(parameter.valueStart, parameter.valueEnd)
    case 6 where parameter.isNamed("branch"):
      takeBranch(bytes, parameter.valueStart, parameter.valueEnd)
    case 8 where parameter.isNamed("received"):
      takeReceived(bytes, parameter.valueStart, parameter.valueEnd)
    default: break
    }
  }

  @inline(always)
  mutating func takeBranch(_ bytes: Text, _ start: Int, _ end: Int) {
    branch = ByteRange(start, end)
    // RFC 4475 3.2.1: the cookie with nothing after it identifies no transaction.
    hasMagicCookie = branch.length > 7 && bytes.word(at: start).begins(with: "z9hg4bk")
  }

  @inline(always)
  mutating func takeReceived(_ bytes: Text, _ start: Int, _ end: Int) {
    let isBracketed =
      end &- start >= 2 && bytes[start] == Byte.openBracket
      && bytes[end &- 1] == Byte.closeBracket
    received = isBracketed ? ByteRange(start &+ 1, end &- 1) : ByteRange(start, end)
  }
}
