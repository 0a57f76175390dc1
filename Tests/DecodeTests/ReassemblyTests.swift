import Capture
import Decode
import Testing

@Suite struct Reassembly {
  @Test("Fragments in order give the datagram at the last one", arguments: [false, true])
  func inOrder(isIPv6: Bool) {
    let whole = Fragmented(isIPv6: isIPv6)
    let feed = Feed()
    feed.give(whole.frames)
    #expect(feed.payloads == [whole.payload])
    #expect(feed.results.dropLast().allSatisfy { $0 == .fragment })
    let datagram = feed.datagrams.first
    #expect(datagram?.fragments == whole.frames.count)
    #expect(datagram?.isReassembled == true)
    #expect(datagram?.firstFragment.number == 1)
    #expect(datagram?.identification == 0x1234)
    #expect(datagram?.payload == 0..<500)
    #expect(datagram?.destination.port == 5062)
    #expect(feed.reassembled == whole.payload)
    #expect(feed.counts.reassembled == 1)
    #expect(feed.waiting == 0)
  }

  @Test("Fragments in any order give the same datagram", arguments: [false, true])
  func anyOrder(isIPv6: Bool) {
    let whole = Fragmented(isIPv6: isIPv6, size: 128)
    let frames = whole.frames
    for rotation in 0..<frames.count {
      let turned = Array(frames[rotation...] + frames[..<rotation])
      for order in [turned, turned.reversed()] {
        let feed = Feed()
        feed.give(order)
        #expect(feed.payloads == [whole.payload])
        #expect(feed.datagrams.first?.firstFragment.number == 1)
      }
    }
  }

  @Test("Every fragment twice gives the datagram once", arguments: [false, true])
  func duplicates(isIPv6: Bool) {
    let whole = Fragmented(isIPv6: isIPv6)
    let doubled = whole.frames.flatMap { [$0, $0] }
    for frames in [doubled, whole.frames + whole.frames] {
      let feed = Feed()
      feed.give(frames)
      #expect(feed.payloads == [whole.payload])
      #expect(feed.datagrams.first?.fragments == whole.frames.count)
      #expect(feed.counts.duplicateFragments == UInt64(whole.frames.count))
      #expect(feed.counts.overlaps == 0)
      feed.finish()
      #expect(feed.counts.neverCompleted == 0)
    }
  }

  @Test("The same identification used again later is another datagram")
  func reusedIdentification() {
    let whole = Fragmented()
    let feed = Feed()
    feed.give(whole.frames)
    feed.give(whole.frames, seconds: 2)
    #expect(feed.payloads == [whole.payload, whole.payload])
  }

  @Test("A sender that never changes the identification loses no datagram")
  func constantIdentification() {
    let one = Fragmented()
    let other = Fragmented(datagram: Wire.udp([UInt8](repeating: 7, count: 300)))
    let feed = Feed()
    feed.give(one.frames, seconds: 0)
    feed.give(other.frames, seconds: 0.02)
    feed.give(one.frames, seconds: 0.04)
    feed.give(one.frames, seconds: 0.54)
    #expect(feed.payloads == [one.payload, other.payload, one.payload, one.payload])
  }

  @Test("In an IPv4 overlap the first data wins and it is counted")
  func overlapV4() {
    let whole = Fragmented(size: 128)
    let feed = Feed()
    let frames = whole.frames
    feed.give(frames[0])
    // Covers the end of the first and the start of the second fragment.
    feed.give(whole.frame(64, [UInt8](repeating: 0xEE, count: 128)))
    feed.give(Array(frames[1...]))
    var expected = whole.datagram
    for index in 128..<192 { expected[index] = 0xEE }
    #expect(feed.payloads == [Array(expected[8...])])
    #expect(feed.counts.overlaps == 2)
  }

  @Test("A fragment with the same place and other data is an overlap, not a duplicate")
  func samePlaceOtherData() {
    for isIPv6 in [false, true] {
      let whole = Fragmented(isIPv6: isIPv6, size: 128)
      let feed = Feed()
      feed.give(whole.frames[0])
      feed.give(whole.frame(0, [UInt8](repeating: 0xEE, count: 128)))
      feed.give(Array(whole.frames[1...]))
      #expect(feed.payloads == (isIPv6 ? [] : [whole.payload]))
      #expect(feed.counts.overlaps == 1)
      #expect(feed.counts.duplicateFragments == 0)
    }
  }

