import Capture
import Decode
import Redaction
import SIP
import Testing

@Suite("A datagram in the smallest fragments stays a message when it is redacted")
struct RedactionFragmentTests {
  /// Much of it is replaced by something shorter.
  private static let message = Array(
    """
    REGISTER sip:d.example SIP/2.0\r
    Via: SIP/2.0/UDP 10.9.8.6:5060;rport;branch=z9hG4bKalice1\r
    Max-Forwards: 70\r
    From: <sip:alice@d.example>;tag=alices\r
    To: <sip:alice@d.example>\r
    Call-ID: alice-registers\r
    CSeq: 3 REGISTER\r
    Contact: <sip:alice@10.9.8.6:5060>\r
    Expires: 60\r
    X-Note: \(String(repeating: "alice ", count: 150))\r
    Content-Type: text/plain\r
    Content-Length: 9\r
    \r
    alice was
    """.utf8)

  private static func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }

  private static func ipv4(_ data: ArraySlice<UInt8>, _ offset: Int, _ more: Bool) -> [UInt8] {
    [0x45, 0] + number(20 + data.count) + [0, 7] + number((more ? 0x2000 : 0) | offset / 8)
      + [60, 17, 0, 0, 10, 9, 8, 6, 10, 9, 8, 7] + data
  }

  private static func ipv6(_ data: ArraySlice<UInt8>, _ offset: Int, _ more: Bool) -> [UInt8] {
    let prefix: [UInt8] = [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 11)
    return [0x60, 0, 0, 0] + number(8 + data.count) + [44, 60] + prefix + [6] + prefix + [7]
      + [17, 0] + number(offset | (more ? 1 : 0)) + [0, 0, 0, 7] + data
  }

  /// A datagram with `payload` in fragments of `size` bytes.
  private static func fragments(
    _ payload: [UInt8], size: Int, _ packet: (ArraySlice<UInt8>, Int, Bool) -> [UInt8]
  ) -> [StoredFrame] {
    let datagram = datagram(payload)
    let parts = stride(from: 0, to: datagram.count, by: size).map { offset in
      offset..<min(offset + size, datagram.count)
    }
    return fragments(datagram, parts, packet)
  }

  private static func datagram(_ payload: [UInt8]) -> [UInt8] {
    number(5060) + number(5060) + number(8 + payload.count) + [0, 1] + payload
  }

  /// These parts of a datagram in this order.
  private static func fragments(
    _ datagram: [UInt8], _ parts: [Range<Int>],
    _ packet: (ArraySlice<UInt8>, Int, Bool) -> [UInt8]
  ) -> [StoredFrame] {
    parts.enumerated().map { index, part in
      let bytes = packet(datagram[part], part.lowerBound, part.upperBound < datagram.count)
      return StoredFrame(
        header: FrameHeader(
          reference: FrameReference(file: 0, number: UInt32(index + 1)),
          time: Timestamp(nanoseconds: Int64(index) * 1000), linkType: .raw,
          capturedLength: bytes.count, originalLength: bytes.count),
        bytes: bytes)
    }
  }

  /// The payload that the frames make together, by the last of them; where they overlap, maybe by one
  /// before it.
  private static func payload(_ frames: [StoredFrame], overlapping: Bool = false) -> [UInt8]? {
    var decoder = Decoder(seed: 1)
    for frame in frames {
      guard case .datagram(let datagram) = decoder.decode(frame.header, frame.bytes.span),
        overlapping ? datagram.isReassembled : datagram.fragments == frames.count
      else { continue }
      let payload = decoder.reassembled
      return payload.indices.map { payload[$0] }
    }
    return nil
  }

  @Test("Fragments of so many bytes make the message again", arguments: [8, 16, 24, 32, 64, 512])
  func small(_ size: Int) throws {
    for packet in [Self.ipv4, Self.ipv6] {
      let frames = Self.fragments(Self.message, size: size, packet)
      let redacted = redact(frames).frames
      #expect(redacted.count == frames.count)
      let bytes = try #require(Self.payload(redacted))
      #expect(bytes.count <= Self.message.count)
      guard case .message(let message) = SIPParser.parse(bytes.span) else {
        Issue.record("\(String(decoding: bytes, as: UTF8.self)) is no message")
        continue
      }
      #expect(message.contactCount == 1 && message.expires == 60 && message.cseq == 3)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.hasSuffix("\r\nContent-Length: 9\r\n\r\nxxxxx xxx"))
      #expect(!text.contains("alice") && !text.contains("10.9.8"))
    }
  }

  @Test("Fragments that overlap make the message again, whatever comes first")
  func overlapping() throws {
    let datagram = Self.datagram(Self.message)
    let end = datagram.count
    let cuts: [[Range<Int>]] = [
      [0..<128, 64..<256, 256..<end], [64..<256, 0..<128, 256..<end],
      [256..<end, 0..<128, 64..<512], [0..<128, 0..<256, 64..<end],
      [512..<end, 256..<end, 0..<256], [0..<64, 256..<end, 512..<1024, 48..<256],
      [1024..<end, 0..<1032],
    ]
    for parts in cuts {
      let frames = Self.fragments(datagram, parts, Self.ipv4)
      let redacted = redact(frames).frames
      #expect(redacted.count == frames.count)
      let bytes = try #require(Self.payload(redacted, overlapping: true), "\(parts)")
      guard case .message(let message) = SIPParser.parse(bytes.span) else {
        Issue.record("\(parts): \(String(decoding: bytes, as: UTF8.self)) is no message")
        continue
      }
      #expect(message.contactCount == 1 && message.expires == 60 && message.cseq == 3)
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("alice") && !text.contains("10.9.8"), "\(parts)")
      #expect(text.hasSuffix("\r\n\r\nxxxxx xxx"), "\(parts)")
    }
  }

  @Test("In IPv6 fragments that overlap are no datagram, redacted or not (RFC 5722 4)")
  func overlappingInIPv6() {
    let datagram = Self.datagram(Self.message)
    let frames = Self.fragments(
      datagram, [0..<128, 64..<256, 256..<datagram.count], Self.ipv6)
    #expect(Self.payload(frames, overlapping: true) == nil)
    #expect(Self.payload(redact(frames).frames, overlapping: true) == nil)
  }

  @Test("Where fragments contradict each other the first one counts, as without redaction")
  func contradicting() throws {
    let datagram = Self.datagram(Self.message)
    let other = Self.datagram(Self.message.map { $0 == UInt8(ascii: "3") ? UInt8(ascii: "4") : $0 })
    let frames =
      Self.fragments(datagram, [0..<512], Self.ipv4)
      + Self.fragments(other, [0..<1024, 1024..<other.count], Self.ipv4)
    let numbered = frames.enumerated().map { index, frame in
      var frame = frame
      frame.header.reference = FrameReference(file: 0, number: UInt32(index + 1))
      return frame
    }
    let bytes = try #require(Self.payload(redact(numbered).frames, overlapping: true))
    #expect(String(decoding: bytes, as: UTF8.self).contains("CSeq: 3 REGISTER"))
  }

  @Test("Where nothing has to be drawn out the text is that of a whole datagram")
  func large() throws {
    let whole = Self.fragments(Self.message, size: 65_000, Self.ipv4)
    let single = try #require(redact(whole).frames.first).bytes.dropFirst(28)
    let cut = redact(Self.fragments(Self.message, size: 512, Self.ipv4)).frames
    #expect(try #require(Self.payload(cut)) == Array(single))
  }

  @Test("What has no header field stays as much SIP as it was")
  func headerless() throws {
    let line = "REGISTER sip:\(String(repeating: "alice.", count: 40))example SIP/2.0\r\n"
    let redacted = redact(Self.fragments(Array(line.utf8), size: 8, Self.ipv4)).frames
    let bytes = try #require(Self.payload(redacted))
    guard case .failure = SIPParser.parse(bytes.span) else {
      Issue.record("\(String(decoding: bytes, as: UTF8.self)) became something else")
      return
    }
    #expect(!String(decoding: bytes, as: UTF8.self).contains("alice"))
  }

  @Test("tshark reads the same message of them", .enabled(if: Wireshark.isInstalled))
  func tshark() throws {
    let fields = [
      "sip.Method", "sip.CSeq.seq", "sip.Expires", "sip.Content-Length", "sip.Via.sent-by.port",
      "udp.checksum.status",
    ]
    let frames = Self.fragments(Self.message, size: 8, Self.ipv4)
    let scratch = try Scratch()
    let path = try scratch.file(
      captureFile(redact(frames).frames, linkType: .raw), "redacted.pcap")
    let lines = try Wireshark.lines(
      "tshark",
      ["-r", path, "-o", "udp.check_checksum:TRUE", "-Y", "sip", "-T", "fields"]
        + fields.flatMap { ["-e", $0] })
    #expect(lines == ["REGISTER\t3\t60\t9\t5060\t1"])
  }
}
