import Capture
import Decode
import Redaction
import SIP

/// Redacts a frame; what comes out is as much a message as what went in.
enum RedactionTarget {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    var dealer = Dealer(bytes)
    let choice = dealer.byte()
    let rest = dealer.rest()
    if choice & 0x80 != 0 { return try message(rest) }
    let linkType = FrameTarget.linkTypes[Int(choice) % FrameTarget.linkTypes.count]
    _ = try redacted(rest, LinkType(rawValue: linkType), missing: choice & 0x40 == 0 ? 0 : 100)
  }

  private static func message(_ payload: [UInt8]) throws(BrokenPromise) {
    guard payload.count < 65_000 else { return }
    let source = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 5060)
    let frame = Packets.datagram(payload, from: source, to: source)
    let redacted = try redacted(frame, .raw, missing: 0)
    try demand(
      kind(Array(redacted.dropFirst(28))) == kind(payload),
      "what was redacted is as much a message as before")
  }

  private static func redacted(
    _ frame: [UInt8], _ linkType: LinkType, missing: Int
  ) throws(BrokenPromise) -> [UInt8] {
    var redactor = Redactor(key: Array("a key for trials".utf8))
    let header = Packets.header(
      frame, number: 1, at: Timestamp(nanoseconds: 0), linkType: linkType, missing: missing)
    redactor.take(header, frame.span)
    redactor.finish()
    guard let first = redactor.next(), redactor.next() == nil else {
      throw BrokenPromise(description: "one frame in, one frame out")
    }
    try demand(first.header.capturedLength == first.bytes.count, "a frame has the bytes it says")
    try demand(first.header.isCut == header.isCut, "what was cut stays cut")
    return first.bytes
  }

  private static func kind(_ bytes: [UInt8]) -> Int {
    switch SIPParser.parse(bytes.span) {
    case .message: 0
    case .notSIP: 1
    case .failure: 2
    }
  }
}
