import Capture
import Decode
import Testing

/// A packet that must be refused.
struct Malformed: CustomTestStringConvertible, Sendable {
  var name: String
  var frame: [UInt8]
  var failure: DecodeFailure
  var testDescription: String { name }

  init(_ name: String, _ frame: [UInt8], _ failure: DecodeFailure) {
    self.name = name
    self.frame = frame
    self.failure = failure
  }
}

@Suite struct InternetProtocols {
  @Test("IPv4 options are skipped and the header's fields are kept")
  func options() throws {
    let frame = Wire.ipv4(17, Wire.udp(payload), id: 0xBEEF, options: [1, 1, 1, 0], ttl: 17)
    guard case .datagram(let datagram) = decode(frame, link: .raw) else {
      Issue.record("no datagram")
      return
    }
    #expect(Delivered(datagram, frame) == expected4)
    #expect(datagram.identification == 0xBEEF)
    #expect(datagram.ttl == 17)
    #expect(datagram.trafficClass == 0xB8)
    #expect(datagram.fragments == 1)
    #expect(!datagram.isReassembled)
    #expect(datagram.firstFragment == FrameReference(file: 0, number: 1))
  }

  @Test("IPv6 hop limit and traffic class are kept, and there is no identification")
  func fieldsOfIPv6() {
    guard case .datagram(let datagram) = decode(packet6, link: .raw) else {
      Issue.record("no datagram")
      return
    }
    #expect(datagram.ttl == 61)
    #expect(datagram.trafficClass == 0xB8)
    #expect(datagram.identification == 0)
  }

  @Test("A total length of zero, as segmentation offload leaves it, means all there is")
  func offload() {
    #expect(delivered(Wire.ipv4(17, Wire.udp(payload), totalLength: 0), link: .raw) == expected4)
  }

  @Test("A jumbogram's UDP length of zero means all there is, and is wrong anywhere else")
  func jumbogram() {
    let open = Wire.ipv6(17, Wire.udp(payload, length: 0), length: 0)
    #expect(delivered(open, link: .raw) == expected6)
    let closed = Wire.ipv6(17, Wire.udp(payload, length: 0))
    #expect(decode(closed, link: .raw) == .failure(.badUDPLength))
  }

  @Test(
    "IPv6 extension headers are walked",
    arguments: [
      Named("hop-by-hop", (0, [17, 0, 1, 4, 0, 0, 0, 0])),
      Named("routing", (43, [17, 2, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 16))),
      Named("destination options", (60, [17, 0, 1, 4, 0, 0, 0, 0])),
      Named("authentication", (51, [17, 4, 0, 0] + [UInt8](repeating: 7, count: 20))),
      Named("atomic fragment", (44, [17, 0, 0, 0, 0, 0, 0, 9])),
      Named("two of them", (0, [60, 0, 1, 4, 0, 0, 0, 0, 17, 0, 1, 4, 0, 0, 0, 0])),
    ] as [Named<(Int, [UInt8])>])
  func extensionHeaders(row: Named<(Int, [UInt8])>) {
    let (first, headers) = row.value
    let frame = Wire.ipv6(first, headers + Wire.udp(payload))
    #expect(delivered(frame, link: .raw) == expected6)
  }

  @Test("A chain of extension headers ends at the limit")
  func tooManyExtensionHeaders() {
    let chain = (0..<50).flatMap { _ in [60, 0, 1, 4, 0, 0, 0, 0] as [UInt8] }
    let frame = Wire.ipv6(60, chain + Wire.udp(payload))
    #expect(decode(frame, link: .raw) == .failure(.badExtensionHeaders))
  }

