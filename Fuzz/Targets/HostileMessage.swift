/// Messages that try to make a parser go over the same bytes again and again.
public enum HostileMessage: String, CaseIterable, Sendable {
  case headers, foldedLines = "folded lines", vias, viaHeaders = "Via headers", contacts
  case contactHeaders = "Contact headers", parameters, emptyParameters = "empty parameters"
  case openBrackets = "open brackets", openQuotes = "open quotes", quotes
  case escapedQuotes = "escaped quotes", backslashes, commas, spaces, colons, ats
  case credentials = "credential pairs", sameHeaders = "the same header", digits, lineFeeds =
    "line feeds"

  /// A REGISTER of about `size` bytes that is full of it.
  public func bytes(size: Int) -> [UInt8] {
    let head =
      "REGISTER sip:example.com SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1\r\n"
      + "From: <sip:1001@example.com>;tag=1\r\nTo: <sip:1001@example.com>\r\nCall-ID: 1\r\n"
      + "CSeq: 1 REGISTER\r\n"
    let part = part
    let room = size - head.utf8.count - part.before.utf8.count - 6
    let count = max(room / part.unit.utf8.count, 1)
    let filling = String(repeating: part.unit, count: count)
    return Array("\(head)\(part.before)\(filling)\r\n\r\n".utf8)
  }

  /// What stands before, and what is repeated.
  private var part: (before: String, unit: String) {
    switch self {
    case .headers: ("", "X: y\r\n")
    case .foldedLines: ("Contact: <sip:a@b>", "\r\n ;a=b")
    case .vias: ("Via: SIP/2.0/UDP a", ",SIP/2.0/UDP a")
    case .viaHeaders: ("", "v: SIP/2.0/UDP a\r\n")
    case .contacts: ("Contact: <sip:a@b>", ",<sip:a@b>")
    case .contactHeaders: ("", "m: <sip:a@b>\r\n")
    case .parameters: ("Contact: <sip:a@b>", ";a=b")
    case .emptyParameters: ("Via: SIP/2.0/UDP a", ";")
    case .openBrackets: ("Contact: ", "a,<sip:a,")
    case .openQuotes: ("Contact: \"", ",\\\"")
    case .quotes: ("Contact: ", "\"\"")
    case .escapedQuotes: ("Contact: \"", "\\\"")
    case .backslashes: ("Contact: \"", "\\")
    case .commas: ("Contact: ", ",")
    case .spaces: ("Contact:", " ")
    case .colons: ("Contact: sip:", ":")
    case .ats: ("Contact: <sip:a>", ",sip:a@")
    case .credentials: ("Authorization: Digest ", "a=\"b\",")
    case .sameHeaders: ("", "i: 1\r\n")
    case .digits: ("Expires: ", "1")
    case .lineFeeds: ("", "\n")
    }
  }
}
