import Capture
import Decode
import Testing

/// Builders of frames, each a function from what is inside to what is on the wire.
enum Wire {
  static let mac: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]

  static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  static func long(_ value: Int) -> [UInt8] {
    word(value >> 16) + word(value)
  }

  static func ethernet(_ type: Int, _ inner: [UInt8]) -> [UInt8] {
    mac + word(type) + inner
  }

  static func tag(_ type: Int, _ inner: [UInt8]) -> [UInt8] {
    word(100) + word(type) + inner
  }

  static func bytes(of address: IPAddress) -> [UInt8] {
    let halves = [address.high, address.low]
    let all = halves.flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - $0 * 8)) }
    }
    return address.isIPv4 ? Array(all[12...]) : all
  }

  static func ipv4(
    _ transport: Int, _ inner: [UInt8], from: String = "192.0.2.1", to: String = "198.51.100.2",
    id: Int = 7, flags: Int = 0, offset: Int = 0, options: [UInt8] = [], totalLength: Int? = nil,
    ttl: UInt8 = 63
  ) -> [UInt8] {
    let headerLength = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(headerLength / 4), 0xB8]
    header += word(totalLength ?? headerLength + inner.count) + word(id)
    header += word(flags << 13 | offset / 8) + [ttl, UInt8(transport), 0, 0]
    return header + address(from) + address(to) + options + inner
  }

  static func ipv6(
    _ next: Int, _ inner: [UInt8], from: String = "2001:db8::1", to: String = "2001:db8::2",
    length: Int? = nil, hops: UInt8 = 61
  ) -> [UInt8] {
    let head: [UInt8] = [0x6B, 0x80, 0, 0]
    return head + word(length ?? inner.count) + [UInt8(next), hops] + address(from) + address(to)
      + inner
  }

  static func fragmentHeader(_ next: Int, offset: Int, more: Bool, id: Int) -> [UInt8] {
    [UInt8(next), 0] + word(offset | (more ? 1 : 0)) + long(id)
  }

  static func udp(
    _ payload: [UInt8], from: Int = 5060, to: Int = 5062, length: Int? = nil
  ) -> [UInt8] {
    word(from) + word(to) + word(length ?? payload.count + 8) + [0xDE, 0xAD] + payload
  }

  static func tcp(_ payload: [UInt8], headerWords: UInt8 = 5) -> [UInt8] {
    word(5060) + word(40000) + long(1) + long(2) + [headerWords << 4, 0x18] + word(1000)
      + [0, 0, 0, 0] + payload
  }

  static func icmp(_ type: UInt8, _ code: UInt8, _ quoted: [UInt8]) -> [UInt8] {
    [type, code, 0, 0, 0, 0, 0, 0] + quoted
  }

  private static func address(_ text: String) -> [UInt8] {
    IPAddress(text).map(bytes(of:)) ?? []
  }
}

/// A row of a table of tests that the runner prints by its name.
struct Named<Value: Sendable>: CustomTestStringConvertible, Sendable {
  var name: String
  var value: Value
  var testDescription: String { name }

  init(_ name: String, _ value: Value) {
    self.name = name
    self.value = value
  }
}

let payload = Array("OPTIONS sip:1001@198.51.100.2 SIP/2.0\r\n".utf8)
let packet4 = Wire.ipv4(17, Wire.udp(payload))
let packet6 = Wire.ipv6(17, Wire.udp(payload))

func header(
  _ count: Int, link: LinkType = .ethernet, number: UInt32 = 1, seconds: Double = 0,
  original: Int? = nil
) -> FrameHeader {
  FrameHeader(
    reference: FrameReference(file: 0, number: number),
    time: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(seconds * 1e9)),
    linkType: link, capturedLength: count, originalLength: original ?? count)
}

/// Decodes one frame alone.
func decode(_ bytes: [UInt8], link: LinkType = .ethernet, original: Int? = nil) -> Decoded {
  var decoder = Decoder(seed: 1)
  return decoder.decode(header(bytes.count, link: link, original: original), bytes.span)
}

/// The payload of the datagram that one frame is, and its ends; `nil` if it is none.
struct Delivered: Equatable, CustomStringConvertible {
  var source: String
  var destination: String
  var payload: [UInt8]

  var description: String {
    "\(source) > \(destination) \(String(decoding: payload, as: UTF8.self))"
  }

  init(source: String, destination: String, payload: [UInt8]) {
    self.source = source
    self.destination = destination
    self.payload = payload
  }

  init(_ datagram: Datagram, _ bytes: [UInt8]) {
    source = datagram.source.description
    destination = datagram.destination.description
    payload = Array(bytes[datagram.payload])
  }
}

func delivered(_ bytes: [UInt8], link: LinkType = .ethernet) -> Delivered? {
  guard case .datagram(let datagram) = decode(bytes, link: link) else { return nil }
  return Delivered(datagram, bytes)
}

let expected4 = Delivered(
  source: "192.0.2.1:5060", destination: "198.51.100.2:5062", payload: payload)
let expected6 = Delivered(
  source: "[2001:db8::1]:5060", destination: "[2001:db8::2]:5062", payload: payload)

extension Span<UInt8> {
  /// A copy, to compare with.
  var copied: [UInt8] { indices.map { self[$0] } }
}
