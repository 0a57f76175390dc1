import Analysis
import Capture
import Decode
import Parameters
import Reports
import Rules

/// Traffic that tries to fill a table, one member after the other.
public enum HostileCrowd: String, CaseIterable, Sendable {
  case accounts = "accounts that register and are probed"
  case strangers = "accounts of one REGISTER"
  case tooMany = "more accounts than are followed"
  case callIDs = "Call-IDs of one account", userAgents = "User-Agents of one account"
  case contacts = "200 with 10,000 Contacts", headers = "messages of 64 KiB"
  case flows = "flows of OPTIONS", keepalives = "flows of keepalives"
  case media = "flows of RTP", answers = "answers to nothing"
  case fragments = "datagrams of which one fragment comes"
  case overlaps = "fragments that overlap", registrars, errors = "ICMP errors"
  case homes = "accounts with a registrar each"
  case words = "refusals of 60 KB", refused = "accounts that are refused"

  /// How many of them are tried.
  public var members: Int {
    switch self {
    case .accounts, .callIDs, .userAgents, .registrars, .homes, .refused: 1_000_000
    case .strangers: 2_000_000
    case .tooMany: 3_000_000
    case .contacts, .headers, .words: 10_000
    case .flows, .keepalives, .media, .answers, .fragments, .overlaps, .errors: 5_000_000
    }
  }

  /// The frames of one member.
  fileprivate func frames(_ member: Int) -> [[UInt8]] {
    let home = Self.end(0xCB00_710A, 5060)
    let number = UInt32(truncatingIfNeeded: member)
    let device = Self.end(0x0A00_0000 &+ number, 5060)
    let phone = Self.end(0xC633_6450, 5060)
    func sent(_ text: String, by source: Endpoint, to destination: Endpoint) -> [UInt8] {
      Packets.datagram(Array(text.utf8), from: source, to: destination)
    }
    switch self {
    case .accounts: return Self.life(number, device, home)
    case .strangers, .tooMany:
      return [sent(Self.register("u\(member)", "c\(member)"), by: device, to: home)]
    case .callIDs: return [sent(Self.register("u", "c\(member)"), by: phone, to: home)]
    case .userAgents:
      return [sent(Self.register("u", "c", "User-Agent: A\(member)\r\n"), by: phone, to: home)]
    case .registrars: return [sent(Self.register("u", "c"), by: phone, to: device)]
    case .homes:
      let home = Self.end(0x1400_0000 &+ number, 5060)
      return [sent(Self.register("u\(member)", "c\(member)"), by: device, to: home)]
    case .refused:
      return (0..<2).flatMap { step in
        let request = Self.register("u\(member)", "c\(member)", step: step)
        let answer = Self.answer(request, 403, "")
        return [sent(request, by: device, to: home), sent(answer, by: home, to: device)]
      }
    case .words:
      let words = String(repeating: "word ", count: 4000)
      let request = Self.register("u\(member)", "c\(member)", "User-Agent: \(member) \(words)\r\n")
      let answer = Self.answer(request, 403, "Warning: \(words)\r\nServer: \(words)\r\n")
      return [sent(request, by: device, to: home), sent(answer, by: home, to: device)]
    case .contacts:
      let request = Self.register("u", "c\(member)")
      let list = (0..<10_000).map { "m:" + String($0, radix: 36) }.joined(separator: ",")
      let answer = Self.answer(request, 200, "Contact: \(list)\r\n")
      return [sent(request, by: phone, to: home), sent(answer, by: home, to: phone)]
    case .headers:
      let kind = HostileMessage.allCases[member % HostileMessage.allCases.count]
      return [Packets.datagram(kind.bytes(size: 65_000), from: phone, to: home)]
    case .flows: return [sent(Self.options(number), by: home, to: device)]
    case .answers:
      return [sent(Self.answer(Self.options(number), 200, ""), by: device, to: home)]
    case .keepalives: return [sent("\r\n\r\n", by: device, to: home)]
    case .media: return [Packets.datagram(Self.rtp, from: device, to: Self.end(number, 4000))]
    case .fragments: return [Self.fragment(number, at: 0)]
    case .overlaps: return (0..<4).map { Self.fragment(number / 64, at: UInt16($0)) }
    case .errors:
      let quote = Packets.datagram([], from: home, to: device)
      let error = [3, 3, 0, 0, 0, 0, 0, 0] + quote
      return [Packets.packet(error, from: device.address, to: home.address, transport: 1, 0)]
    }
  }

  private static let rtp = [0x80, 0] + [UInt8](repeating: 1, count: 170)