  @Test("An IPv6 overlap discards the datagram with all that still comes")
  func overlapV6() {
    let whole = Fragmented(isIPv6: true, size: 128)
    let feed = Feed()
    feed.give(whole.frames[0])
    feed.give(whole.frame(64, [UInt8](repeating: 0xEE, count: 128)))
    feed.give(whole.frames)
    #expect(feed.datagrams.isEmpty)
    #expect(feed.counts.overlaps == 1)
    #expect(feed.waiting == 0)
  }

  @Test("Fragments that come after the timeout do not complete what was given up")
  func timeout() {
    let whole = Fragmented()
    let feed = Feed()
    feed.give(Array(whole.frames.dropLast()))
    feed.give([whole.frames[whole.frames.count - 1]], seconds: 30.5)
    #expect(feed.datagrams.isEmpty)
    #expect(feed.counts.neverCompleted == 1)
    #expect(feed.counts.onlyFirstFragment == 0)
  }

  @Test("Fragments just inside the timeout complete the datagram")
  func insideTimeout() {
    let whole = Fragmented()
    let feed = Feed()
    feed.give(Array(whole.frames.dropLast()))
    feed.give([whole.frames[whole.frames.count - 1]], seconds: 29.5)
    #expect(feed.payloads == [whole.payload])
  }

  @Test("First fragments alone, as a filter on ports leaves them, are counted as such")
  func firstFragmentsAlone() {
    let feed = Feed()
    for id in 1...5 { feed.give(Fragmented(id: id).frames[0]) }
    feed.give(Fragmented(id: 6).frames[1])
    feed.finish()
    #expect(feed.counts.neverCompleted == 6)
    #expect(feed.counts.onlyFirstFragment == 5)
    #expect(feed.waiting == 0)
  }

  @Test("Datagrams of many flows and identifications do not mix")
  func interleaved() {
    var wholes: [Fragmented] = []
    for source in 1...5 {
      for id in 1...5 {
        for isIPv6 in [false, true] {
          let text = Array("\(source) \(id) \(isIPv6) ".utf8)
          let content = (0..<40).flatMap { _ in text }
          wholes.append(
            Fragmented(
              isIPv6: isIPv6, id: id, size: 104, datagram: Wire.udp(content), source: source))
        }
      }
    }
    let feed = Feed()
    let most = wholes.map(\.frames.count).max() ?? 0
    for index in 0..<most {
      for whole in wholes where index < whole.frames.count { feed.give(whole.frames[index]) }
    }
    #expect(feed.payloads.count == wholes.count)
    #expect(Set(feed.payloads) == Set(wholes.map(\.payload)))
  }

  @Test("Copies with and without a VLAN tag complete each other")
  func vlanCopy() {
    let whole = Fragmented(size: 256)
    var decoder = Decoder(seed: 1)
    let frames = [
      Wire.ethernet(0x0800, whole.frames[0]),
      Wire.ethernet(0x8100, Wire.tag(0x0800, whole.frames[1])),
    ]
    var last = Decoded.nothing
    for frame in frames { last = decoder.decode(header(frame.count), frame.span) }
    guard case .datagram = last else {
      Issue.record("not completed: \(last)")
      return
    }
    let reassembled = decoder.reassembled.copied
    #expect(reassembled == whole.payload)
  }

  @Test("Extension headers inside the fragmented part are walked")
  func extensionHeaderInside() {
    let options: [UInt8] = [17, 0, 1, 4, 0, 0, 0, 0]
    let data = options + Wire.udp(payload)
    let feed = Feed()
    feed.give(
      Wire.ipv6(44, Wire.fragmentHeader(60, offset: 0, more: true, id: 3) + data[..<32]))
    feed.give(
      Wire.ipv6(44, Wire.fragmentHeader(60, offset: 32, more: false, id: 3) + data[32...]))
    #expect(feed.payloads == [payload])
  }

  @Test("A reassembled datagram with a bad UDP length is a failure and leaves no payload behind")
  func badUDPLength() {
    let good = Fragmented(id: 1)
    let bad = Fragmented(
      id: 2, size: 16, datagram: Wire.udp([1, 2, 3, 4, 5, 6, 7, 8, 9], length: 99))
    let feed = Feed()
    feed.give(good.frames + bad.frames)
    #expect(feed.results.last == .failure(.badUDPLength))
    #expect(feed.reassembled.isEmpty)
  }

