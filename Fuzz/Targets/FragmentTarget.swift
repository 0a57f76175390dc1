import Capture
import Decode

/// Puts fragments together, with so little room that limits are met.
enum FragmentTarget {
  private static let limits = {
    var limits = DecodeLimits()
    limits.datagramsInReassembly = 3
    limits.bytesInReassembly = 6000
    return limits
  }()
  private static let pauses: [Int64] = [0, 1, 400, 401, 30_000, 31_000, -1000, 3]

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    // The tables are keyed by the seed; what comes out is not.
    let outcomes = (try play(bytes, seed: 1), try play(bytes, seed: 0xDEAD_BEEF))
    try demand(outcomes.0 == outcomes.1, "the seed changes nothing")
  }

  private static func play(_ bytes: [UInt8], seed: UInt64) throws(BrokenPromise) -> [Decoded] {
    var dealer = Dealer(bytes)
    var decoder = Decoder(limits: limits, seed: seed)
    var time = Timestamp(nanoseconds: 0)
    var decoded: [Decoded] = []
    while !dealer.isEmpty, decoded.count < 512 {
      time = time + .milliseconds(dealer.pick(pauses))
      let frame = fragment(&dealer)
      let number = UInt32(decoded.count + 1)
      let header = Packets.header(frame, number: number, at: time, missing: 0)
      let one = decoder.decode(header, frame.span)
      try FrameTarget.demandInside(one, frame.span, decoder)
      try demand(
        decoder.datagramsInReassembly <= limits.datagramsInReassembly,
        "no more datagrams wait than the limit allows")
      decoded.append(one)
    }
    decoder.finish()
    try demand(decoder.datagramsInReassembly == 0, "nothing waits at the end")
    return decoded
  }

  /// One fragment of one of a few datagrams, of IPv4 or IPv6.
  private static func fragment(_ dealer: inout Dealer) -> [UInt8] {
    let kind = dealer.byte()
    let offset = UInt16(dealer.byte()) << (kind & 0x40 == 0 ? 0 : 5)
    let isLast = kind & 1 != 0
    let identification = UInt16(kind >> 1 & 3)
    let length = Int(dealer.byte()) * (kind & 0x08 == 0 ? 8 : 1)
    var data = dealer.bytes(min(length, 24))
    data += repeatElement(UInt8(ascii: "x"), count: max(length - data.count, 0))
    if kind & 0x10 == 0 {
      return Packets.packet(
        data, from: IPAddress(ipv4: 0x0A00_0001), to: IPAddress(ipv4: 0x0A00_0002), transport: 17,
        identification, flags: offset | (isLast ? 0 : 0x2000))
    }
    // RFC 8200 4.5: next header, reserved, offset and flag, identification.
    let extra =
      [kind & 0x20 == 0 ? 17 : 60, 0] + Packets.pair(offset << 3 | (isLast ? 0 : 1)) + [0, 0]
      + Packets.pair(identification)
    return Packets.packet(
      extra + data, from: IPAddress(high: 1, low: 1), to: IPAddress(high: 1, low: 2), transport: 44,
      0)
  }
}
