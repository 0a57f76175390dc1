import Capture
import Decode

/// Decodes one frame.
enum FrameTarget {
  /// Every link type that is known, and one that is not.
  static let linkTypes: [UInt32] = [
    1, 0, 9, 12, 14, 50, 51, 101, 104, 108, 113, 228, 229, 276, 147,
  ]

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    var dealer = Dealer(bytes)
    let linkType = LinkType(rawValue: dealer.pick(linkTypes))
    let missing = Int(dealer.byte() & 7) * 100
    let frame = dealer.rest()
    let header = Packets.header(
      frame, number: 1, at: Timestamp(nanoseconds: 0), linkType: linkType, missing: missing)
    var decoder = Decoder(seed: 1)
    let decoded = decoder.decode(header, frame.span)
    try demandInside(decoded, frame.span, decoder)
    guard linkType == .ethernet, let ends = Decoder.ends(ofPlain: frame.span),
      case .datagram(let datagram) = decoded
    else { return }
    try demand(
      ends.source == datagram.source && ends.destination == datagram.destination,
      "the early look sees the ends the decoder sees")
  }

  /// What was decoded stands inside of the frame, or of what was put together.
  static func demandInside(
    _ decoded: Decoded, _ frame: Span<UInt8>, _ decoder: borrowing Decoder
  ) throws(BrokenPromise) {
    switch decoded {
    case .datagram(let datagram):
      let payload = decoder.payload(of: datagram, in: frame)
      try demand(payload.count == datagram.payload.count, "a payload has its length")
      try demand(datagram.firstFragment.number > 0, "a datagram names its first frame")
    case .tcp(let segment):
      try demand(frame.extracting(segment.payload).count <= frame.count, "a segment is inside")
    case .icmp, .fragment, .nothing, .failure: break
    }
  }
}
