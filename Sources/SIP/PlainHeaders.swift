// The headers that every message has, in the form nearly all write them: each is read in one pass,
// up to the end of its line. What has another form is left to the reader of any form, with nothing
// read; the two never read the same text differently.
//
// All scans stop at controls, and all but those of names at white space: none leaves its line.
extension MessageReader {
  /// Reads the header at `start`; gives where the next line starts, or nil where the header is
  /// another one, was there before, or has not the plain form.
  @inline(always)
  mutating func readPlain(
    _ whole: Text, _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) -> Int? {
    let word = bytes.word(at: start)
    let end: Int
    switch UInt32(truncatingIfNeeded: word) {
    case UInt32(packed: "Via:"):
      guard message.viaCount == 0, word.begins(with: "via: "),
        let found = message.via.readPlain(bytes, from: start &+ 5)
      else { return nil }
      end = found
      message.viaCount = 1
    case UInt32(packed: "From"):
      guard fromValue.isEmpty, word.begins(with: "from: "),
        let found = message.from.readPlain(bytes, from: start &+ 6)
      else { return nil }
      end = found
      fromValue = ByteRange(from: start &+ 6, to: end)
    case UInt32(packed: "To: "):
      guard toValue.isEmpty, let found = message.to.readPlain(bytes, from: start &+ 4)
      else { return nil }
      end = found
      toValue = ByteRange(from: start &+ 4, to: end)
    case UInt32(packed: "Call"):
      guard message.callID.isEmpty, word == UInt64(packed: "Call-ID:"),
        bytes[start &+ 8] == Byte.space
      else { return nil }
      end = bytes.wordEnd(from: start &+ 9)
      guard end > start &+ 9, bytes.endsLine(at: end) else { return nil }
      message.callID = ByteRange(from: start &+ 9, to: end)
    case UInt32(packed: "CSeq"):
      guard word.begins(with: "cseq: "), let found = readPlainCSeq(bytes, start &+ 6, &message)
      else { return nil }
      end = found
    case UInt32(packed: "Cont"):
      if word == UInt64(packed: "Content-") {
        return readPlainContentLength(whole, start &+ 8, &message)
      }
      guard message.contactHeaderCount == 0, word == UInt64(packed: "Contact:"),
        bytes[start &+ 8] == Byte.space,
        let found = message.firstContact.readPlain(bytes, from: start &+ 9)
      else { return nil }
      end = found
      message.contactHeaderStart = start
      message.contactHeaderCount = 1
      message.contactCount = 1
    default: return nil
    }
    return end &+ 2
  }

  // Mostly the last line, where few bytes follow: one after the other.
  @inline(always)
  private mutating func readPlainContentLength(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) -> Int? {
    guard message.contentLength == nil, bytes.word(at: start) == UInt64(packed: "Length: ") else {
      return nil
    }
    let digits = start &+ 8
    var end = digits
    var length = 0
    while bytes[end].isDigit, end < digits &+ 8 {
      length = length &* 10 &+ Int(bytes[end] &- 0x30)
      end = end &+ 1
    }
    guard end > digits, bytes[end] == Byte.carriageReturn, bytes[end &+ 1] == Byte.lineFeed,
      bytes[end &+ 2] != Byte.space, bytes[end &+ 2] != 0x09
    else { return nil }
    message.contentLength = length
    return end &+ 2
  }

  @inline(always)
  private mutating func readPlainCSeq(
    _ bytes: Text, _ start: Int, _ message: inout SIPMessage
  ) -> Int? {
    var position = start
    guard cseqValue.isEmpty, let number = bytes.number(at: &position), number < 1 << 31,
      bytes[position] == Byte.space
    else { return nil }
    let method = position &+ 1
    let end = bytes.wordEnd(from: method)
    guard end > method, bytes.endsLine(at: end) else { return nil }
    cseqValue = ByteRange(from: start, to: end)
    cseqMethod = ByteRange(from: method, to: end)
    message.cseq = number
    return end
  }
}

extension SIPAddress {
  /// Reads the value at `start` with a tag or no parameter at all; gives where its line ends.
  @inline(never)
  mutating func readPlain(_ bytes: Text, from start: Int) -> Int? {
    guard let address = PlainAddress(bytes, start) else { return nil }
    var end = address.end
    var tag = ByteRange.none
    if bytes.word(at: end).begins(with: ";tag=") {
      let value = end &+ 5
      end = bytes.valueEnd(from: value)
      guard bytes[value] != Byte.quote else { return nil }
      tag = ByteRange(value, end)
    }
    guard bytes.endsLine(at: end) else { return nil }
    uri = address.uri
    scheme = .sip
    user = address.user
    host = address.host
    port = address.port
    self.tag = tag
    return end
  }
}

extension SIPVia {
  /// Reads the value at `start`; gives where its line ends.
  @inline(never)
  mutating func readPlain(_ bytes: Text, from start: Int) -> Int? {
    guard bytes.word(at: start).begins(with: "sip/2.0/"),
      bytes.word(at: start &+ 8).begins(with: "udp "),
      let place = PlainPlace(bytes, start &+ 12)
    else { return nil }
    var via = SIPVia()
    via.transport = ByteRange(from: start &+ 8, to: start &+ 11)
    via.host = place.host
    via.port = place.port
    var here = place.end
    while bytes[here] == Byte.semicolon {
      guard let end = via.readPlainParameter(bytes, here) else { return nil }
      here = end
    }
    guard bytes.endsLine(at: here) else { return nil }
    self = via
    return here
  }

  // The parameter behind the semicolon at `start`; nil where it is none of these.
  @inline(always)
  private mutating func readPlainParameter(_ bytes: Text, _ start: Int) -> Int? {
    let word = bytes.word(at: start)
    if word.begins(with: ";branch=") {
      guard let end = bytes.plainValueEnd(start &+ 8) else { return nil }
      takeBranch(bytes, start &+ 8, end)
      return end
    }
    if word.begins(with: ";rport") {
      hasRport = true
      rport = 0
      guard bytes[start &+ 6] == Byte.equals else { return start &+ 6 }
      guard let end = bytes.plainValueEnd(start &+ 7) else { return nil }
      rport = bytes.port(start &+ 7, end)
      return end
    }
    guard word.begins(with: ";receive"), bytes.word(at: start &+ 8).begins(with: "d="),
      let end = bytes.plainValueEnd(start &+ 10)
    else { return nil }
    takeReceived(bytes, start &+ 10, end)
    return end
  }
}

extension Text {
  // Where the value at `start` ends; nil where it is none or a quoted one.
  @inline(always)
  fileprivate func plainValueEnd(_ start: Int) -> Int? {
    let first = self[start]
    return first > Byte.space && first != Byte.quote ? valueEnd(from: start) : nil
  }
}
