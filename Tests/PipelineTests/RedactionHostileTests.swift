import Capture
import Decode
import Foundation
import FuzzTargets
import Redaction
import Rules
import SIP
import Testing

@Suite("Redaction survives whatever a capture holds")
struct RedactionHostileTests {
  private static let sources: [String] = [
    "ip-fragments.pcap", "nat-pinhole-loss.pcap", "wrong-password-401.pcap",
  ]

  /// Some frames of every lab capture that has what is rare.
  private static func frames(_ name: String, step: Int) throws -> [StoredFrame] {
    try storedFrames(path: Place.lab.appending(path: name).path).enumerated()
      .filter { $0.offset % step < 4 }.map(\.element)
  }

  @Test("Flipped bits, in any layer", arguments: sources, 1...3)
  func flipped(_ name: String, _ seed: Int) throws {
    var dice = Dice(UInt64(seed))
    let frames = try Self.frames(name, step: 12).map { frame in
      var frame = frame
      for _ in 0..<1 + dice.number(below: 8) where !frame.bytes.isEmpty {
        frame.bytes[dice.number(below: frame.bytes.count)] ^= 1 << UInt8(dice.number(below: 8))
      }
      return frame
    }
    let redacted = redact(frames).frames
    #expect(redacted.map(\.header.reference) == frames.map(\.header.reference))
    // What came of it is read like the original: no more and no fewer datagrams.
    #expect(diagnose(redacted).capture.datagrams == diagnose(frames).capture.datagrams)
  }

  @Test("Frames cut anywhere")
  func cut() throws {
    let frames = try Self.sources.flatMap { try Self.frames($0, step: 200) }
    for frame in frames {
      for length in stride(from: 0, through: frame.bytes.count, by: 5) {
        let cut = frame.cut(to: length)
        let redacted = redact([cut]).frames
        #expect(redacted.count == 1)
        #expect(redacted[0].header.isCut == cut.header.isCut)
        #expect(redacted[0].header.capturedLength == redacted[0].bytes.count)
      }
    }
  }

  @Test("Bytes without any sense, of every link type")
  func noise() {
    var dice = Dice(5)
    for type in [0, 1, 9, 12, 50, 51, 101, 104, 108, 113, 228, 229, 276, 147] as [UInt32] {
      for length in 0..<90 {
        var bytes = (0..<length).map { _ in UInt8(dice.number(below: 256)) }
        // Half of them begin like IP, so that something is read of them.
        if length % 2 == 0, !bytes.isEmpty { bytes[0] = length % 4 == 0 ? 0x45 : 0x60 }
        let header = FrameHeader(
          reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
          linkType: LinkType(rawValue: type), capturedLength: length, originalLength: length + 3)
        #expect(redact([StoredFrame(header: header, bytes: bytes)]).frames.count == 1)
      }
    }
  }

  /// Messages that no implementation should send.
  private static let messages: [String] = [
    "SIP/2.0 200 OK", "REGISTER sip: SIP/2.0\r\n", "REGISTER sip:@ SIP/2.0\r\n\r\n",
    "INVITE sip:[::1 SIP/2.0\r\nVia: SIP/2.0/UDP [\r\n", "OPTIONS sip:a@[ SIP/2.0\r\nVia: ,;,;\r\n",
    "REGISTER sip:a SIP/2.0\r\nContact: \"\\", "REGISTER sip:a SIP/2.0\r\nContact: <<<>>>;;;==,,*",
    "REGISTER sip:a SIP/2.0\r\nFrom: \"a\\\"b\" <sip:x@y;z=\"q>\r\nTo: ,\r\n:\r\n\r\n",
    "REGISTER sip:a SIP/2.0\r\nAuthorization: Digest a=,b=\"\\\",=c,d\r\nWarning: \"\r\n",
    "HELLOREGISTER sip:a SIP/2.0\r\nCSeq: \r\nVia: / / ;\r\n\r\n",
    "REGISTER sip:a:b:c:d SIP/2.0\r\n",
    "BYE sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP fe80:0:0:21a]:5060\r\nFrom: <sip:a@fe80:0:0:a]0:32e0>\r\n"
      + "To: <sip:a@fe80:0:0:21a:a0ff:fe07\u{B0}:1>\r\nCall-ID: 1\r\nCSeq: 2 BYE\r\n\r\n",
    "\r\n\r\n\0\0SIP/2.0 99999999999999999999 X\r\n", "REGISTER tel:;;= SIP/2.0\r\n \r\n\t\r\n",
  ]

