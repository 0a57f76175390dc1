import Capture
import Rules
import Testing

@Suite("Traffic that has nothing to do with registrations changes nothing")
struct UnrelatedTrafficTests {
  /// Frames that stand between those of a capture: none of them names an account.
  private static let noise: [[UInt8]] = [
    // ARP: who has 198.51.100.1.
    ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1] + Array(repeating: 7, count: 20)),
    // Media between hosts that also signal, and between others.
    udp([203, 0, 113, 10], 20_000, [198, 51, 100, 21], 30_000, rtp),
    udp([198, 51, 100, 80], 40_000, [203, 0, 113, 10], 20_002, rtp),
    udp([10, 9, 8, 7], 16_384, [10, 9, 8, 6], 16_386, rtp),
    // A question to a name server.
    udp(
      [198, 51, 100, 21], 53_535, [192, 0, 2, 53], 53, [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]),
    // SIP between strangers that register nowhere.
    udp([10, 9, 8, 7], 5060, [10, 9, 8, 6], 5060, Array("OPTIONS sip:x SIP/2.0\r\n\r\n".utf8)),
    // A keepalive of somebody who never signals.
    udp([10, 9, 8, 5], 5060, [10, 9, 8, 6], 5060, [0x0D, 0x0A, 0x0D, 0x0A]),
  ]

  private static let rtp: [UInt8] = [0x80, 0, 0, 1] + Array(repeating: 0xD5, count: 168)

  private static func ethernet(_ type: UInt16, _ payload: [UInt8]) -> [UInt8] {
    Array(repeating: 2, count: 12) + [UInt8(type >> 8), UInt8(type & 0xFF)] + payload
  }

  private static func udp(
    _ source: [UInt8], _ from: UInt16, _ destination: [UInt8], _ to: UInt16, _ payload: [UInt8]
  ) -> [UInt8] {
    func pair(_ number: Int) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }
    let datagram = pair(Int(from)) + pair(Int(to)) + pair(8 + payload.count) + [0, 0] + payload
    let header: [UInt8] = [0x45, 0] + pair(20 + datagram.count) + [0, 9, 0, 0, 64, 17, 0, 0]
    return ethernet(0x0800, header + source + destination + datagram)
  }

  @Test("whatever stands between the frames", arguments: try SplitCapture.all())
  func between(_ capture: SplitCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let linkType = try #require(frames.first).header.linkType
    guard linkType == .ethernet else { return }
    var mixed: [StoredFrame] = []
    for (index, frame) in frames.enumerated() {
      mixed.append(frame)
      var other = frame
      other.bytes = Self.noise[index % Self.noise.count]
      // Its own IP identification each time: nothing of this is a copy.
      other.bytes[18] = UInt8(truncatingIfNeeded: index >> 8)
      other.bytes[19] = UInt8(truncatingIfNeeded: index)
      other.header.reference = FrameReference(file: 1, number: UInt32(index + 1))
      other.header.capturedLength = other.bytes.count
      other.header.originalLength = other.bytes.count
      mixed.append(other)
    }
    let plain = judged(diagnose(frames))
    let disturbed = judged(diagnose(mixed))
    let difference = disturbed.difference(from: plain)
    #expect(difference.isEmpty, "\(difference.map { "\($0)" }.prefix(6))")
  }

  /// All that is said of accounts and rules: what was captured is of course another thing.
  private func judged(_ diagnosis: Diagnosis) -> [String] {
    diagnosis.lines { $0.number }.filter {
      !$0.hasPrefix("capture ") && !$0.contains(" datagrams ") && !$0.hasPrefix("undecodable")
    }
  }
}
