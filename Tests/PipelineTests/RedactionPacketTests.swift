import Capture
import Decode
import Foundation
import Redaction
import Testing

@Suite("Redacted packets are whole packets")
struct RedactionPacketTests {
  /// A redacted capture in a file.
  private static func file(
    _ frames: [StoredFrame], _ linkType: LinkType, in scratch: Scratch
  ) throws -> String {
    try scratch.file(captureFile(redact(frames).frames, linkType: linkType), "redacted.pcap")
  }

  @Test(
    "tshark finds every length and checksum right", .enabled(if: Wireshark.isInstalled),
    arguments: NamedCapture.lab)
  func checksums(_ capture: NamedCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let scratch = try Scratch()
    let type = try #require(frames.first).header.linkType
    let path = try Self.file(frames, type, in: scratch)
    let wrong =
      "ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"
      + " || icmp.checksum.status == 0 || icmpv6.checksum.status == 0"
      + " || ip.bogus_ip_length || udp.length.bad || ip.bogus_header_length"
    let lines = try Wireshark.lines(
      "tshark",
      [
        "-r", path, "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE",
        "-o", "tcp.check_checksum:TRUE", "-Y", wrong,
      ])
    #expect(lines.isEmpty, "\(lines.prefix(5))")
  }

  @Test(
    "tshark reads the same methods, codes, ports and lengths of bodies",
    .enabled(if: Wireshark.isInstalled), arguments: NamedCapture.lab)
  func structure(_ capture: NamedCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let scratch = try Scratch()
    let type = try #require(frames.first).header.linkType
    let fields = [
      "frame.time_epoch", "udp.srcport", "udp.dstport", "sip.Method", "sip.Status-Code",
      "sip.CSeq.seq", "sip.CSeq.method", "sip.Expires",
      "sip.Content-Length", "sip.User-Agent", "sip.Via.sent-by.port", "sip.auth.algorithm",
      "icmp.type", "icmp.code", "ip.id", "ip.ttl", "ip.flags.mf",
    ]
    // Of TCP nothing is kept but that it was text.
    let (path, filter) = (try Self.file(frames, type, in: scratch), "!tcp")
    let redacted = try Wireshark.fields(fields, of: path, filter: filter)
    let original = try Wireshark.fields(fields, of: capture.path, filter: filter)
    let difference = redacted.difference(from: original)
    #expect(difference.isEmpty, "\(difference.map { "\($0)" }.prefix(6))")
  }

  @Test("Fragments come out as many, and make the datagram again")
  func fragments() throws {
    let frames = try storedFrames(path: Place.lab.appending(path: "ip-fragments.pcap").path)
    let redacted = redact(frames).frames
    #expect(Self.reassembled(redacted) == Self.reassembled(frames))
    #expect(Self.reassembled(frames).reassembled > 10)
  }

  @Test("Copies of fragments, and fragments in another order, too", arguments: [2, 5, 9])
  func damaged(_ seed: UInt64) throws {
    let frames = try storedFrames(path: Place.lab.appending(path: "ip-fragments.pcap").path)
      .prefix(400)
    for damage in [
      Damage.doubled(percent: 30, seed: seed), .delayed(milliseconds: 20, seed: seed),
      .lost(percent: 10, seed: seed), .late(seconds: 2, seed: seed),
    ] {
      let damaged = damage.applied(to: Array(frames))
      let redacted = redact(damaged).frames
      #expect(redacted.map(\.header.reference) == damaged.map(\.header.reference))
      #expect(Self.reassembled(redacted) == Self.reassembled(damaged), "\(damage)")
      let difference = diagnose(redacted).nameless.difference(from: diagnose(damaged).nameless)
      #expect(difference.isEmpty, "\(damage): \(difference.map { "\($0)" }.prefix(4))")
    }
  }

  private struct Counts: Equatable {
    var datagrams: UInt64 = 0
    var fragments: UInt64 = 0
    var reassembled: UInt64 = 0
    var copies: UInt64 = 0
    var incomplete: UInt64 = 0
  }

  private static func reassembled(_ frames: [StoredFrame]) -> Counts {
    var decoder = Decoder(seed: 1)
    var counts = Counts()
    for frame in frames {
      if case .datagram = decoder.decode(frame.header, frame.bytes.span) { counts.datagrams += 1 }
    }
    decoder.finish()
    counts.fragments = decoder.counts.fragments
    counts.reassembled = decoder.counts.reassembled
    counts.copies = decoder.counts.duplicateFragments
    counts.incomplete = decoder.counts.neverCompleted
    return counts
  }

  @Test("The decoder reads every kind of frame as before", arguments: NamedCapture.others)
  func kinds(_ capture: NamedCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let redacted = redact(frames).frames
    var before = Decoder(seed: 1)
    var after = Decoder(seed: 1)
    for (original, frame) in zip(frames, redacted) {
      let old = Self.kind(before.decode(original.header, original.bytes.span))
      let new = Self.kind(after.decode(frame.header, frame.bytes.span))
      #expect(old == new, "frame \(original.header.reference.number)")
    }
  }

  private static func kind(_ decoded: Decoded) -> String {
    switch decoded {
    case .datagram(let datagram):
      "datagram \(datagram.source.port) \(datagram.destination.port) \(datagram.isCut)"
        + " \(datagram.fragments) \(datagram.identification) \(datagram.ttl)"
    case .icmp(let error):
      "icmp \(error.type) \(error.code) \(error.source.port) \(error.destination.port)"
    case .fragment: "fragment"
    case .tcp(let segment): "tcp \(segment.source.port) \(segment.payload.count)"
    case .nothing: "nothing"
    case .failure(let failure): "failure \(failure)"
    }
  }
}
