// The text of messages, header by header (RFC 3261 7).

extension Conversation {
  /// The Contact headers of a request; notes in it the one a registrar will list.
  func contactHeaders(
    _ way: Way, _ request: inout SentRequest, _ options: Options
  ) -> [String] {
    let isRegister = request.method == "REGISTER"
    var suffix = ""
    if isRegister {
      if let instance = hosts[way.source].options.text("instance") {
        suffix += ";+sip.instance=\"<\(instance)>\""
      }
      if let expires = request.expires, !options.has("expires-header") {
        suffix += ";expires=\(expires)"
      }
    }
    let written = options.all("contact").compactMap(\.first?.text)
    if written == ["none"] { return [] }
    guard !written.isEmpty else {
      guard ["REGISTER", "INVITE", "SUBSCRIBE", "NOTIFY"].contains(request.method) else {
        return []
      }
      request.contact = "<\(contactURI(way.source, user: request.user))>"
      return ["\(request.contact ?? "")\(suffix)"]
    }
    return written.map { word in
      if word == "*" || word.hasPrefix("<") {
        request.contact = request.contact ?? (word == "*" ? nil : word.uriPart)
        return word
      }
      let host = hosts.firstIndex { $0.name == word }
      let contact = "<\(host.map { contactURI($0, user: nil) } ?? word)>"
      request.contact = request.contact ?? contact
      return contact + suffix
    }
  }

  /// The bytes of a request.
  mutating func write(
    _ request: SentRequest, contacts: [String], _ way: Way, _ options: Options
  ) throws(TimelineError) -> [UInt8] {
    var lines = ["\(request.method) \(request.uri) SIP/2.0"]
    lines.append("Via: \(request.via)\(request.asksForPort ? ";rport" : "")")
    lines.append("Max-Forwards: 70")
    lines += ["From: \(request.from)", "To: \(request.to)", "Call-ID: \(request.callID)"]
    lines.append("CSeq: \(request.cseq) \(request.method)")
    lines += contacts.map { "Contact: \($0)" }
    if options.has("expires-header") || contacts == ["*"], let expires = request.expires {
      lines.append("Expires: \(expires)")
    }
    if options.has("auth") { lines.append(credentials(request, way, options)) }
    if !options.has("no-agent") {
      if let agent = options.text("agent") ?? hosts[way.source].options.text("agent") {
        lines.append("User-Agent: \(agent)")
      }
    }
    return finish(lines, options)
  }

  /// An Authorization header that looks real; its response is made up and proves nothing.
  private mutating func credentials(
    _ request: SentRequest, _ way: Way, _ options: Options
  ) -> String {
    let challenge = challenges[[way.destination, way.source]]
    let realm = options.text("realm") ?? challenge?.realm ?? realm(way.destination, domain(way))
    let nonce = options.text("nonce") ?? challenge?.nonce ?? digits("nonce", 0, count: 32)
    let uses = (nonceUses[nonce] ?? 0) + 1
    nonceUses[nonce] = uses
    let count = String(uses, radix: 16)
    let padded = String(repeating: "0", count: max(0, 8 - count.count)) + count
    let name = challenge?.isProxy == true ? "Proxy-Authorization" : "Authorization"
    let cnonce = digits("cnonce", request.callID, request.cseq, count: 16)
    let response = digits("response", nonce, request.callID, request.cseq, count: 32)
    return "\(name): Digest username=\"\(request.user ?? "")\", realm=\"\(realm)\", "
      + "nonce=\"\(nonce)\", uri=\"\(request.uri)\", response=\"\(response)\", "
      + "cnonce=\"\(cnonce)\", qop=auth, nc=\(padded), algorithm=MD5"
  }

  private func realm(_ server: Int, _ domain: String) -> String {
    hosts[server].options.text("realm") ?? domain
  }

  /// Builds the response that a line asks for, with the addresses it goes from and to.
  mutating func response(
    _ way: Way, _ status: Int, _ options: Options
  ) throws(TimelineError) -> (bytes: [UInt8], source: Place, destination: Place) {
    let index = try answered(way, options)
    let request = sent[index]
    if status >= 200 {
      sent[index].isAnswered = true
      sent[index].answer = status
    }
    var via = request.via
    if request.asksForPort, !options.has("no-received") {
      // RFC 3581 4: the server fills in where the request came from.
      via += ";rport=\(request.sourcePlace.port);received=\(request.sourcePlace.text)"
    } else if request.asksForPort {
      via += ";rport"
    } else if request.sentBy.bytes != request.sourcePlace.bytes, !options.has("no-received") {
      via += ";received=\(request.sourcePlace.text)"  // RFC 3261 18.2.1.
    }
    var lines = ["SIP/2.0 \(status) \(options.text("reason") ?? reasonPhrase(status))"]
    lines += ["Via: \(via)", "From: \(options.text("from-header") ?? request.from)"]
    let isTagged = status == 100 || request.to.contains(";tag=")
    let tag = isTagged ? "" : ";tag=\(answerTag(request.callID, by: way.source))"
    lines.append("To: \(options.text("to-header") ?? request.to + tag)")
    lines += ["Call-ID: \(request.callID)", "CSeq: \(request.cseq) \(request.method)"]
    lines += try answerHeaders(status, request, way, options)
    if let agent = options.text("agent") ?? hosts[way.source].options.text("agent") {
      lines.append("\(hosts[way.source].user == nil ? "Server" : "User-Agent"): \(agent)")
    }
    return (
      finish(lines, options), way.sourcePlace ?? request.destinationPlace,
      way.destinationPlace ?? request.sourcePlace
    )
  }

