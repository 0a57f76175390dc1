import Capture

/// Phones that do the same things round after round: as many accounts after a year as after a day.
///
/// Each kind of phone gives work to another part of the history.
struct Population {
  /// What a phone does in every round of a minute.
  enum Habit: Int, CaseIterable {
    /// Registers anew in time, and answers a probe.
    case healthy
    /// Takes a new Call-ID each time.
    case freshCallIDs
    /// Comes through another port of its NAT each time; probes in between stay unanswered.
    case movingPorts
    /// Is refused with its credentials.
    case wrongPassword
    /// Gets no answer.
    case unanswered
    /// Comes from two places in turn.
    case flapping
    /// Registers anew after its time has run out.
    case late
    /// Removes its registration after half the time.
    case removing
  }

  private let start = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)
  private var time = Timestamp(nanoseconds: 0)
  private var frames: UInt32 = 0
  private var round = 0
  private var sequences: [String: Int] = [:]

  /// Plays one round and gives each frame to `take`.
  mutating func play(_ take: (FrameHeader, [UInt8]) -> Void) {
    for account in 0..<(2 * Habit.allCases.count) {
      guard let habit = Habit(rawValue: account % Habit.allCases.count) else { continue }
      time = start + .seconds(60 * round) + .milliseconds(1500 * account)
      play(habit, Phone(account: account, habit: habit, round: round), take)
    }
    round += 1
  }

  private mutating func play(
    _ habit: Habit, _ phone: Phone, _ take: (FrameHeader, [UInt8]) -> Void
  ) {
    // Late phones come in every second round: 120 s after 90 s were granted.
    if habit == .late && !round.isMultiple(of: 2) { return }
    let sequence = next(phone)
    send(phone, .fromPhone, phone.register(sequence, "expires=90", ""), take)
    if habit == .unanswered {
      for _ in 0..<3 { send(phone, .fromPhone, phone.register(sequence, "expires=90", ""), take) }
      return
    }
    let challenge = "WWW-Authenticate: Digest realm=\"example.com\", nonce=\"n\(sequence)\"\r\n"
    send(phone, .toPhone, phone.answer(sequence, "REGISTER", "401 Unauthorized", challenge), take)
    let credentials =
      "Authorization: Digest username=\"\(phone.user)\", realm=\"example.com\", nonce=\"n\(sequence)\","
      + " uri=\"sip:example.com\", response=\"0\"\r\n"
    let second = next(phone)
    send(phone, .fromPhone, phone.register(second, "expires=90", credentials), take)
    let granted = "Contact: <\(phone.contact)>;expires=90\r\n"
    let outcome = habit == .wrongPassword ? "401 Unauthorized" : "200 OK"
    let words = habit == .wrongPassword ? challenge : granted
    send(phone, .toPhone, phone.answer(second, "REGISTER", outcome, words), take)
    send(phone, .toPhone, phone.probe(sequence), take)
    if habit == .movingPorts { return }
    send(phone, .fromPhone, phone.answer(sequence, "OPTIONS", "200 OK", ""), take)
    send(phone, .fromPhone, "\r\n\r\n", take)
    guard habit == .removing else { return }
    let third = next(phone)
    send(phone, .fromPhone, phone.register(third, "expires=0", credentials), take)
    send(phone, .toPhone, phone.answer(third, "REGISTER", "200 OK", ""), take)
  }

  /// The next CSeq of the phone, without a gap.
  private mutating func next(_ phone: Phone) -> Int {
    sequences[phone.user, default: 0] += 1
    return sequences[phone.user, default: 0]
  }

  private enum Way { case fromPhone, toPhone }

  private mutating func send(
    _ phone: Phone, _ way: Way, _ payload: String, _ take: (FrameHeader, [UInt8]) -> Void
  ) {
    time = time + .milliseconds(20)
    frames &+= 1
    let registrar = Socket(address: [203, 0, 113, 10], port: 5060)
    let (source, destination) =
      way == .fromPhone ? (phone.socket, registrar) : (registrar, phone.socket)
    let bytes = frame(source, destination, Array(payload.utf8))
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: frames), time: time, linkType: .ethernet,
      capturedLength: bytes.count, originalLength: bytes.count)
    take(header, bytes)
  }

  private func frame(_ source: Socket, _ destination: Socket, _ payload: [UInt8]) -> [UInt8] {
    func pair(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)] }
    let ethernet = [UInt8](repeating: 2, count: 12) + [8, 0]
    // No checksums: as on a host that leaves them to its card.
    let internet =
      [0x45, 0] + pair(payload.count + 28) + pair(Int(frames) % 65_535 + 1) + [0, 0, 64, 17, 0, 0]
      + source.address + destination.address
    let user = pair(source.port) + pair(destination.port) + pair(payload.count + 8) + [0, 0]
    return ethernet + internet + user + payload
  }
}

private struct Socket {
  var address: [UInt8]
  var port: Int
}

/// One phone in one round, and what it and the registrar say.
private struct Phone {
  let user: String
  let callID: String
  let socket: Socket

  init(account: Int, habit: Population.Habit, round: Int) {
    user = "\(1000 + account)"
    callID = habit == .freshCallIDs ? "call-\(account)-\(round)" : "call-\(account)"
    let isElsewhere = habit == .flapping && !round.isMultiple(of: 2)
    let port = habit == .movingPorts ? 20_000 + round % 40_000 : 5060
    socket = Socket(
      address: [198, 51, isElsewhere ? 101 : 100, UInt8(account + 1)], port: port)
  }

  var contact: String { "sip:\(user)@\(host):\(socket.port)" }
  private var host: String { socket.address.map(String.init).joined(separator: ".") }

  func register(_ sequence: Int, _ parameter: String, _ headers: String) -> String {
    "REGISTER sip:example.com SIP/2.0\r\n"
      + common(sequence, "REGISTER", via: host)
      + "Contact: <\(contact)>;\(parameter)\r\n\(headers)Content-Length: 0\r\n\r\n"
  }

  func probe(_ sequence: Int) -> String {
    "OPTIONS \(contact) SIP/2.0\r\n" + common(sequence, "OPTIONS", via: "203.0.113.10")
      + "Content-Length: 0\r\n\r\n"
  }

  func answer(_ sequence: Int, _ method: String, _ status: String, _ headers: String) -> String {
    let via = method == "OPTIONS" ? "203.0.113.10" : host
    return "SIP/2.0 \(status)\r\n" + common(sequence, method, via: via)
      + "\(headers)Content-Length: 0\r\n\r\n"
  }

  private func common(_ sequence: Int, _ method: String, via: String) -> String {
    "Via: SIP/2.0/UDP \(via);branch=z9hG4bK\(method)\(user)\(sequence)\r\n"
      + "From: <sip:\(user)@example.com>;tag=t\(user)\r\nTo: <sip:\(user)@example.com>\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(sequence) \(method)\r\n"
  }
}