  @Test(
    "Headers that contradict themselves are counted failures",
    arguments: [
      Malformed("version 5", [0x55] + packet4[1...], .badIPHeader),
      Malformed("header length of 16", [0x44] + packet4[1...], .badIPHeader),
      Malformed(
        "total length below the header's", Wire.ipv4(17, [], totalLength: 19), .badIPHeader),
      Malformed("UDP length of 7", Wire.ipv4(17, Wire.udp(payload, length: 7)), .badUDPLength),
      Malformed("UDP length of 0", Wire.ipv4(17, Wire.udp(payload, length: 0)), .badUDPLength),
      Malformed(
        "UDP length beyond the packet",
        Wire.ipv4(17, Wire.udp(payload, length: payload.count + 9)), .badUDPLength),
      Malformed("no room for UDP", Wire.ipv4(17, [1, 2, 3, 4, 5, 6, 7]), .shortPacket),
      Malformed(
        "extension header beyond the packet", Wire.ipv6(0, [17, 9, 0, 0, 0, 0, 0, 0]),
        .shortPacket),
      Malformed(
        "TCP header of 16 bytes", Wire.ipv4(6, Wire.tcp([], headerWords: 4)), .badTCPHeader),
      Malformed(
        "TCP header beyond the packet", Wire.ipv4(6, Wire.tcp([], headerWords: 15)), .badTCPHeader),
    ])
  func malformed(row: Malformed) {
    var decoder = Decoder(seed: 1)
    let result = decoder.decode(header(row.frame.count, link: .raw), row.frame.span)
    #expect(result == .failure(row.failure))
    #expect(decoder.counts[row.failure] == 1)
    #expect(decoder.counts.undecodable == 1)
    #expect(!row.failure.description.isEmpty)
  }

  @Test("Every reason of failure has words of its own")
  func wordsOfFailures() {
    let words = Set(DecodeFailure.allCases.map(\.description))
    #expect(words.count == DecodeFailure.allCases.count)
  }

  @Test("A datagram without payload is a datagram")
  func emptyPayload() {
    #expect(delivered(Wire.ipv4(17, Wire.udp([])), link: .raw)?.payload == [])
  }

  @Test("Bytes behind the UDP length are not payload")
  func trailingBytes() {
    let frame = Wire.ipv4(17, Wire.udp(payload, length: payload.count + 6) + [1, 2, 3])
    #expect(delivered(frame, link: .raw)?.payload == Array(payload.dropLast(2)))
  }

  @Test("A frame cut in its payload gives the rest and says that it is cut")
  func cutPayload() {
    let whole = Wire.ethernet(0x0800, packet4)
    let cut = Array(whole.dropLast(5))
    guard case .datagram(let datagram) = decode(cut, original: whole.count) else {
      Issue.record("no datagram")
      return
    }
    #expect(datagram.isCut)
    #expect(Array(cut[datagram.payload]) == Array(payload.dropLast(5)))
  }

  @Test("A packet whose total length promises more than the wire had counts as cut")
  func promisedTooMuch() {
    let frame = Wire.ipv4(
      17, Wire.udp(payload, length: payload.count + 28), totalLength: 20 + 28 + payload.count)
    guard case .datagram(let datagram) = decode(frame, link: .raw) else {
      Issue.record("no datagram")
      return
    }
    #expect(datagram.isCut)
    #expect(Array(frame[datagram.payload]) == payload)
  }

  @Test("A frame cut in its headers is the capture's fault, a short packet its own")
  func cutHeaders() {
    let whole = Wire.ethernet(0x0800, packet4)
    for length in [0, 10, 14, 20, 33, 34, 41] {
      let cut = Array(whole[..<length])
      #expect(decode(cut, original: whole.count) == .failure(.truncated), "\(length) bytes")
    }
    #expect(decode(Array(whole[..<30])) != .failure(.nestedTooDeep))
    #expect(decode(Array(whole[..<10])) == .failure(.shortPacket))
  }

  @Test("A TCP segment gives its ends and its payload")
  func tcp() {
    let frame = Wire.ipv4(6, Wire.tcp(payload))
    guard case .tcp(let segment) = decode(frame, link: .raw) else {
      Issue.record("no segment")
      return
    }
    #expect(segment.source == Endpoint("192.0.2.1:5060"))
    #expect(segment.destination == Endpoint("198.51.100.2:40000"))
    #expect(Array(frame[segment.payload]) == payload)
  }

  @Test("A bare acknowledgement padded by Ethernet has no payload")
  func bareAcknowledgement() {
    let frame = Wire.ethernet(0x0800, Wire.ipv4(6, Wire.tcp([])) + [0, 0, 0, 0, 0, 0])
    guard case .tcp(let segment) = decode(frame) else {
      Issue.record("no segment")
      return
    }
    #expect(segment.payload.isEmpty)
  }
}