  /// The request a response answers: the one named, else the latest still open, else the latest.
  private func answered(_ way: Way, _ options: Options) throws(TimelineError) -> Int {
    let label = options.text("to")
    let candidates = sent.indices.filter { index in
      sent[index].source == way.destination && sent[index].destination == way.source
        && sent[index].method != "ACK" && (label == nil || sent[index].label == label)
    }
    guard let index = candidates.last(where: { !sent[$0].isAnswered }) ?? candidates.last else {
      throw TimelineError(line: options.line, message: "there is no request this could answer")
    }
    return index
  }

  private mutating func answerHeaders(
    _ status: Int, _ request: SentRequest, _ way: Way, _ options: Options
  ) throws(TimelineError) -> [String] {
    var lines: [String] = []
    if request.method == "REGISTER", (200...299).contains(status) {
      lines += try listedContacts(request, options).map { "Contact: \($0)" }
      if let expires = options.text("expires-header") { lines.append("Expires: \(expires)") }
    } else if request.method == "INVITE", status > 100, status < 300 {
      lines.append("Contact: <\(contactURI(way.source, user: nil))>")
    }
    if status == 401 || status == 407 {
      nonces += 1
      let challenge = Challenge(
        realm: options.text("realm") ?? realm(way.source, domain(way.reversed)),
        nonce: options.text("nonce") ?? digits("nonce", nonces, count: 32), isProxy: status == 407)
      challenges[[way.source, way.destination]] = challenge
      let name = challenge.isProxy ? "Proxy-Authenticate" : "WWW-Authenticate"
      lines.append(
        "\(name): Digest realm=\"\(challenge.realm)\", nonce=\"\(challenge.nonce)\", "
          + "qop=\"auth\", algorithm=MD5\(options.has("stale") ? ", stale=true" : "")")
    }
    for (name, option) in [("Retry-After", "retry-after"), ("Min-Expires", "min-expires")] {
      if let value = try options.number(option) { lines.append("\(name): \(value)") }
    }
    return lines
  }

  /// What a registrar lists: the binding just made, and those the line names (RFC 3261 10.3 step 8).
  private func listedContacts(
    _ request: SentRequest, _ options: Options
  ) throws(TimelineError) -> [String] {
    let written = options.all("contact").compactMap(\.first?.text)
    var contacts: [String] = []
    if written.isEmpty {
      let granted = try options.number("expires") ?? request.expires ?? 3600
      if let own = request.contact, granted > 0 {
        contacts.append(options.has("expires-header") ? own : "\(own);expires=\(granted)")
      }
    } else if written != ["none"] {
      contacts += written.map { $0.hasPrefix("<") ? $0 : "<\($0)>" }
    }
    for pair in options.all("lists") {
      guard let name = pair.first?.text, let seconds = pair.last.flatMap({ Int($0.text) }) else {
        throw TimelineError(line: options.line, message: "lists needs HOST SECONDS")
      }
      let host = hosts.firstIndex { $0.name == name }
      contacts.append("<\(host.map { contactURI($0, user: nil) } ?? name)>;expires=\(seconds)")
    }
    return contacts
  }

  /// Adds the headers of every message and the body, and joins the lines.
  private func finish(_ lines: [String], _ options: Options) -> [UInt8] {
    let body = options.text("body") ?? ""
    let extra = options.all("header").compactMap(\.first?.text)
    let all = lines + extra + ["Content-Length: \(body.utf8.count)", "", body]
    return Array(all.joined(separator: "\r\n").utf8)
  }
}

extension String {
  /// The part of a Contact in angle brackets, brackets included.
  fileprivate var uriPart: String {
    guard let end = firstIndex(of: ">") else { return self }
    return String(self[...end])
  }
}

/// The reason phrases of RFC 3261 21 that timelines use.
private func reasonPhrase(_ status: Int) -> String {
  let phrases = [
    100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK", 202: "Accepted",
    301: "Moved Permanently", 302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    407: "Proxy Authentication Required", 408: "Request Timeout", 410: "Gone",
    420: "Bad Extension", 423: "Interval Too Brief", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated",
    489: "Bad Event", 500: "Server Internal Error", 501: "Not Implemented",
    503: "Service Unavailable", 504: "Server Time-out", 600: "Busy Everywhere", 603: "Decline",
    604: "Does Not Exist Anywhere", 606: "Not Acceptable",
  ]
  return phrases[status] ?? "Status \(status)"
}
