/// What a token is for: one number, one place in the messages.
enum Purpose {
  static let branch: UInt64 = 1
  static let fromTag: UInt64 = 2
  static let callID: UInt64 = 3
  static let instance: UInt64 = 4
  static let response: UInt64 = 5
  static let cnonce: UInt64 = 6
  static let probeBranch: UInt64 = 7
  static let probeTag: UInt64 = 8
  static let probeCallID: UInt64 = 9
  static let answerTag: UInt64 = 10
  static let call: UInt64 = 11
}

/// Writes the SIP messages of a device and its switch (RFC 3261 7) into `text`.
struct Messages {
  var text = Text()

  /// REGISTER, with the device's nonce when `isAuthorized`.
  mutating func register(_ device: Device, isAuthorized: Bool) {
    text.clear()
    text.add("REGISTER sip:sip.example.net SIP/2.0\r\n")
    via(device)
    text.add(";rport\r\nMax-Forwards: 70\r\n")
    from(device)
    text.add("\r\nTo: ")
    addressOfRecord(device)
    callID(device)
    text.add("\r\nCSeq: ")
    text.add(device.sequence)
    text.add(" REGISTER\r\nContact: ")
    contact(device)
    text.add(";reg-id=1;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-")
    let unit = UInt64(device.number) ^ (device.unit << 40)
    text.add(hex: scattered(unit ^ (Purpose.instance << 56)), digits: 12)
    text.add(">\"\r\n")
    if isAuthorized { credentials(device) }
    text.add("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE, INFO\r\n")
    text.add("Supported: path, replaces, timer\r\n")
    userAgent(device)
    if device.asksPrivacy { text.add("Privacy: id\r\n") }
    text.add("Expires: ")
    text.add(device.asked ?? device.granted)
    text.add("\r\nContent-Length: 0\r\n\r\n")
  }

  /// 401 to the device's last REGISTER, with its nonce as the challenge.
  mutating func challenge(_ device: Device) {
    text.clear()
    text.add("SIP/2.0 401 Unauthorized\r\n")
    answerHeaders(device)
    text.add("WWW-Authenticate: Digest realm=\"sip.example.net\", nonce=\"")
    text.add(hex: device.nonce, digits: 16)
    text.add(hex: scattered(device.nonce), digits: 16)
    text.add("\", opaque=\"")
    text.add(hex: scattered(~device.nonce), digits: 16)
    text.add("\", algorithm=MD5, qop=\"auth\"\r\n")
    text.add("Server: Example Softswitch 2.1.9\r\nContent-Length: 0\r\n\r\n")
  }

  /// A final error to the device's last REGISTER.
  mutating func refuse(_ device: Device, status: UInt32) {
    text.clear()
    text.add("SIP/2.0 ")
    text.add(status)
    switch status {
    case 403: text.add(" Forbidden\r\n")
    case 409: text.add(" Conflict\r\n")
    case 423: text.add(" Interval Too Brief\r\nMin-Expires: 600\r\n")
    default: text.add(" Service Unavailable\r\n")
    }
    answerHeaders(device)
    text.add("Server: Example Softswitch 2.1.9\r\nContent-Length: 0\r\n\r\n")
  }

  /// 200 to the device's last REGISTER, with its binding unless that was removed, and with one more
  /// that has `left` seconds to go.
  mutating func accept(_ device: Device, beside other: (device: Device, left: UInt32)? = nil) {
    text.clear()
    text.add("SIP/2.0 200 OK\r\n")
    answerHeaders(device)
    if device.asked != 0 { binding(device, device.granted) }
    if let other { binding(other.device, other.left) }
    text.add("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE, INFO\r\n")
    text.add("Supported: path, replaces\r\nDate: Mon, 02 Mar 2026 08:00:00 GMT\r\n")
    text.add("Server: Example Softswitch 2.1.9\r\nContent-Length: 0\r\n\r\n")
  }

  /// OPTIONS from the switch to where the device is bound.
  mutating func probe(_ device: Device, _ sequence: UInt32) {
    text.clear()
    text.add("OPTIONS ")
    deviceURI(device)
    text.add(" SIP/2.0\r\n")
    probeHeaders(device, sequence, isAnswer: false)
    text.add("Max-Forwards: 70\r\nContact: <sip:probe@192.0.2.10:5060>\r\n")
    text.add("Accept: application/sdp, application/dtmf-relay\r\n")
    text.add("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE, INFO\r\n")
    text.add("User-Agent: Example Softswitch 2.1.9\r\nContent-Length: 0\r\n\r\n")
  }

  /// The device's 200 to a probe.
  mutating func probeAnswer(_ device: Device, _ sequence: UInt32) {
    text.clear()
    text.add("SIP/2.0 200 OK\r\n")
    probeHeaders(device, sequence, isAnswer: true)
    text.add("Contact: ")
    contact(device)
    text.add("\r\nAccept: application/sdp\r\nAccept-Language: en\r\n")
    text.add("Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, NOTIFY, REFER, UPDATE, INFO\r\n")
    text.add("Supported: path, replaces, timer\r\n")
    userAgent(device)
    text.add("Content-Length: 0\r\n\r\n")
  }

