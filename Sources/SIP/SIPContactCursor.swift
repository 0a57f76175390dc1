/// Walks through the contacts of a message without a closure; takes the datagram at each step.
public struct SIPContactCursor: Sendable {
  private let headerEnd: Int
  private var headersLeft: Int
  private var nextLine: Int
  private var position = 0
  private var valueEnd = 0

  /// Starts before the first contact of `message`.
  public init(_ message: borrowing SIPMessage) {
    headerEnd = message.headerEnd
    headersLeft = message.contactHeaderCount
    nextLine = message.contactHeaderStart
  }

  /// The next contact, nil after the last; `bytes` is the datagram `message` was read from.
  public mutating func next(in bytes: Span<UInt8>) -> SIPContact? {
    let text = Text(bytes)
    while true {
      while position < valueEnd {
        var contact = SIPContact()
        if contact.read(text.prefix(valueEnd), at: &position) == .contact { return contact }
      }
      guard enterHeader(text) else { return nil }
    }
  }

  // Goes to the next Contact header; false when all were seen.
  private mutating func enterHeader(_ bytes: Text) -> Bool {
    while headersLeft > 0, nextLine < min(headerEnd, bytes.count) {
      let line = HeaderLine(bytes, from: nextLine)
      nextLine = line.end + 1
      let (name, start) = line.name(in: bytes)
      guard name == .contact else { continue }
      headersLeft -= 1
      (position, valueEnd) = (start, line.valueEnd(in: bytes, from: start))
      return true
    }
    return false
  }
}
