import Capture
import Decode

/// Cuts a UDP datagram into fragments of `size` bytes of data.
struct Fragmented {
  var isIPv6 = false
  var id = 0x1234
  var size = 64
  var datagram = Wire.udp(Array((0..<500).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
  var source = 1

  var payload: [UInt8] { Array(datagram[8...]) }

  var frames: [[UInt8]] {
    stride(from: 0, to: datagram.count, by: size).map { offset in
      frame(offset, Array(datagram[offset..<min(offset + size, datagram.count)]))
    }
  }

  func frame(_ offset: Int, _ data: [UInt8], more: Bool? = nil) -> [UInt8] {
    let more = more ?? (offset + data.count < datagram.count)
    guard isIPv6 else {
      return Wire.ipv4(
        17, data, from: "192.0.2.\(source)", id: id, flags: more ? 1 : 0, offset: offset)
    }
    let header = Wire.fragmentHeader(17, offset: offset, more: more, id: id)
    return Wire.ipv6(44, header + data, from: "2001:db8::\(source)")
  }
}

/// Feeds frames one after the other and keeps what came out.
final class Feed {
  private var decoder: Decoder
  var number: UInt32 = 0
  var datagrams: [Datagram] = []
  var payloads: [[UInt8]] = []
  var results: [Decoded] = []

  init(limits: DecodeLimits = .init()) {
    decoder = Decoder(limits: limits, seed: 5)
  }

  var counts: DecodeCounts { decoder.counts }
  var waiting: Int { decoder.datagramsInReassembly }
  var reassembled: [UInt8] { copyOfReassembled(decoder) }

  func finish() { decoder.finish() }

  func give(_ frame: [UInt8], seconds: Double = 0) {
    number += 1
    let result = decoder.decode(
      header(frame.count, link: .raw, number: number, seconds: seconds), frame.span)
    results.append(result)
    if case .datagram(let datagram) = result {
      datagrams.append(datagram)
      payloads.append(copyOfPayload(datagram, decoder, frame))
    }
  }

  func give(_ frames: [[UInt8]], seconds: Double = 0) {
    for frame in frames { give(frame, seconds: seconds) }
  }
}

private func copyOfReassembled(_ decoder: borrowing Decoder) -> [UInt8] {
  decoder.reassembled.copied
}

private func copyOfPayload(
  _ datagram: Datagram, _ decoder: borrowing Decoder, _ frame: [UInt8]
) -> [UInt8] {
  decoder.payload(of: datagram, in: frame.span).copied
}
