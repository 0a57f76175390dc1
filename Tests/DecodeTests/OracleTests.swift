import Capture
import Decode
import Testing

@Suite(.enabled(if: SharedCaptures.isThere, "the shared captures are not beside the package"))
struct Oracle {
  /// Frames that tshark reads although no host would have received them.
  ///
  /// A fuzzer made their UDP length greater than the IP packet: a bad datagram that
  /// every stack drops and tshark reads on regardless.
  private static let badLengths: [String: Set<UInt32>] = [
    "public/ntop_nDPI--fuzz-2006-06-26-2594.pcap": [253, 603]
  ]

  @Test(
    "Every SIP message over UDP that tshark reads is in a datagram of that frame",
    arguments: SharedCaptures.names("public"))
  func messages(name: String) throws {
    var decoder = Decoder(seed: 1)
    var results: [UInt32: Decoded] = [:]
    for frame in try SharedCaptures.frames(name) {
      results[frame.header.reference.number] = decoder.decode(frame.header, frame.bytes.span)
    }
    for row in try OracleRow.rows(name) {
      if Self.badLengths[name]?.contains(row.frame) == true {
        #expect(results[row.frame] == .failure(.badUDPLength), "\(row)")
        continue
      }
      switch results[row.frame] {
      case .datagram(let datagram):
        #expect(datagram.source.description == row.source, "\(row)")
        #expect(datagram.destination.description == row.destination, "\(row)")
      case .icmp(let error):
        // tshark reads SIP quoted in an error, which is no message on the wire.
        #expect(error.source.description == row.source, "\(row)")
        #expect(error.destination.description == row.destination, "\(row)")
      case let other:
        Issue.record("\(row) is \(String(describing: other))")
      }
    }
  }

  @Test("No frame of a lab capture fails, and what the report must know is found")
  func labCaptures() throws {
    for name in SharedCaptures.names("lab") {
      var decoder = Decoder(seed: 1)
      var datagrams = 0
      for frame in try SharedCaptures.frames(name) {
        if case .datagram = decoder.decode(frame.header, frame.bytes.span) { datagrams += 1 }
      }
      decoder.finish()
      let counts = decoder.counts
      #expect(counts.undecodable == 0, "\(name)")
      #expect(counts.neverCompleted == 0, "\(name)")
      #expect(datagrams > 100, "\(name)")
      #expect((counts.reassembled > 0) == name.hasSuffix("ip-fragments.pcap"), "\(name)")
    }
  }
}
