import SIP

/// Reads a datagram as SIP.
enum MessageTarget {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    var dealer = Dealer(bytes)
    let isCut = dealer.byte() & 1 != 0
    try read(dealer.rest(), isCut: isCut)
  }

  static func read(_ bytes: [UInt8], isCut: Bool) throws(BrokenPromise) {
    let text = bytes.span
    switch SIPParser.parse(text, isCut: isCut) {
    case .notSIP: break
    case .failure(_, let message):
      try demand(SIPParser.looksLikeSIP(text), "what is read looked like SIP")
      try demandInside(message, text)
    case .message(let message):
      try demand(SIPParser.looksLikeSIP(text), "what is read looked like SIP")
      try demandInside(message, text)
      try demandWhole(message, text)
    }
    try demandHashes(text)
  }

  /// What makes it a message is there.
  private static func demandWhole(
    _ message: SIPMessage, _ text: Span<UInt8>
  ) throws(BrokenPromise) {
    try demand(!message.callID.isEmpty, "a message has a Call-ID")
    try demand(message.viaCount > 0, "a message has a Via")
    try demand(message.cseq < 1 << 31, "a CSeq is below 2**31 (RFC 3261 8.1.1.5)")
    try demand(
      message.isRequest ? message.statusCode == 0 : (100..<700).contains(message.statusCode),
      "a response has a status, a request none")
    var contacts = SIPContactCursor(message)
    var count = 0
    while let contact = contacts.next(in: text) {
      if count == 0 {
        try demand(contact == message.firstContact, "the first contact is the first contact")
      }
      for range in ranges(contact) { try demandInside(range, text) }
      count += 1
    }
    try demand(count == message.contactCount, "\(message.contactCount) contacts, \(count) found")
  }

  private static func demandInside(
    _ message: SIPMessage, _ text: Span<UInt8>
  ) throws(BrokenPromise) {
    for range in ranges(message) { try demandInside(range, text) }
    try demand(
      message.startOffset <= message.headerEnd || message.headerEnd == 0,
      "the headers end behind the start line")
    try demand(message.headerEnd <= text.count, "the body begins inside of the datagram")
  }

  private static func demandInside(
    _ range: ByteRange, _ text: Span<UInt8>
  ) throws(BrokenPromise) {
    try demand(range.end <= text.count, "\(range) is inside of \(text.count) bytes")
    try demand(text.equals(range, range, in: text), "a text equals itself")
    try demand(text.equalsIgnoringCase(range, range, in: text), "in any case")
  }

  private static func ranges(_ message: SIPMessage) -> [ByteRange] {
    [
      message.methodText, message.reasonPhrase, message.callID, message.userAgent, message.warning,
      message.privacy,
    ] + ranges(message.requestURI) + ranges(message.from) + ranges(message.to)
      + ranges(message.via) + (message.secondVia.map(ranges) ?? [])
      + ranges(message.firstContact) + (message.challenge.map { [$0.realm, $0.nonce] } ?? [])
      + (message.credentials.map { [$0.username, $0.realm, $0.nonce, $0.uri, $0.response] } ?? [])
  }

  private static func ranges(_ address: SIPAddress) -> [ByteRange] {
    [address.uri, address.user, address.host, address.tag]
  }

  private static func ranges(_ via: SIPVia) -> [ByteRange] {
    [via.transport, via.host, via.branch, via.received]
  }

  private static func ranges(_ contact: SIPContact) -> [ByteRange] {
    [contact.uri, contact.user, contact.host, contact.transport, contact.instance]
  }

  /// A hash depends on the bytes alone, wherever they stand.
  private static func demandHashes(_ text: Span<UInt8>) throws(BrokenPromise) {
    guard text.count > 2, text.count < 60_000 else { return }
    let range = ByteRange(offset: 1, length: UInt16(text.count - 1))
    let moved = Array(text.extracting(range).indices.map { text[$0 + 1] })
    let whole = ByteRange(offset: 0, length: UInt16(moved.count))
    try demand(
      text.hash(range, seed: 7) == moved.span.hash(whole, seed: 7), "a hash is of the bytes alone")
    try demand(
      text.equals(range, whole, in: moved.span), "equal bytes are equal wherever they stand")
  }
}