  @Test("Messages that no one should send, whole and in pieces", arguments: messages)
  func message(_ text: String) {
    let bytes = Array(text.utf8)
    for end in 0...bytes.count {
      let frame = Self.raw(Array(bytes[..<end]))
      let redacted = redact([frame]).frames[0]
      // As much a message, a broken message or nothing of SIP as it was.
      #expect(
        Self.kind(Array(redacted.bytes.dropFirst(28))) == Self.kind(Array(bytes[..<end])),
        "\(text.prefix(end)) became \(String(decoding: redacted.bytes.dropFirst(28), as: UTF8.self))"
      )
    }
  }

  /// What addresses, hosts and Vias are made of, in order or not.
  private static let pieces = [
    "sip:", "sips:", "tel:", "isbn:", "alice", "@", ":", "::", "fe80", "0", "5060", "99999", "[",
    "]",
    "<", ">", "\"", "\\", ";", ",", " ", "\t", "\0", "=", "?", "192.0.2.1", "[2001:db8::1]",
    "2001:db8::1",
    "fe80:0:0:0:21a:a0ff:fe07:32e0", "tag", "branch=z9hG4bKx", "transport=udp", "*", "/",
    "SIP/2.0/UDP",
    "\u{B0}", "%41", "expires=60", "\r\n ",
  ]

  @Test("A header put together of pieces of addresses keeps its message's kind", arguments: 1...2)
  func assembled(_ seed: UInt64) {
    var dice = Dice(seed)
    let beginnings = [
      "REGISTER sip:host", " SIP/2.0\r\nVia: SIP/2.0/UDP host", "\r\nFrom: <sip:alice@host>",
      "\r\nTo: sip:alice@", "\r\nCall-ID: a", "\r\nCSeq: 1 REGISTER\r\nContact: <sip:alice@host>",
    ]
    for _ in 0..<4_000 {
      let place = dice.number(below: beginnings.count)
      let text = beginnings.enumerated().reduce(into: "") { text, header in
        text += header.element
        guard header.offset == place else { return }
        text.removeLast(dice.number(below: 6))
        for _ in 0..<1 + dice.number(below: 6) {
          text += Self.pieces[dice.number(below: Self.pieces.count)]
        }
      }
      let bytes = Array((text + "\r\n\r\n").utf8)
      let redacted = redact([Self.raw(bytes)]).frames[0].bytes.dropFirst(28)
      #expect(
        Self.kind(Array(redacted)) == Self.kind(bytes),
        "\(text.debugDescription) became \(String(decoding: redacted, as: UTF8.self).debugDescription)"
      )
    }
  }

  private static func kind(_ bytes: [UInt8]) -> String {
    switch SIPParser.parse(bytes.span) {
    case .message: "message"
    case .notSIP: "not SIP"
    case .failure: "broken"
    }
  }

  /// A packet without link layer, of 10.0.0.1 to 10.0.0.2.
  private static func raw(_ payload: [UInt8]) -> StoredFrame {
    func number(_ value: Int) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
    let bytes: [UInt8] =
      [0x45, 0] + number(28 + payload.count)
      + [0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 19, 196, 19, 196]
      + number(8 + payload.count) + [0, 1] + payload
    return StoredFrame(
      header: FrameHeader(
        reference: FrameReference(file: 0, number: 1), time: Timestamp(nanoseconds: 0),
        linkType: .raw, capturedLength: bytes.count, originalLength: bytes.count),
      bytes: bytes)
  }

  @Test("Frames without a byte that wait behind a fragment do not pile up")
  func waiting() {
    var redactor = Redactor(key: testKey)
    let fragment = Self.fragment(1, offset: 0, isLast: false)
    let empty = FrameHeader(
      reference: FrameReference(file: 0, number: 2), time: fragment.header.time, linkType: .raw,
      capturedLength: 0, originalLength: 0)
    var frames = [fragment]
    frames += Array(repeating: StoredFrame(header: empty, bytes: []), count: 100_000)
    var waiting = 0
    for frame in frames {
      redactor.take(frame.header, frame.bytes.span)
      waiting += 1
      while redactor.next() != nil { waiting -= 1 }
    }
    // Of 16 MiB at 256 bytes each.
    #expect(waiting <= 1 << 16)
  }

  @Test("A frame does not cost more for the datagrams in fragments that wait before it")
  func manyWaiting() {
    var redactor = Redactor(key: testKey)
    var number = 0
    /// Processor time of one more datagram in two fragments, behind one that is never whole.
    func cost(of datagrams: Int) -> Int64 {
      let begun = ProcessorTime.now
      for _ in 0..<datagrams {
        number += 1
        for (offset, isLast) in [(0, false), (8, true)] {
          let frame = Self.fragment(number, offset: offset, isLast: isLast)
          redactor.take(frame.header, frame.bytes.span)
          while redactor.next() != nil {}
        }
      }
      return (ProcessorTime.now - begun) / Int64(datagrams)
    }
    let open = Self.fragment(0, offset: 0, isLast: false)
    redactor.take(open.header, open.bytes.span)
    let early = (0..<5).map { _ in cost(of: 40) }.min() ?? 0
    _ = cost(of: 8000)
    let late = (0..<5).map { _ in cost(of: 40) }.min() ?? 0
    #expect(late < 8 * early, "\(early) ns became \(late)")
  }

  /// Eight bytes of a UDP datagram of 16, in a packet without link layer.
  private static func fragment(_ datagram: Int, offset: Int, isLast: Bool) -> StoredFrame {
    let head: [UInt8] = [
      0x45, 0, 0, 28, UInt8(datagram >> 8), UInt8(datagram & 0xFF), isLast ? 0 : 0x20,
      UInt8(offset / 8), 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,
    ]
    let data: [UInt8] = offset == 0 ? [19, 196, 19, 196, 0, 16, 0, 0] : Array("12345678".utf8)
    let bytes = head + data
    return StoredFrame(
      header: FrameHeader(
        reference: FrameReference(
          file: 0, number: UInt32(2 * datagram + (isLast ? 2 : 1))),
        time: Timestamp(nanoseconds: 0), linkType: .raw, capturedLength: bytes.count,
        originalLength: bytes.count),
      bytes: bytes)
  }

  @Test("The messages of RFC 4475 keep their kind, one by one")
  func torture() throws {
    let folder = Place.samples.appending(path: "torture/messages")
    let names = Place.names(in: folder).filter { $0.hasSuffix(".dat") }
    #expect(!names.isEmpty)
    for name in names {
      let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
      let redacted = redact([Self.raw(bytes)]).frames[0]
      #expect(Self.kind(Array(redacted.bytes.dropFirst(28))) == Self.kind(bytes), "\(name)")
    }
  }
}
