import Analysis
import Capture
import Decode
import Parameters
import Rules

/// Traffic of one account that makes its history grow in some way, message after message.
public enum HostileHistory: String, CaseIterable, Sendable {
  case callIDs = "new Call-IDs", contacts = "new contacts", ports = "new ports"
  case places = "two places in turn", contactLists = "20 contacts in each 200"
  case probes = "OPTIONS without answers", answeredProbes = "OPTIONS with answers"
  case unanswered = "REGISTERs without answers", refused = "REGISTERs refused"
  case repeated = "the same REGISTER", calls = "calls without answers"
  case answeredCalls = "calls with answers", loneAnswers = "answers to nothing"
  case registrars = "new registrars", removals = "registered and removed"
  case keepalives, errors = "ICMP errors", users = "new User-Agents"
  case answeredContacts = "answers with new contacts"
  case refusedElsewhere = "refused by new registrars"
  case errorsOnSome = "OPTIONS, and ICMP errors on every second"

  /// Frames number `round` brings, with the time since the frame before in milliseconds.
  fileprivate func frames(_ round: Int) -> [(pause: Int64, bytes: [UInt8])] {
    let phone = Self.end(0xC633_6450, UInt16(self == .ports ? 1024 + round % 60_000 : 5060))
    let isElsewhere = self == .registrars || self == .refusedElsewhere
    let home = Self.end(isElsewhere ? 0x0A00_0000 + UInt32(round) : 0xCB00_710A, 5060)
    let isAway = self == .places && round % 2 == 1
    let message = Line(kind: self, round: round, isAway: isAway)
    let source = isAway ? Self.end(0xC633_6451, 5060) : phone
    func out(_ text: String, _ pause: Int64 = 10) -> (Int64, [UInt8]) {
      (pause, Packets.datagram(Array(text.utf8), from: source, to: home, identification: 0))
    }
    func back(_ text: String, _ pause: Int64 = 10) -> (Int64, [UInt8]) {
      (pause, Packets.datagram(Array(text.utf8), from: home, to: source, identification: 0))
    }
    let registers = [out(message.request("REGISTER"), 1000), back(message.answer("REGISTER", 200))]
    let isFirst = round == 0
    let quote = Packets.datagram([], from: home, to: source)
    let error = Packets.packet(
      [3, 3, 0, 0, 0, 0, 0, 0] + quote, from: source.address, to: home.address, transport: 1, 0)
    switch self {
    case .callIDs, .contacts, .ports, .places, .contactLists, .users: return registers
    case .removals:
      return registers + [
        out(message.request("REGISTER", expires: 0, step: 1)),
        back(message.answer("REGISTER", 200, step: 1)),
      ]
    case .registrars: return [out(message.request("REGISTER"), 1000)]
    case .unanswered: return [out(message.request("REGISTER"), 5000)]
    case .answeredContacts: return [back(message.answer("REGISTER", 200), 1000)]
    case .refused, .refusedElsewhere:
      return [out(message.request("REGISTER"), 1000), back(message.answer("REGISTER", 403))]
    case .repeated: return [out(Line(kind: self, round: 0, isAway: false).request("REGISTER"), 500)]
    case .probes: return (isFirst ? registers : []) + [back(message.request("OPTIONS"), 1000)]
    case .answeredProbes:
      return (isFirst ? registers : []) + [
        back(message.request("OPTIONS"), 1000), out(message.answer("OPTIONS", 200)),
      ]
    case .calls: return (isFirst ? registers : []) + [back(message.request("INVITE"), 1000)]
    case .answeredCalls:
      return (isFirst ? registers : []) + [
        back(message.request("INVITE"), 1000), out(message.answer("INVITE", 200)),
        back(message.request("BYE", step: 1)), out(message.answer("BYE", 200, step: 1)),
      ]
    case .loneAnswers:
      return (isFirst ? registers : []) + [back(message.answer("REGISTER", 200), 1000)]
    case .keepalives: return (isFirst ? registers : []) + [out("\r\n\r\n", 1000)]
    case .errors:
      return (isFirst ? registers : []) + [back(message.request("OPTIONS"), 1000), (10, error)]
    case .errorsOnSome:
      let other = Line(kind: self, round: 1_000_000 + round, isAway: false).request("OPTIONS")
      return (isFirst ? registers : [])
        + [back(other, 1), back(message.request("OPTIONS"), 1), (1, error)]
    }
  }

