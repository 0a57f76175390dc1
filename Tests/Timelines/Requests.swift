// How a request comes to its headers: what the line says, else what a common client would write.

extension Conversation {
  /// Builds the request that a line asks for.
  mutating func request(
    _ way: Way, _ method: String, _ options: Options
  ) throws(TimelineError) -> SentRequest {
    let dialog = try dialog(way, method, options)
    let user = options.text("user") ?? hosts[way.source].user
    let identity = try identity(way, method, options, dialog: dialog, user: user)
    let branch =
      options.text("branch")
      ?? (sharesBranch(method, with: dialog)
        ? dialog?.branch ?? ""
        : "z9hG4bK" + digits("branch", identity.callID, identity.cseq, method, count: 16))
    let host = hosts[way.source]
    let usualVia = try host.options.place("via")
    let sentBy = try options.place("via") ?? usualVia ?? host.inside
    let expires = try options.number("expires")
    let headerExpires = try options.number("expires-header")
    let usualExpires = method == "REGISTER" ? try host.options.number("expires") ?? 3600 : nil
    var request = SentRequest(
      label: options.text("as"), method: method, source: way.source, destination: way.destination,
      sourcePlace: way.sourcePlace ?? host.outside,
      destinationPlace: way.destinationPlace ?? hosts[way.destination].outside,
      uri: target(way, method, options, dialog: dialog),
      via: "SIP/2.0/UDP \(sentBy.hostPort);branch=\(branch)", branch: branch, sentBy: sentBy,
      asksForPort: !options.has("no-rport"), from: identity.from, to: identity.to,
      callID: identity.callID, cseq: identity.cseq, user: user,
      expires: expires ?? headerExpires ?? usualExpires)
    let contacts = contactHeaders(way, &request, options)
    request.bytes = try write(request, contacts: contacts, way, options)
    return request
  }

  private struct Identity {
    var callID: String
    var cseq: Int
    var from: String
    var to: String
  }

  private mutating func identity(
    _ way: Way, _ method: String, _ options: Options, dialog: SentRequest?, user: String?
  ) throws(TimelineError) -> Identity {
    let callID = callID(way, method, options, dialog: dialog, user: user)
    let key = "\(callID)|\(way.source)"
    let keepsNumber = method == "ACK" || method == "CANCEL"
    let next = keepsNumber ? dialog?.cseq ?? 1 : (sequence[key] ?? 0) + 1
    let cseq = try options.number("cseq") ?? next
    if !keepsNumber { sequence[key] = cseq }
    let tag = digits("tag", callID, way.source, starts[way.source], count: 10)
    var identity = Identity(callID: callID, cseq: cseq, from: "", to: "")
    if let dialog {
      let answerTag = answerTag(callID, by: dialog.destination)
      let isForward = dialog.source == way.source
      // RFC 3261 17.1.1.3, 9.1: CANCEL has the To of its INVITE, without a tag.
      let remote = method == "CANCEL" ? dialog.to : "\(dialog.to);tag=\(answerTag)"
      identity.from = isForward ? dialog.from : remote
      identity.to = isForward ? remote : dialog.from
    } else {
      let (from, to) = addresses(way, method, options, user: user)
      identity.from = "\(from);tag=\(tag)"
      identity.to = to
    }
    identity.from = options.text("from-header") ?? identity.from
    identity.to = options.text("to-header") ?? identity.to
    return identity
  }

  /// The Call-ID: one series for the registrations of a start, a new one for anything else.
  private mutating func callID(
    _ way: Way, _ method: String, _ options: Options, dialog: SentRequest?, user: String?
  ) -> String {
    if method == "REGISTER" {
      let key = "\(way.source)|\(user ?? "")|\(way.destination)"
      let name = hosts[way.source].options.text("call-id") ?? hosts[way.source].name
      let host = hosts[way.source].inside.host
      let first = "\(name)-\(starts[way.source])-\(digits(key, count: 8))@\(host)"
      let callID = options.text("call-id") ?? series[key] ?? first
      series[key] = callID
      return callID
    }
    if let callID = options.text("call-id") ?? dialog?.callID { return callID }
    let number = (counts[method] ?? 0) + 1
    counts[method] = number
    let name = method.lowercased()
    return "\(name)-\(number)-\(digits(name, number, count: 8))@\(hosts[way.source].inside.host)"
  }

  /// From, without tag, and To of a request outside of a dialog.
  private func addresses(
    _ way: Way, _ method: String, _ options: Options, user: String?
  ) -> (String, String) {
    let domain = domain(way)
    let own = user.map { "<sip:\($0)@\(domain)>" } ?? "<sip:\(domain)>"
    if method == "REGISTER" {
      let account = options.text("for") ?? user
      return (own, account.map { "<sip:\($0)@\(domain)>" } ?? own)
    }
    if let called = options.text("for") { return (own, "<sip:\(called)@\(domain)>") }
    if method == "OPTIONS" { return (own, "<\(target(way, method, options, dialog: nil))>") }
    let called = hosts[way.destination].user
    return (own, called.map { "<sip:\($0)@\(domain)>" } ?? "<sip:\(domain)>")
  }

  /// The domain both speak of: that of the side that is no phone.
  func domain(_ way: Way) -> String {
    let server = hosts[way.destination].user == nil ? way.destination : way.source
    return hosts[server].options.text("domain") ?? hosts[server].inside.host
  }

  /// The Request-URI: the registrar's domain, the Contact of the other side, or a number there.
  private func target(
    _ way: Way, _ method: String, _ options: Options, dialog: SentRequest?
  ) -> String {
    if let uri = options.text("uri") { return uri }
    if method == "REGISTER" { return "sip:\(domain(way))" }
    if sharesBranch(method, with: dialog) { return dialog?.uri ?? "sip:\(domain(way))" }
    if dialog != nil || hosts[way.destination].user != nil {
      return contactURI(way.destination, user: nil)
    }
    return options.text("for").map { "sip:\($0)@\(domain(way))" } ?? "sip:\(domain(way))"
  }

  /// The URI under which a host wants to be reached.
  func contactURI(_ index: Int, user: String?) -> String {
    let host = hosts[index]
    if let uri = host.options.text("contact") { return uri }
    return (user ?? host.user).map { "sip:\($0)@\(host.inside.hostPort)" }
      ?? "sip:\(host.inside.hostPort)"
  }

  /// The INVITE that a request inside a call belongs to.
  private func dialog(
    _ way: Way, _ method: String, _ options: Options
  ) throws(TimelineError) -> SentRequest? {
    let ends: Set = [way.source, way.destination]
    if let label = options.text("in") {
      guard let invite = sent.last(where: { $0.label == label }) else {
        throw TimelineError(line: options.line, message: "no request is called \(label)")
      }
      return invite
    }
    guard ["ACK", "BYE", "CANCEL"].contains(method) else { return nil }
    guard
      let invite = sent.last(where: {
        $0.method == "INVITE" && ends == [$0.source, $0.destination]
      })
    else { throw TimelineError(line: options.line, message: "\(method) without an INVITE") }
    return invite
  }

  /// Whether a request is part of the transaction of its INVITE (RFC 3261 9.1, 17.1.1.3).
  private func sharesBranch(_ method: String, with invite: SentRequest?) -> Bool {
    method == "CANCEL" || (method == "ACK" && (invite?.answer ?? 0) >= 300)
  }

  /// The To tag of an answer.
  func answerTag(_ callID: String, by host: Int) -> String {
    digits("answer", callID, host, starts[host], count: 10)
  }
}
