extension StartLine {
  /// Reads a start line at the beginning of the datagram in the form nearly all have, single
  /// spaces and a bare SIP URI without parameters; nil, with nothing read, where it has another.
  @inline(always)
  init?(plain bytes: Text, into message: inout SIPMessage) {
    let word = bytes.word(at: 0)
    guard
      let end = word == UInt64(packed: "SIP/2.0 ")
        ? Self.readPlainStatus(bytes, &message) : Self.readPlainRequest(bytes, &message)
    else { return nil }
    start = 0
    next = end &+ 2
    isWhole = true
  }

  // Gives where the line ends.
  @inline(always)
  private static func readPlainStatus(_ bytes: Text, _ message: inout SIPMessage) -> Int? {
    var here = 8
    guard let code = bytes.number(at: &here), here == 11, code >= 100, code <= 699,
      bytes[11] == Byte.space, bytes[12] > Byte.space
    else { return nil }
    let end = bytes.quotedEnd(from: 12)
    guard bytes.endsLine(at: end), bytes[end &- 1] > Byte.space else { return nil }
    message.statusCode = UInt16(truncatingIfNeeded: code)
    message.reasonPhrase = ByteRange(from: 12, to: end)
    return end
  }

  // The same for a request.
  @inline(always)
  private static func readPlainRequest(_ bytes: Text, _ message: inout SIPMessage) -> Int? {
    let space = bytes.wordEnd(from: 0)
    let uri = space &+ 1
    let method = SIPMethod(bytes, 0, space)
    guard method != .other, bytes[space] == Byte.space, bytes.word(at: uri).begins(with: "sip:")
    else { return nil }
    let user = uri &+ 4
    let stop = bytes.plainUserEnd(from: user)
    let hasUser = bytes[stop] == Byte.at
    guard let place = PlainPlace(bytes, hasUser ? stop &+ 1 : user),
      bytes.word(at: place.end) == UInt64(packed: " SIP/2.0"),
      bytes.endsLine(at: place.end &+ 8)
    else { return nil }
    message.isRequest = true
    message.method = method
    message.methodText = ByteRange(from: 0, to: space)
    message.requestURI.uri = ByteRange(from: uri, to: place.end)
    message.requestURI.scheme = .sip
    if hasUser { message.requestURI.user = ByteRange(from: user, to: stop) }
    message.requestURI.host = place.host
    message.requestURI.port = place.port
    return place.end &+ 8
  }
}
