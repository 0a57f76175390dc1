import Testing
import Timelines

@Suite("Captures made from timelines")
struct CaptureFileTests {
  private let mixture =
    hosts + """
      host six [2001:db8::10]:5060
      host phone6 [2001:db8:1::5]:5062 user 1006
      0 phone -> switch registers expires 60
      1 phone6 -> six registers
      2 switch -> phone OPTIONS answered 404
      3 switch -> phone OPTIONS
      4 icmp 198.51.100.1 -> switch port-unreachable quoting phone
      5 six -> phone6 INVITE user 7
      6 icmp 2001:db8:1::1 -> six host-unreachable quoting phone6
      7 phone -> switch keepalive doublecrlf
      """

  @Test("the same text gives the same bytes")
  func deterministic() throws {
    #expect(try Timeline(mixture).captureBytes() == Timeline(mixture).captureBytes())
  }

  @Test("any cut of the frames gives two captures that make the whole")
  func cuts() throws {
    let timeline = try Timeline(mixture)
    let whole = timeline.captureBytes()
    for cut in 0...timeline.frames.count {
      let head = timeline.captureBytes(frames: 0..<cut)
      let tail = timeline.captureBytes(frames: cut..<timeline.frames.count)
      #expect(head + tail.dropFirst(24) == whole)
    }
    #expect(timeline.captureBytes(frames: 900..<1000).count == 24)
  }

  @Test("IPv4 identifications rise with each packet of a host")
  func identifications() throws {
    let frames = try Timeline(hosts + "0..9 every 1 switch -> phone OPTIONS answered 200").frames
    for sender: UInt8 in [203, 198] {
      let numbers = frames.filter { $0.bytes[26] == sender }.map {
        Int($0.bytes[18]) << 8 | Int($0.bytes[19])
      }
      #expect(numbers == Array(1...10))
    }
  }

  @Test("an ICMP error quotes the packet that caused it")
  func quotation() throws {
    let frames = try Timeline(
      hosts + """
        3 switch -> phone OPTIONS
        4 icmp 198.51.100.1 -> switch port-unreachable quoting phone
        """
    ).frames
    let (cause, error) = (frames[0].bytes, frames[1].bytes)
    #expect(Array(error[34..<36]) == [3, 3])
    #expect(Array(error[42...]) == Array(cause[14...].prefix(548)))
  }

  @Test(
    "an independent reader finds the same messages, nothing malformed and right checksums",
    .enabled(if: TShark.path != nil, "tshark is not installed"))
  func independentReader() throws {
    let lines = try TShark.fields(
      [
        "sip.Method", "sip.Status-Code", "sip.CSeq.seq", "ip.checksum.status",
        "udp.checksum.status", "icmp.checksum.status", "icmpv6.checksum.status", "_ws.malformed",
      ], of: Timeline(mixture).captureBytes())
    // Status 1 is a good checksum; a quoted packet adds the one of its IP header.
    #expect(
      lines == [
        "REGISTER||1|1|1|||", "|401|1|1|1|||", "REGISTER||2|1|1|||", "|200|2|1|1|||",
        "REGISTER||1||1|||", "|401|1||1|||", "REGISTER||2||1|||", "|200|2||1|||",
        "OPTIONS||1|1|1|||", "|404|1|1|1|||", "OPTIONS||1|1|1|||", "OPTIONS||1|1,1|1|1||",
        "INVITE||1||1|||", "INVITE||1||1||1|", "|||1|1|||",
      ])
  }
}
