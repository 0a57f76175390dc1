/// One leg of a call: between a party and the switch.
struct CallLeg {
  /// The accounts that call and are called.
  var caller: UInt32
  var callee: UInt32
  /// Names the call on this leg.
  var token: UInt64
  /// Who sent the INVITE and who got it, as they know themselves.
  var from: Place
  var to: Place
}

/// Both legs of a call through the switch, which gives each a Call-ID of its own.
struct CallLegs {
  var incoming: CallLeg
  var outgoing: CallLeg
}

/// A request within a call.
enum CallStep: UInt64 {
  case invite = 1
  case ack
  case bye
  /// BYE of the side that was called.
  case byeOfCallee
  /// ACK of a final answer that is no 2xx: part of the INVITE's transaction (RFC 3261 17.1.1.3).
  case ackOfRefusal

  fileprivate var method: StaticString {
    switch self {
    case .invite: "INVITE"
    case .ack, .ackOfRefusal: "ACK"
    case .bye, .byeOfCallee: "BYE"
    }
  }

  fileprivate var sequence: UInt32 { self == .bye ? 2 : 1 }
  /// Names its transaction within the call.
  fileprivate var transaction: UInt64 { self == .ackOfRefusal ? Self.invite.rawValue : rawValue }
  fileprivate var isReversed: Bool { self == .byeOfCallee }
}

extension Messages {
  /// A request of a call.
  mutating func call(_ step: CallStep, _ leg: CallLeg) {
    text.clear()
    text.add(step.method)
    text.add(" sip:")
    text.add((step.isReversed ? leg.caller : leg.callee) + 100_000)
    text.add("@")
    place(step.isReversed ? leg.from : leg.to)
    text.add(" SIP/2.0\r\n")
    callHeaders(step, leg, isAnswer: false)
    text.add("Max-Forwards: 70\r\n")
    callContact(step.isReversed ? leg.callee : leg.caller, step.isReversed ? leg.to : leg.from)
  }

  /// The 200 to a request of a call.
  mutating func callAnswer(_ step: CallStep, _ leg: CallLeg) {
    text.clear()
    text.add("SIP/2.0 200 OK\r\n")
    callHeaders(step, leg, isAnswer: true)
    callContact(step.isReversed ? leg.caller : leg.callee, step.isReversed ? leg.from : leg.to)
  }

  /// The answer to an INVITE for an account of which no device is registered.
  mutating func callRefusal(_ leg: CallLeg) {
    text.clear()
    text.add("SIP/2.0 480 Temporarily Unavailable\r\n")
    callHeaders(.invite, leg, isAnswer: true)
    text.add("Content-Length: 0\r\n\r\n")
  }

  private mutating func callContact(_ number: UInt32, _ place: Place) {
    text.add("Contact: <sip:")
    text.add(number + 100_000)
    text.add("@")
    self.place(place)
    text.add(">\r\nContent-Length: 0\r\n\r\n")
  }

  private mutating func callHeaders(_ step: CallStep, _ leg: CallLeg, isAnswer: Bool) {
    text.add("Via: SIP/2.0/UDP ")
    place(step.isReversed ? leg.to : leg.from)
    text.add(";branch=z9hG4bK-call-")
    text.add(hex: scattered(leg.token &+ step.transaction), digits: 16)
    text.add(";rport\r\n")
    let hasTag = isAnswer || step != .invite
    callParty("From: ", step.isReversed ? leg.callee : leg.caller, leg, isCaller: !step.isReversed)
    text.add("\r\n")
    callParty(
      "To: ", step.isReversed ? leg.caller : leg.callee, leg, isCaller: step.isReversed,
      hasTag: hasTag)
    text.add("\r\nCall-ID: ")
    text.add(hex: leg.token, digits: 16)
    text.add("@sip.example.net\r\nCSeq: ")
    text.add(step.sequence)
    text.add(" ")
    text.add(step.method)
    text.add("\r\n")
  }

  private mutating func callParty(
    _ header: StaticString, _ number: UInt32, _ leg: CallLeg, isCaller: Bool, hasTag: Bool = true
  ) {
    text.add(header)
    text.add("<sip:")
    text.add(number + 100_000)
    text.add("@sip.example.net>")
    guard hasTag else { return }
    text.add(";tag=")
    text.add(hex: scattered(leg.token ^ (isCaller ? 1 : 2)), digits: 8)
  }
}
