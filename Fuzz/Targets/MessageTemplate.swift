import Decode

/// A message in four bytes: a fuzzer that has to spell SIP never gets to the histories behind it.
struct MessageTemplate {
  private static let methods = [
    "REGISTER", "OPTIONS", "INVITE", "BYE", "ACK", "CANCEL", "NOTIFY", "SUBSCRIBE", "MESSAGE",
  ]
  private static let statuses = [
    200, 401, 100, 180, 407, 403, 404, 408, 423, 480, 481, 486, 487, 500, 503, 603, 302, 202,
  ]
  private static let expiries: [UInt32?] = [nil, 0, 30, 60, 300, 3600, .max, 7]

  private let kind: UInt8
  private let names: UInt8
  private let sequence: UInt8
  private let contact: UInt8

  init(_ dealer: inout Dealer) {
    kind = dealer.byte()
    names = dealer.byte()
    sequence = dealer.byte()
    contact = dealer.byte()
  }

  /// The message; contacts are ends of the conversation.
  func text(_ ends: [Endpoint]) -> String {
    let isResponse = kind & 0x80 != 0
    let place = isResponse ? Int(sequence >> 6) : Int(kind & 0x7F)
    let method = Self.methods[place % Self.methods.count]
    let user = "\(1000 + Int(names & 3))"
    let status = Self.statuses[Int(kind & 0x7F) % Self.statuses.count]
    let home = ends[Int(contact >> 3 & 7)]
    let start =
      isResponse
      ? "SIP/2.0 \(status) Reason"
      : "\(method) sip:\(method == "REGISTER" ? "" : "\(user)@")203.0.113.10 SIP/2.0"
    let branch = "z9hG4bK\(method)-\(names >> 2 & 7)-\(sequence & 63)"
    let lines = [
      start, "Via: SIP/2.0/UDP \(home);branch=\(branch)\(returnPath(home, isResponse))",
      "From: <sip:\(user)@203.0.113.10>;tag=\(names & 3)",
      "To: <sip:\(user)@203.0.113.10>\(names & 0x80 == 0 ? "" : ";tag=to")",
      "Call-ID: \(names >> 2 & 7)@call", "CSeq: \(sequence & 63) \(method)",
    ]
    return (lines + extras(user, home, ends, isResponse, status)).joined(separator: "\r\n")
      + "\r\n\r\n"
  }

  /// RFC 3581: what the far side saw of the sender.
  private func returnPath(_ home: Endpoint, _ isResponse: Bool) -> String {
    guard names & 0x40 != 0 else { return "" }
    return isResponse ? ";received=198.51.100.80;rport=52094" : ";rport"
  }

  private func extras(
    _ user: String, _ home: Endpoint, _ ends: [Endpoint], _ isResponse: Bool, _ status: Int
  ) -> [String] {
    var lines: [String] = []
    let expires = Self.expiries[Int(contact & 7)]
    switch contact >> 6 {
    case 0:
      lines.append("Contact: <sip:\(user)@\(home)>\(expires.map { ";expires=\($0)" } ?? "")")
    case 1: if let expires { lines.append("Expires: \(expires)") }
    case 2:
      lines += ["Contact: *", "Expires: 0"]
    default:
      let other = ends[Int(contact & 7)]
      lines.append("Contact: <sip:\(user)@\(home)>;expires=60, <sip:\(user)@\(other)>;expires=300")
    }
    if isResponse, status == 401 || status == 407 {
      let name = status == 401 ? "WWW" : "Proxy"
      let stale = names & 0x20 == 0 ? "" : ", stale=true"
      lines.append("\(name)-Authenticate: Digest realm=\"r\", nonce=\"n\(sequence & 7)\"\(stale)")
    } else if isResponse, status == 423 {
      lines.append("Min-Expires: 90")
    } else if isResponse, status == 503 {
      lines.append("Retry-After: 30")
    } else if !isResponse, names & 0x20 != 0 {
      lines.append(
        "Authorization: Digest username=\"\(user)\", realm=\"r\", nonce=\"n\(sequence & 7)\","
          + " uri=\"sip:r\", response=\"0\"")
    }
    return lines + ["User-Agent: Agent \(names & 3)", "Content-Length: 0"]
  }
}
