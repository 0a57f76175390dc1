@testable import Redaction
import SIP
import Testing

@Suite("Bodies keep how media are sent, and no number that could be anybody's")
struct RedactionBodyTests {
  private static func redacted(_ body: String, _ field: String) throws -> String {
    let text = """
      INVITE sip:bob@host.example SIP/2.0\r
      Via: SIP/2.0/UDP host.example;branch=z9hG4bKx\r
      From: <sip:alice@host.example>;tag=a\r
      To: <sip:bob@host.example>\r
      Call-ID: 1\r
      CSeq: 1 INVITE\r
      \(field)\r
      Content-Length: \(body.utf8.count)\r
      \r\n
      """
    let bytes = Array((text + body).utf8)
    guard case .message(let message) = SIPParser.parse(bytes.span) else { throw Unreadable() }
    let names = Pseudonyms(key: testKey, remembersAll: true)
    let rewritten = MessageRewriter(names: names).rewrite(bytes[...], message)
    return String(decoding: rewritten.suffix(body.utf8.count), as: UTF8.self)
  }

  struct Unreadable: Error {}

  private static let plain = [
    "v=0", "t=0 0", "b=AS:64", "b=TIAS:64000", "m=audio 49170 RTP/AVP 0 8 101",
    "m=video 49170/2 RTP/AVPF 96", "m=audio 0 RTP/AVP 0", "a=rtpmap:101 telephone-event/8000",
    "a=rtpmap:96 opus/48000/2", "a=fmtp:96 stereo=1;maxaveragebitrate=20000", "a=ptime:20",
    "a=maxptime:150", "a=sendrecv", "a=setup:actpass",
  ]

  @Test("Lines of a session description stay", arguments: plain)
  func kept(_ line: String) throws {
    for field in ["Content-Type: application/sdp", "c : Application/SDP;charset=utf-8"] {
      #expect(try Self.redacted(line + "\r\n", field) == line + "\r\n")
    }
  }

  @Test("In a body that is none, or not said to be one, no number does", arguments: plain)
  func other(_ line: String) throws {
    for field in ["Content-Type: text/plain", "Content-Type: application/sdpx", "Subject: x"] {
      let redacted = try Self.redacted(line, field)
      #expect(!redacted.contains { "123456789".contains($0) }, "\(redacted)")
      #expect(redacted.utf8.count == line.utf8.count)
    }
  }

  @Test(
    "Nor where the grammar has no number",
    arguments: [
      "b=198.51.100.7", "b=AS:198.51.100.7", "b=X:49301", "b=AS:49 30 123", "v=198.51.100.7",
      "v=49", "t=49 30 1234", "t=49 30123", "t=198.51.100.7 0", "a=fmtp:198.51.100.7 49 30 12345",
      "a=rtpmap:198.51.100.7 49/30", "a=ptime:198.51.100.7", "a=ptime:49 30 123",
      "m=198.51.100.7 49 30 123", "m=audio 198.51.100.7 RTP/AVP 0", "a=rtcp-fb:198.51.100.7 49",
      "o=49 30 1234 IN IP4 198.51.100.7", "c=IN IP4 198.51.100.7", "a=sendrecv:49 30 123",
      "198.51.100.7", "49 30 123",
    ])
  func numbers(_ line: String) throws {
    let redacted = try Self.redacted(line, "Content-Type: application/sdp")
    let kept = redacted.replacing("IP4", with: "").filter { "123456789".contains($0) }
    #expect(kept.isEmpty, "\(redacted)")
  }

  @Test("A line keeps the numbers that are right, and only these")
  func mixed() throws {
    func sdp(_ line: String) throws -> String {
      try Self.redacted(line, "Content-Type: application/sdp")
    }
    #expect(
      try sdp("m=audio 49170 RTP/AVP 0 198.51.100.7 4930 101")
        == "m=audio 49170 RTP/AVP 0 000.00.000.0 0000 101")
    #expect(try sdp("a=fmtp:101 mode=20;49301;x=30 12345") == "a=fmtp:101 mode=20;00000;x=00 00000")
    #expect(try sdp("a=rtpmap:8 PCMA/8000/1/49301") == "a=rtpmap:8 PCMA/0000/0/00000")
    #expect(try sdp("a=rtpmap:8 PCMA/198.51.100.7") == "a=rtpmap:8 PCMA/000.00.000.0")
  }
}
