import Capture
import Rules
import Testing

@Suite("The load of probes on a switch with very many endpoints")
struct ProbeLoadTests {
  /// The endpoints at which the documentation begins to advise a longer interval.
  private static let advised = 10_000

  @Test("is told for more endpoints than are advised, and for no fewer", arguments: [0, 1])
  func isTold(more: Int) throws {
    let diagnosis = diagnose(frames(endpoints: Self.advised + more, interval: 60))
    let found = diagnosis.findings.filter { $0.rule == "probe-load" }
    #expect(found.count == more)
    guard let finding = found.first else { return }
    #expect(finding.summary.contains("10001 endpoints every 60 s"))
    #expect(finding.summary.contains("about 166 probes a second"))
    #expect(finding.parameter?.recommended == "120 to 300")
  }

  /// Phones that register, and are probed twice.
  private func frames(endpoints: Int, interval: Int) -> [StoredFrame] {
    var frames: [StoredFrame] = []
    func send(_ payload: String, _ phone: Phone, fromPhone: Bool, milliseconds: Int) {
      let bytes = phone.frame(payload, fromPhone: fromPhone, number: frames.count)
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(frames.count + 1)),
        time: Timestamp(seconds: 1_800_000_000, nanoseconds: 0) + .milliseconds(milliseconds),
        linkType: .ethernet, capturedLength: bytes.count, originalLength: bytes.count)
      frames.append(StoredFrame(header: header, bytes: bytes))
    }
    for number in 0..<endpoints {
      let phone = Phone(number: number)
      send(phone.register, phone, fromPhone: true, milliseconds: 4 * number)
      send(phone.accepted, phone, fromPhone: false, milliseconds: 4 * number + 2)
    }
    for round in 1...2 {
      for number in 0..<endpoints {
        let phone = Phone(number: number)
        send(
          phone.probe(round), phone, fromPhone: false,
          milliseconds: round * interval * 1000 + 4 * number)
      }
    }
    return frames
  }
}

/// One endpoint, by its number.
private struct Phone {
  let user: String
  let address: [UInt8]

  init(number: Int) {
    user = "\(100_000 + number)"
    address = [198, 18, UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)]
  }

  private var host: String { address.map(String.init).joined(separator: ".") }
  private var contact: String { "sip:\(user)@\(host):5060" }

  var register: String {
    "REGISTER sip:example.com SIP/2.0\r\n" + headers("REGISTER", 1, via: host)
      + "Contact: <\(contact)>;expires=3600\r\nContent-Length: 0\r\n\r\n"
  }

  var accepted: String {
    "SIP/2.0 200 OK\r\n" + headers("REGISTER", 1, via: host)
      + "Contact: <\(contact)>;expires=3600\r\nContent-Length: 0\r\n\r\n"
  }

  func probe(_ round: Int) -> String {
    "OPTIONS \(contact) SIP/2.0\r\n" + headers("OPTIONS", round, via: "203.0.113.10")
      + "Content-Length: 0\r\n\r\n"
  }

  private func headers(_ method: String, _ sequence: Int, via: String) -> String {
    "Via: SIP/2.0/UDP \(via):5060;branch=z9hG4bK\(method)\(user)\(sequence)\r\n"
      + "From: <sip:\(user)@example.com>;tag=t\(user)\r\nTo: <sip:\(user)@example.com>\r\n"
      + "Call-ID: \(method)\(user)\r\nCSeq: \(sequence) \(method)\r\n"
  }

  func frame(_ payload: String, fromPhone: Bool, number: Int) -> [UInt8] {
    func pair(_ number: Int) -> [UInt8] { [UInt8(number >> 8 & 0xFF), UInt8(number & 0xFF)] }
    let bytes = Array(payload.utf8)
    let server: [UInt8] = [203, 0, 113, 10]
    let internet =
      [0x45, 0] + pair(bytes.count + 28) + pair(number % 65_535 + 1) + [0, 0, 64, 17, 0, 0]
      + (fromPhone ? address + server : server + address)
    let user = pair(5060) + pair(5060) + pair(bytes.count + 8) + [0, 0]
    return [UInt8](repeating: 2, count: 12) + [8, 0] + internet + user + bytes
  }
}
