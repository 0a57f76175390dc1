/// The bytes of a datagram that is no SIP message made by this library.
func payload(
  _ verb: String, _ words: inout ArraySlice<Word>, line: Int
) throws(TimelineError) -> [UInt8] {
  guard let form = words.popFirst() else {
    throw TimelineError(line: line, message: "expected what to send after \(verb)")
  }
  if verb == "raw" { return Array(form.text.utf8) }
  if verb == "stun" { return try stun(form.text, line: line) }
  switch form.text {
  case "crlf": return [13, 10]
  case "doublecrlf": return [13, 10, 13, 10]
  case "zeros": return [0, 0, 0, 0]
  case "hello": return Array("HELLO".utf8)
  case "stun": return try stun("request", line: line)
  case "text":
    guard let text = words.popFirst()?.text else {
      throw TimelineError(line: line, message: "expected a text")
    }
    return Array(text.utf8)
  case "hex":
    guard let digits = words.popFirst()?.text, let bytes = hexBytes(digits) else {
      throw TimelineError(line: line, message: "expected pairs of hexadecimal digits")
    }
    return bytes
  default:
    throw TimelineError(
      line: line,
      message: "\(form.text) is none of crlf, doublecrlf, zeros, hello, stun, text, hex")
  }
}

/// A binding request or its success answer, without attributes (RFC 5389 6).
private func stun(_ form: String, line: Int) throws(TimelineError) -> [UInt8] {
  let type: UInt16
  switch form {
  case "request": type = 0x0001
  case "answer": type = 0x0101
  default: throw TimelineError(line: line, message: "expected stun request or stun answer")
  }
  let magicCookie: UInt32 = 0x2112_A442
  let transaction = Array("regsift-stun".utf8)
  return type.bigEndianBytes + [0, 0] + magicCookie.bigEndianBytes + transaction
}

private func hexBytes(_ digits: String) -> [UInt8]? {
  let digits = Array(digits.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes: [UInt8] = []
  for start in stride(from: 0, to: digits.count, by: 2) {
    guard let byte = UInt8(String(decoding: digits[start..<start + 2], as: UTF8.self), radix: 16)
    else { return nil }
    bytes.append(byte)
  }
  return bytes
}
