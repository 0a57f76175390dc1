import Capture
import Decode
import Foundation
import Testing

@Suite("Lab captures")
struct LabCaptureTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "samples/lab")

  static var captures: [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".pcap") }.sorted()
  }

  @Test("No frame fails, and what the report must know is found", arguments: captures)
  func frames(name: String) throws {
    let reader = try CaptureReader(path: Self.folder.appending(path: name).path, file: 0)
    var decoder = Decoder(seed: 1)
    var datagrams = 0
    while let header = reader.next() {
      if case .datagram = decoder.decode(header, reader.bytes) { datagrams += 1 }
    }
    decoder.finish()
    #expect(decoder.counts.undecodable == 0)
    #expect(decoder.counts.neverCompleted == 0)
    #expect(datagrams > 100)
    #expect((decoder.counts.reassembled > 0) == (name == "ip-fragments.pcap"))
  }
}
