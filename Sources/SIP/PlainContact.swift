extension SIPContact {
  /// Reads a value with one contact and no parameters but these; gives where its line ends, or
  /// nil, with nothing read, where it has another form.
  @inline(never)
  mutating func readPlain(_ bytes: Text, from start: Int) -> Int? {
    guard let address = PlainAddress(bytes, start) else { return nil }
    var contact = SIPContact()
    var here = address.end
    while bytes[here] == Byte.semicolon {
      guard let end = contact.readPlainParameter(bytes, here) else { return nil }
      here = end
    }
    guard bytes.endsLine(at: here) else { return nil }
    contact.uri = address.uri
    contact.scheme = .sip
    contact.user = address.user
    contact.host = address.host
    contact.port = address.port
    if address.parameters < address.uri.end {
      contact.transport = Self.transport(
        bytes.prefix(address.uri.end), from: address.parameters)
    }
    self = contact
    return here
  }

  // Where the parameter behind the semicolon at `start` ends; nil where it is none of these.
  @inline(always)
  private mutating func readPlainParameter(_ bytes: Text, _ start: Int) -> Int? {
    let word = bytes.word(at: start)
    var end: Int
    if word.begins(with: ";expires"), bytes[start &+ 8] == Byte.equals {
      end = start &+ 9
      guard let seconds = bytes.number(at: &end) else { return nil }
      expires = seconds
    } else if word.begins(with: ";reg-id=") {
      end = start &+ 8
      guard let number = bytes.number(at: &end) else { return nil }
      regID = number
    } else if word.begins(with: ";+sip.in"), bytes.word(at: start &+ 8).begins(with: "stance=\"") {
      let close = bytes.quotedEnd(from: start &+ 16)
      guard bytes[close] == Byte.quote else { return nil }
      takeInstance(bytes, start &+ 16, close)
      end = close &+ 1
    } else {
      return nil
    }
    return end
  }
}
