import Decode
import Registrations
import Rules
import SIP

/// Makes of a packet what a report quotes.
enum PacketQuote {
  /// Bytes of a value that are quoted: headers that matter are shorter, a stranger's may be longer.
  private static let longestValue = 200
  /// Fields of one message that are quoted.
  private static let mostFields = 14

  /// Headers that tell who registers what, from where, for how long, also by their compact forms.
  ///
  /// RFC 3261 7.3.3; digests and bodies are left to the packet itself.
  private static let names: [String: String] = [
    "via": "Via", "v": "Via", "from": "From", "f": "From", "to": "To", "t": "To",
    "call-id": "Call-ID", "i": "Call-ID", "cseq": "CSeq", "contact": "Contact", "m": "Contact",
    "expires": "Expires", "min-expires": "Min-Expires", "retry-after": "Retry-After",
    "user-agent": "User-Agent", "server": "Server", "warning": "Warning", "reason": "Reason",
    "path": "Path", "flow-timer": "Flow-Timer",
  ]

  static func message(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ sighting: Sighting
  ) -> QuotedPacket {
    let label =
      message.isRequest
      ? bytes.string(message.methodText)
      : "\(message.statusCode) \(bytes.string(message.reasonPhrase)) (\(method(message)))"
    var lines = lines(bytes, from: message.startOffset, to: message.headerEnd)[...]
    let startLine = lines.popFirst() ?? ""
    var fields = lines.compactMap(field)
    if fields.count > mostFields { fields.removeSubrange(mostFields...) }
    fields += digest(message, bytes)
    return QuotedPacket(
      source: sighting.source, destination: sighting.destination, label: cut(label),
      startLine: cut(startLine), fields: fields)
  }

  /// What a response answers.
  private static func method(_ message: borrowing SIPMessage) -> String {
    message.method == .other ? "other" : "\(message.method)".uppercased()
  }

  static func plain(_ label: String, _ sighting: Sighting) -> QuotedPacket {
    QuotedPacket(source: sighting.source, destination: sighting.destination, label: label)
  }

  /// An error goes from whoever reports it to the sender of what it quotes.
  static func icmp(_ error: ICMPError) -> QuotedPacket {
    QuotedPacket(
      source: Endpoint(address: error.reporter, port: 0), destination: error.source,
      label: "ICMP \(Wording.reason(error.reason))")
  }

  static func name(_ keepalive: Keepalive) -> String {
    switch keepalive {
    case .empty: "empty datagram"
    case .crlf: "CRLF"
    case .doubleCRLF: "double CRLF"
    case .zeros: "zero bytes"
    case .stun: "STUN"
    case .text: "text"
    }
  }

  /// What a challenge and its answer are about; nonces and digests are no proof a person reads.
  private static func digest(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> [QuotedPacket.Field] {
    var fields: [QuotedPacket.Field] = []
    if let challenge = message.challenge {
      let stale = challenge.isStale ? ", stale=true" : ""
      fields.append(
        .init(
          challenge.isProxy ? "Proxy-Authenticate" : "WWW-Authenticate",
          "Digest realm=\"\(cut(bytes.string(challenge.realm)))\"\(stale), ..."))
    }
    if let credentials = message.credentials {
      let user = cut(bytes.string(credentials.username))
      fields.append(
        .init(
          credentials.isProxy ? "Proxy-Authorization" : "Authorization",
          "Digest username=\"\(user)\", realm=\"\(cut(bytes.string(credentials.realm)))\", ..."))
    }
    return fields
  }

  private static func field(_ line: String) -> QuotedPacket.Field? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let name = line[..<colon].filter { $0 != " " && $0 != "\t" }.lowercased()
    guard let full = names[name] else { return nil }
    let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
    return QuotedPacket.Field(full, cut(String(value)))
  }

  private static func cut(_ text: String) -> String {
    guard text.utf8.count > longestValue else { return text }
    return String(decoding: text.utf8.prefix(longestValue), as: UTF8.self) + "..."
  }

  /// The lines of the header part, folded ones joined (RFC 3261 7.3.1).
  private static func lines(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> [String] {
    var lines: [String] = []
    var line: [UInt8] = []
    func finish(_ line: inout [UInt8]) {
      if line.last == 13 { line.removeLast() }
      guard !line.isEmpty else { return }
      let text = String(decoding: line, as: UTF8.self)
      if line[0] == 0x20 || line[0] == 0x09, !lines.isEmpty {
        lines[lines.count - 1] += text
      } else {
        lines.append(text)
      }
      line.removeAll(keepingCapacity: true)
    }
    for index in max(start, 0)..<min(max(end, start), bytes.count) {
      if bytes[index] == 10 { finish(&line) } else { line.append(bytes[index]) }
    }
    finish(&line)
    return lines
  }
}
