import SIP
import Testing

/// The form nearly every header has is read in a way of its own, which must read what the other does.
///
/// White space at the end of a line means nothing, and no line with it has the plain form.
@Suite("Plain and any other form")
struct PlainFormTests {
  static let messages = [
    RobustnessTests.rich,
    wire(
      """
      REGISTER sip:sip.example.net SIP/2.0
      Via: SIP/2.0/UDP 192.168.1.22:5060;branch=z9hG4bK56705cf4;rport
      Max-Forwards: 70
      From: "Extension 100346" <sip:100346@sip.example.net>;tag=5d1e2729b1
      To: "Extension 100346" <sip:100346@sip.example.net>
      Call-ID: 79dced9760272141@192.168.1.22
      CSeq: 1 REGISTER
      Contact: <sip:100346@192.168.1.22:5060>;reg-id=1;+sip.instance="<urn:uuid:0-78b9f5>";expires=60
      User-Agent: Adapter HT802
      Content-Length: 0


      """),
    wire(
      """
      SIP/2.0 401 Not Authorized
      Via: SIP/2.0/UDP 192.168.1.22;branch=z9hG4bK567;received=198.18.0.43;rport=30000
      From: Bob <sip:bob@sip.example.net;user=phone>;tag=5d1e2729b1
      To: <sip:bob@sip.example.net:5070>;tag=as31c08225
      Call-ID: 79dced9760272141@192.168.1.22
      CSeq: 2147483647 REGISTER
      Contact: Bob <sip:bob@192.0.2.4;transport=tcp;lr>;expires=60
      WWW-Authenticate: Digest realm="sip.example.net", nonce="5c92a9a28f8165bb"
      Content-Length: 12

      Body of text
      """),
    wire(
      """
      OPTIONS sip:100@192.0.2.4:5061 SIP/2.0
      Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK2
      From: <sip:pbx@192.0.2.1>;tag=1
      To: <sip:100@192.0.2.4>
      Call-ID: 1
      CSeq: 102 OPTIONS
      Contact: <sip:pbx@192.0.2.1:5060>
      Content-Length: 0
      User-Agent: Softswitch


      """),
  ]

  static let marks =
    [
      " ", "\t", "\"", "\\", "<", ">", ";", ",", ":", "=", "@", "?", "[", "]", "/", "*", "\0", "0",
      "99999", "A", "-", ";x", "=x", " ,", ";rport", ";tag=\"q\"", ";lr;x=\"y\"", ";transport=udp",
    ].map { Array($0.utf8) } + [[0x80], [0xFF], [0x7F]]

  /// Everything that was read, as text; the same for the same meaning.
  private func facts(_ parsed: Parsed) -> [String] {
    guard let message = parsed.recognised else { return ["no SIP"] }
    let addresses = [message.requestURI, message.from, message.to].map { address in
      "\(address.scheme) \(address.port) "
        + parsed.texts(address.uri, address.user, address.host, address.tag)
    }
    let vias = [message.via, message.secondVia ?? SIPVia()].map { via in
      "\(via.port) \(via.rport) \(via.hasRport) \(via.hasMagicCookie) "
        + parsed.texts(via.transport, via.host, via.branch, via.received)
    }
    let contacts = ([message.firstContact] + parsed.contacts).map { contact in
      "\(contact.scheme) \(contact.port) \(contact.expires as Any) \(contact.regID as Any) "
        + "\(contact.q as Any) "
        + parsed.texts(
          contact.uri, contact.user, contact.host, contact.transport, contact.instance)
    }
    let texts = [
      message.methodText, message.reasonPhrase, message.callID, message.userAgent,
      message.challenge?.nonce ?? ByteRange.none, message.credentials?.nonce ?? ByteRange.none,
    ].map(parsed.text)
    let numbers = """
      \(message.isRequest) \(message.method) \(message.statusCode) \(message.cseq) \
      \(message.viaCount) \(message.contactCount) \(message.hasWildcardContact) \
      \(message.expires as Any) \(message.contentLength as Any) \(message.isHeaderComplete) \
      \(message.startOffset) \(parsed.bytes.count - message.headerEnd) \(parsed.failure as Any)
      """
    return addresses + vias + contacts + texts + [numbers]
  }

  /// Puts a space behind each line of the header, save where the next one continues it.
  private func spaced(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isBody = false
    for (index, byte) in bytes.enumerated() {
      let line = bytes[index...].prefix(3)
      if line.starts(with: [0x0D, 0x0A]), !isBody {
        isBody = result.last == 0x0A
        if !isBody, line.last != 0x20, line.last != 0x09 { result.append(0x20) }
      }
      result.append(byte)
    }
    return result
  }

  private func compare(_ bytes: [UInt8]) {
    if facts(Parsed(bytes)) != facts(Parsed(spaced(bytes))) {
      Issue.record("read in two ways: \(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
  }

  @Test("both read the same, whatever stands at whatever place", arguments: messages)
  func insertions(message: [UInt8]) {
    compare(message)
    for place in message.indices where message[place] >= 0x20 {
      let mark = Self.marks[place % Self.marks.count]
      compare(message[..<place] + mark + message[place...])
      compare(message[..<place] + mark + message[(place + 1)...])
      compare(Array(message[..<place] + message[(place + 1)...]))
    }
  }

  @Test("both read the same of messages changed at several places", arguments: messages)
  func changes(message: [UInt8]) {
    var random = RobustnessTests.Seeded(state: UInt64(message.count))
    for _ in 0..<600 {
      var changed = message
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<changed.count, using: &random)
        guard changed[place] >= 0x20 else { continue }
        let mark = Self.marks[Int.random(in: 0..<Self.marks.count, using: &random)]
        changed.replaceSubrange(place..<place + Int.random(in: 0...1, using: &random), with: mark)
      }
      compare(changed)
    }
  }

  @Test("what follows in memory changes nothing, wherever the datagram ends", arguments: messages)
  func behindTheEnd(message: [UInt8]) {
    for length in message.indices {
      let cut = Array(message[..<length])
      let alone = facts(Parsed(cut))
      let tails = ["\r\n\r\n          ", "7777777777777777777"].map { Array($0.utf8) }
      for tail in tails + [Array(message[length...])] {
        if facts(Parsed(cut, followedBy: tail)) != alone {
          Issue.record("\(length) bytes are read with what follows them")
        }
      }
    }
  }
}

extension Parsed {
  fileprivate func texts(_ ranges: ByteRange...) -> String {
    ranges.map { text($0) }.joined(separator: "|")
  }
}