  private static func end(_ address: UInt32, _ port: UInt16) -> Endpoint {
    Endpoint(address: IPAddress(ipv4: address), port: port)
  }
}

/// The messages of one round.
private struct Line {
  let kind: HostileHistory
  let round: Int
  let isAway: Bool

  private var callID: String {
    switch kind {
    case .callIDs, .calls, .answeredCalls, .loneAnswers, .probes, .answeredProbes,
      .answeredContacts:
      "call\(round)"
    default: isAway ? "away" : "call"
    }
  }

  private var contact: String {
    let user = kind == .contacts || kind == .answeredContacts ? "1001-\(round)" : "1001"
    return "<sip:\(user)@198.51.100.\(isAway ? 81 : 80):5060>;expires=60"
  }

  func request(_ method: String, expires: Int = 60, step: Int = 0) -> String {
    "\(method) sip:1001@203.0.113.10 SIP/2.0\r\n" + common(method, step)
      + "Expires: \(expires)\r\n" + (method == "REGISTER" ? "Contact: \(contact)\r\n" : "") + "\r\n"
  }

  func answer(_ method: String, _ status: Int, step: Int = 0) -> String {
    let list = (0..<20).map {
      ",<sip:1001@10.0.0.\($0):\(1024 + (round + $0) % 60_000)>;expires=60"
    }
    let contacts = contact + (kind == .contactLists ? list.joined() : "")
    return "SIP/2.0 \(status) Reason\r\n" + common(method, step)
      + (method == "REGISTER" ? "Contact: \(contacts)\r\n" : "") + "\r\n"
  }

  private func common(_ method: String, _ step: Int) -> String {
    let agent = kind == .users ? "Agent \(round)" : "Agent"
    return "Via: SIP/2.0/UDP 198.51.100.80;branch=z9hG4bK\(method)\(round)\r\n"
      + "From: <sip:1001@203.0.113.10>;tag=1\r\nTo: <sip:1001@203.0.113.10>\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(2 * round + step + 1) \(method)\r\nUser-Agent: \(agent)\r\n"
  }
}

/// One account's traffic on its way through a pipeline, and what it costs.
public struct HostileRun: ~Copyable {
  private let kind: HostileHistory
  private var pipeline = Pipeline(profile: Profile(), seed: 1)
  private var time = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)
  private var round = 0
  private var frames: UInt32 = 0

  /// A run without any traffic yet.
  public init(_ kind: HostileHistory) { self.kind = kind }

  /// Plays `count` frames or a few more, and gives the processor time of one in nanoseconds.
  public mutating func play(_ count: Int) -> Double {
    var script: [(header: FrameHeader, bytes: [UInt8])] = []
    while script.count < count {
      for frame in kind.frames(round) {
        time = time + .milliseconds(frame.pause)
        frames += 1
        script.append((Packets.header(frame.bytes, number: frames, at: time), frame.bytes))
      }
      round += 1
    }
    let begun = ProcessorTime.now
    for frame in script {
      pipeline.expect(frame.bytes.span)
      pipeline.take(frame.header, frame.bytes.span)
    }
    return Double(ProcessorTime.now - begun) / Double(script.count)
  }

  /// Judges what was played so far, and gives the processor time in nanoseconds.
  public mutating func judge() -> Double {
    let begun = ProcessorTime.now
    let diagnosis = pipeline.diagnoseSoFar(files: [], drops: nil)
    precondition(diagnosis.capture.frames == UInt64(frames), "every frame was taken in")
    return Double(ProcessorTime.now - begun)
  }
}