  /// A registration with challenge, a probe and its answer.
  private static func life(_ number: UInt32, _ device: Endpoint, _ home: Endpoint) -> [[UInt8]] {
    let user = "\(100_000 + number)"
    let contact = "Contact: <sip:\(user)@\(device)>\r\n"
    let first = register(user, "c\(number)", contact)
    let second = register(
      user, "c\(number)", contact + "Authorization: Digest realm=\"r\", nonce=\"n\"\r\n", step: 1)
    let challenge = answer(first, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n")
    let grant = answer(second, 200, "Contact: <sip:\(user)@\(device)>;expires=300\r\n")
    let probe = options(number)
    func out(_ text: String) -> [UInt8] {
      Packets.datagram(Array(text.utf8), from: device, to: home)
    }
    func back(_ text: String) -> [UInt8] {
      Packets.datagram(Array(text.utf8), from: home, to: device)
    }
    return [
      out(first), back(challenge), out(second), back(grant), back(probe),
      out(answer(probe, 200, "")),
    ]
  }

  private static func register(
    _ user: String, _ callID: String, _ extra: String = "", step: Int = 0
  ) -> String {
    "REGISTER sip:203.0.113.10 SIP/2.0\r\n"
      + "Via: SIP/2.0/UDP 198.51.100.80:5060;branch=z9hG4bK\(callID)-\(step)\r\n"
      + "From: <sip:\(user)@203.0.113.10>;tag=1\r\nTo: <sip:\(user)@203.0.113.10>\r\n"
      + "Call-ID: \(callID)\r\nCSeq: \(step + 1) REGISTER\r\n\(extra)Expires: 300\r\n"
      + "Content-Length: 0\r\n\r\n"
  }

  private static func options(_ number: UInt32) -> String {
    "OPTIONS sip:\(number)@198.51.100.80 SIP/2.0\r\n"
      + "Via: SIP/2.0/UDP 203.0.113.10:5060;branch=z9hG4bKo\(number)\r\n"
      + "From: <sip:ping@203.0.113.10>;tag=1\r\nTo: <sip:\(number)@198.51.100.80>\r\n"
      + "Call-ID: o\(number)\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
  }

  /// An answer with the headers of its request (RFC 3261 8.2.6.2).
  private static func answer(_ request: String, _ status: Int, _ extra: String) -> String {
    let kept = ["Via", "From", "To", "Call-ID", "CSeq"]
    let lines = request.split(separator: "\r\n").filter { line in
      kept.contains { line.hasPrefix($0 + ":") }
    }
    return "SIP/2.0 \(status) Reason\r\n" + lines.joined(separator: "\r\n") + "\r\n\(extra)"
      + "Content-Length: 0\r\n\r\n"
  }

  /// A first fragment, or one of those after it (RFC 791: offsets in units of eight bytes).
  private static func fragment(_ number: UInt32, at step: UInt16) -> [UInt8] {
    Packets.packet(
      [UInt8](repeating: 0x41, count: 1400), from: IPAddress(ipv4: 0x0A00_0000 &+ number >> 16),
      to: IPAddress(ipv4: 0xCB00_710A), transport: 17, UInt16(truncatingIfNeeded: number),
      flags: 0x2000 | step * 100)
  }

  private static func end(_ address: UInt32, _ port: UInt16) -> Endpoint {
    Endpoint(address: IPAddress(ipv4: address), port: port)
  }
}

/// What became of a crowd.
public struct CrowdOutcome: Sendable {
  /// Packets taken in.
  public let packets: Int
  /// Processor time in seconds to take them in, and to judge them and write the report.
  public let seconds: (reading: Double, judging: Double)
  /// Accounts in the report.
  public let accounts: Int
  /// What the report says was left out.
  public let limits: [String]

  /// Plays `members` of a crowd through a pipeline, so many of them in one second of the capture.
  public init(_ crowd: HostileCrowd, members: Int, eachSecond: Int = 10_000) {
    var pipeline = Pipeline(profile: Profile(), seed: 1)
    let begin = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)
    var packets: UInt32 = 0
    var spent: Int64 = 0
    for start in stride(from: 0, to: members, by: 1000) {
      let script = (start..<min(start + 1000, members)).map { ($0, crowd.frames($0)) }
      let begun = ProcessorTime.now
      for (member, frames) in script {
        let time = begin + .nanoseconds(Int64(member) * (1_000_000_000 / Int64(eachSecond)))
        for (step, frame) in frames.enumerated() {
          packets += 1
          pipeline.expect(frame.span)
          let header = Packets.header(frame, number: packets, at: time + .microseconds(step))
          pipeline.take(header, frame.span)
        }
      }
      spent += ProcessorTime.now - begun
    }
    let begun = ProcessorTime.now
    let diagnosis = pipeline.diagnose(files: [], drops: nil)
    var report = ReportBuffer()
    TextReport.write(diagnosis, to: &report)
    seconds = (Double(spent) / 1e9, Double(ProcessorTime.now - begun) / 1e9)
    self.packets = Int(packets)
    accounts = diagnosis.accounts.count
    limits = diagnosis.capture.limits.filter { $0.count > 0 }.map { "\($0.limit): \($0.count)" }
  }
}