  @Test(
    "Impossible fragments are failures",
    arguments: [
      Named("odd length with more to come", (0, 13, true)), Named("no data", (8, 0, true)),
      Named("beyond 65,535 bytes", (65_528, 8, false)),
    ])
  func impossible(row: Named<(Int, Int, Bool)>) {
    let (offset, length, more) = row.value
    let data = [UInt8](repeating: 1, count: length)
    for isIPv6 in [false, true] {
      let frame = Fragmented(isIPv6: isIPv6).frame(offset, data, more: more)
      #expect(decode(frame, link: .raw) == .failure(.badFragment))
    }
  }

  @Test("A fragment beyond the stated end, or another end, is impossible")
  func contradictingEnds() {
    let whole = Fragmented()
    let feed = Feed()
    feed.give(whole.frame(64, [UInt8](repeating: 1, count: 10), more: false))
    feed.give(whole.frame(128, [UInt8](repeating: 1, count: 16), more: true))
    feed.give(whole.frame(128, [UInt8](repeating: 1, count: 16), more: false))
    #expect(feed.results == [.fragment, .failure(.badFragment), .failure(.badFragment)])
  }

  @Test("A first fragment cut by the snap length gives what there is of the datagram")
  func cutFirstFragment() {
    let whole = Fragmented(size: 256)
    var decoder = Decoder(seed: 1)
    let first = Array(whole.frames[0].prefix(100))
    let result = decoder.decode(
      header(100, link: .raw, original: whole.frames[0].count), first.span)
    guard case .datagram(let datagram) = result else {
      Issue.record("no datagram: \(result)")
      return
    }
    #expect(datagram.isCut)
    #expect(Array(first[datagram.payload]) == Array(whole.payload.prefix(72)))
    let second = Array(whole.frames[1].prefix(100))
    let next = decoder.decode(header(100, link: .raw, original: whole.frames[1].count), second.span)
    #expect(next == .failure(.truncated))
  }

  @Test("Fragments of TCP and ICMP are not kept")
  func otherTransports() {
    #expect(decode(Wire.ipv4(6, Wire.tcp(payload), flags: 1), link: .raw) == .nothing)
    let icmp = Wire.fragmentHeader(58, offset: 8, more: false, id: 1) + payload
    #expect(decode(Wire.ipv6(44, icmp), link: .raw) == .nothing)
  }

  @Test("Datagrams that are never completed stay within the bound on their number")
  func boundedNumber() {
    var limits = DecodeLimits()
    limits.datagramsInReassembly = 50
    let feed = Feed(limits: limits)
    for id in 0..<5000 { feed.give(Fragmented(id: id).frames[0]) }
    #expect(feed.waiting == 50)
    #expect(feed.counts.evicted == 4950)
    // The newest are still there.
    let last = Fragmented(id: 4999)
    feed.give(Array(last.frames[1...]))
    #expect(feed.payloads == [last.payload])
  }

  @Test("Datagrams that are never completed stay within the bound on bytes")
  func boundedBytes() {
    var limits = DecodeLimits()
    limits.bytesInReassembly = 1 << 20
    let feed = Feed(limits: limits)
    for id in 0..<100 {
      feed.give(Fragmented(id: id).frame(65_000, [UInt8](repeating: 1, count: 8), more: true))
    }
    #expect(feed.waiting <= 16)
    #expect(feed.waiting > 4)
    #expect(feed.counts.evicted == 100 - UInt64(feed.waiting))
  }

  @Test("Completed datagrams make room for new ones before waiting ones are given up")
  func completedGoFirst() {
    var limits = DecodeLimits()
    limits.datagramsInReassembly = 4
    let feed = Feed(limits: limits)
    let waiting = Fragmented(id: 1)
    feed.give(waiting.frames[0])
    for id in 2..<100 { feed.give(Fragmented(id: id).frames) }
    feed.give(Array(waiting.frames[1...]))
    #expect(feed.payloads.count == 99)
    #expect(feed.counts.evicted == 0)
  }

  @Test("A clock set back gives up what was waiting instead of keeping it for ever")
  func clockSetBack() {
    let whole = Fragmented()
    let feed = Feed()
    feed.give(Array(whole.frames.dropLast()), seconds: 5000)
    feed.give(whole.frames, seconds: 0)
    #expect(feed.payloads == [whole.payload])
    #expect(feed.counts.neverCompleted == 1)
  }
}