  // MARK: Headers

  private mutating func via(_ device: Device) {
    text.add("Via: SIP/2.0/UDP ")
    place(device.local)
    text.add(";branch=z9hG4bK")
    text.add(hex: device.token(Purpose.branch, device.sequence), digits: 16)
  }

  mutating func place(_ place: Place) {
    text.add(address: place.address)
    text.add(":")
    text.add(UInt32(place.port))
  }

  private mutating func addressOfRecord(_ device: Device) {
    text.add("\"Extension ")
    text.add(device.number + 100_000)
    text.add("\" <sip:")
    text.add(device.number + 100_000)
    text.add("@sip.example.net>")
  }

  private mutating func from(_ device: Device) {
    text.add("From: ")
    addressOfRecord(device)
    text.add(";tag=")
    text.add(hex: device.token(Purpose.fromTag), digits: 10)
  }

  private mutating func callID(_ device: Device) {
    text.add("\r\nCall-ID: ")
    text.add(hex: device.token(Purpose.callID), digits: 16)
    text.add("@")
    text.add(address: device.local.address)
  }

  private mutating func deviceURI(_ device: Device) {
    text.add("sip:")
    text.add(device.number + 100_000)
    text.add("@")
    place(device.isRewritten ? device.place : device.local)
  }

  private mutating func binding(_ device: Device, _ left: UInt32) {
    text.add("Contact: ")
    contact(device)
    text.add(";expires=")
    text.add(left)
    text.add("\r\n")
  }

  private mutating func contact(_ device: Device) {
    text.add("<")
    deviceURI(device)
    text.add(">")
  }

  /// The headers that an answer to REGISTER copies from it (RFC 3261 8.2.6.2, RFC 3581 4).
  private mutating func answerHeaders(_ device: Device) {
    via(device)
    let seen = device.mapped ?? device.place
    text.add(";received=")
    text.add(address: seen.address)
    text.add(";rport=")
    text.add(UInt32(seen.port))
    text.add("\r\n")
    from(device)
    text.add("\r\nTo: ")
    addressOfRecord(device)
    text.add(";tag=as")
    text.add(hex: device.token(Purpose.answerTag, device.sequence), digits: 8)
    callID(device)
    text.add("\r\nCSeq: ")
    text.add(device.sequence)
    text.add(" REGISTER\r\n")
  }

  private mutating func probeHeaders(_ device: Device, _ sequence: UInt32, isAnswer: Bool) {
    text.add("Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK-probe-")
    text.add(hex: device.token(Purpose.probeBranch, sequence), digits: 16)
    if isAnswer { text.add(";received=192.0.2.10;rport=5060\r\n") } else { text.add(";rport\r\n") }
    text.add("From: <sip:probe@192.0.2.10>;tag=")
    text.add(hex: device.token(Purpose.probeTag, sequence), digits: 8)
    text.add("\r\nTo: <")
    deviceURI(device)
    text.add(">")
    if isAnswer {
      text.add(";tag=")
      text.add(hex: device.token(Purpose.answerTag, sequence), digits: 8)
    }
    text.add("\r\nCall-ID: ")
    text.add(hex: device.token(Purpose.probeCallID, sequence), digits: 16)
    text.add("@192.0.2.10\r\nCSeq: ")
    text.add(sequence)
    text.add(" OPTIONS\r\n")
  }

  /// Credentials of the right form; the response proves nothing.
  private mutating func credentials(_ device: Device) {
    text.add("Authorization: Digest username=\"")
    text.add(device.number + 100_000)
    text.add("\", realm=\"sip.example.net\", nonce=\"")
    text.add(hex: device.nonce, digits: 16)
    text.add(hex: scattered(device.nonce), digits: 16)
    text.add("\", uri=\"sip:sip.example.net\", response=\"")
    text.add(hex: device.token(Purpose.response, device.sequence), digits: 16)
    text.add(hex: device.token(Purpose.cnonce, device.sequence), digits: 16)
    text.add("\", algorithm=MD5, cnonce=\"")
    text.add(hex: device.token(Purpose.cnonce, device.sequence), digits: 8)
    text.add("\", qop=auth, nc=")
    text.add(hex: UInt64(device.nonceUses), digits: 8)
    text.add("\r\n")
  }

  private mutating func userAgent(_ device: Device) {
    text.add("User-Agent: ")
    switch device.model {
    case 0: text.add("Deskphone T46 108.86.0.45 00:15:65:00:00:00")
    case 1: text.add("Deskphone T58 96.86.0.20")
    case 2: text.add("Conference GX 1.0.11.48")
    case 3: text.add("Adapter HT802 1.0.43.11")
    case 4: text.add("Softphone/5.2.1 (linux; x86_64)")
    case Device.softswitch: text.add("Example Softswitch 2.1.9")
    default: text.add("Handset-Base/8.55.1")
    }
    text.add("\r\n")
  }
}
