import Capture
import Decode
import Registrations
import SIP

/// A binding as a REGISTER with facts in its body, written and read.
enum StateMessage {
  private static let mediaType = "application/x-regsift-state"

  /// Whether `text` can stand in a message as it is, and comes out of it the same.
  static func isPlain(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy {
      $0.properties.generalCategory != .control && $0 != "\u{FFFD}"
    }
  }

  /// The message; `nil` where a text in it would not be read back as it is.
  static func text(of known: KnownBinding) -> String? {
    let texts = [known.addressOfRecord, known.contact, known.callID, known.userAgent]
    guard texts.allSatisfy(isPlain), !AccountName.isSpelled(known.addressOfRecord),
      !known.contact.contains(">")
    else { return nil }
    let address = sipURI(known.addressOfRecord)
    let inside = known.inside.map { Endpoint(address: $0, port: 5060) } ?? known.source
    let body = body(of: known.facts)
    var lines = [
      "REGISTER \(registrarURI(known.registrar)) SIP/2.0",
      "Via: SIP/2.0/UDP \(inside);branch=z9hG4bK-state",
      "From: <\(address)>;tag=state", "To: <\(address)>", "Call-ID: \(known.callID)",
      "CSeq: \(known.cseq) REGISTER",
      "Contact: <\(known.contact)>;expires=\(known.facts.grantedSeconds)",
    ]
    if !known.userAgent.isEmpty { lines.append("User-Agent: \(known.userAgent)") }
    lines += ["Content-Type: \(mediaType)", "Content-Length: \(body.utf8.count)", "", body]
    return lines.joined(separator: "\r\n")
  }

  /// Whether `bytes`, written of `known`, are read as what they were written of.
  ///
  /// Names are written by strangers, and not every name that was once read can stand in any message.
  static func isRead(_ bytes: [UInt8], as known: KnownBinding) -> Bool {
    let text = bytes.span
    var message = SIPMessage()
    guard case .message = SIPParser.parse(text, isCut: false, into: &message) else { return false }
    return message.contactCount == 1 && text.string(message.firstContact.uri) == known.contact
      && text.string(message.to.uri) == sipURI(known.addressOfRecord)
      && text.string(message.callID) == known.callID
      && text.string(message.userAgent) == known.userAgent
  }

  /// An IPv6 address is bracketed in a URI (RFC 3261 25.1), not in the name of an account.
  private static func sipURI(_ addressOfRecord: String) -> String {
    let at = addressOfRecord.lastIndex(of: "@") ?? addressOfRecord.startIndex
    let host = addressOfRecord[at...].dropFirst()
    let isBare = host.contains(":") && !host.hasPrefix("[")
    let user = addressOfRecord[..<at]
    return "sip:\(user)\(user.isEmpty ? "" : "@")\(isBare ? "[\(host)]" : "\(host)")"
  }

  private static func registrarURI(_ registrar: Endpoint) -> String { "sip:\(registrar)" }

  private static func body(of facts: KnownBinding.Facts) -> String {
    var text = ""
    func put(_ name: String, _ number: some BinaryInteger) { text += "\(name) \(number)\r\n" }
    put("requested", facts.requested.nanoseconds)
    put("refreshed", facts.refreshed.nanoseconds)
    put("from", facts.from.nanoseconds)
    put("expires", facts.expires.nanoseconds)
    put("last-life", facts.lastLife.nanoseconds)
    put("granted", facts.grantedSeconds)
    if let seconds = facts.requestedSeconds { put("asked", seconds) }
    put("grant-source", facts.grantSource.rawValue)
    put("first-cseq", facts.firstCSeq)
    put("last-cseq", facts.lastCSeq)
    put("kept-call-ids", facts.keptCallIDs)
    put("fresh-call-ids", facts.freshCallIDs)
    if let open = facts.longestOpen { put("longest-open", open) }
    if !facts.silences.isEmpty {
      text += "silences \(facts.silences.map(String.init).joined(separator: ","))\r\n"
    }
    put("marks", facts.marks.rawValue)
    return text
  }

  /// The facts in a body; `nil` where one is missing or impossible.
  static func facts(in body: String) -> KnownBinding.Facts? {
    let numbers = StateText.fields(body)
    func time(_ name: Substring) -> Timestamp? {
      numbers[name].flatMap { Int64($0) }.map { Timestamp(nanoseconds: $0) }
    }
    func number(_ name: Substring) -> UInt32? { numbers[name].flatMap { UInt32($0) } }
    guard let requested = time("requested"), let refreshed = time("refreshed"),
      let from = time("from"), let expires = time("expires"), let lastLife = time("last-life"),
      let granted = number("granted"), let source = number("grant-source"),
      let grantSource = UInt8(exactly: source).flatMap(GrantSource.init(rawValue:)),
      let firstCSeq = number("first-cseq"), let lastCSeq = number("last-cseq"),
      let kept = number("kept-call-ids"), let fresh = number("fresh-call-ids"),
      let marks = number("marks")
    else { return nil }
    return KnownBinding.Facts(
      requested: requested, refreshed: refreshed, from: from, expires: expires,
      lastLife: lastLife, grantedSeconds: granted, requestedSeconds: number("asked"),
      grantSource: grantSource, firstCSeq: firstCSeq, lastCSeq: lastCSeq, keptCallIDs: kept,
      freshCallIDs: fresh, longestOpen: numbers["longest-open"].flatMap { Int64($0) },
      silences: (numbers["silences"] ?? "").split(separator: ",").prefix(8).compactMap {
        UInt32($0)
      },
      marks: KnownBinding.Marks(rawValue: marks))
  }
}

/// Lines of a name, a blank and a value.
enum StateText {
  /// The values by name; what is no such line is left out.
  static func fields(_ text: String) -> [Substring: Substring] {
    var fields: [Substring: Substring] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2 { fields[words[0]] = words[1] }
    }
    return fields
  }
}
