import Capture
import Decode
import Testing

/// A small fixed generator (SplitMix64), so that a failure can be repeated.
private struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Frames to maim: all encapsulations, ICMP, extension headers, fragments.
private let samples: [(link: LinkType, frame: [UInt8])] = {
  var all = (Encapsulation.links + Encapsulation.tunnels).map { ($0.link, $0.frame) }
  let options: [UInt8] = [60, 0, 1, 4, 0, 0, 0, 0, 51, 0, 1, 4, 0, 0, 0, 0]
  let authentication: [UInt8] = [17, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2]
  all += [
    (.raw, Wire.ipv4(1, Wire.icmp(3, 3, packet4))),
    (.raw, Wire.ipv6(58, Wire.icmp(1, 4, packet6))),
    (.raw, Wire.ipv6(0, options + authentication + Wire.udp(payload))),
    (.raw, Wire.ipv4(6, Wire.tcp(payload, headerWords: 8))),
    (.raw, Wire.ipv4(17, Wire.udp(payload), options: [7, 7, 4, 0, 0, 0, 0, 1])),
  ]
  for isIPv6 in [false, true] {
    all += Fragmented(isIPv6: isIPv6, size: 200).frames.map { (.raw, $0) }
  }
  return all
}()

/// Checks what a caller relies on: the ranges lie inside the bytes they are for.
private func isSound(_ decoded: Decoded, _ count: Int, reassembled: Int) -> Bool {
  switch decoded {
  case .datagram(let datagram):
    datagram.payload.upperBound <= (datagram.isReassembled ? reassembled : count)
  case .icmp(let error): error.quotedPayload.upperBound <= count
  case .tcp(let segment): segment.payload.upperBound <= count
  case .fragment, .nothing, .failure: true
  }
}

@Suite struct HostileInput {
  @Test("A frame cut anywhere never crashes and never points outside its bytes")
  func truncation() {
    var decoder = Decoder(seed: 1)
    var cutDatagrams = 0
    var truncated = 0
    for (link, frame) in samples {
      for length in 0...frame.count {
        let cut = Array(frame[..<length])
        for original in [length, frame.count] {
          let result = decoder.decode(header(length, link: link, original: original), cut.span)
          let reassembled = decoder.reassembled.count
          #expect(isSound(result, length, reassembled: reassembled))
          if case .datagram(let datagram) = result, datagram.isCut { cutDatagrams += 1 }
          if result == .failure(.truncated) { truncated += 1 }
        }
      }
    }
    #expect(cutDatagrams > 1000)
    #expect(truncated > 1000)
  }

  @Test("Flipped bytes never crash and never point outside the frame")
  func flips() {
    var noise = Noise(state: 2026)
    var decoder = Decoder(seed: 1)
    var kinds: Set<String> = []
    for round in 0..<60_000 {
      let sample = samples[round % samples.count]
      var frame = sample.frame
      for _ in 0...Int.random(in: 0..<4, using: &noise) {
        frame[Int.random(in: frame.indices, using: &noise)] = UInt8.random(
          in: 0...255, using: &noise)
      }
      if round % 7 == 0 { frame.removeLast(Int.random(in: 0...frame.count, using: &noise)) }
      let result = decoder.decode(
        header(frame.count, link: sample.link, seconds: Double(round) / 1000), frame.span)
      let reassembled = decoder.reassembled.count
      if !isSound(result, frame.count, reassembled: reassembled) {
        Issue.record("round \(round): \(result)")
      }
      if case .failure(let failure) = result { kinds.insert(failure.description) }
    }
    // The noise reaches each kind of failure but the one that depends on the link type.
    #expect(kinds.count >= 7, "\(kinds)")
  }

  @Test("Bytes of pure noise never crash, whatever the link type")
  func noise() {
    var noise = Noise(state: 77)
    var decoder = Decoder(seed: 1)
    let links: [UInt32] = [0, 1, 9, 12, 14, 50, 51, 101, 108, 113, 228, 229, 276, 147]
    for round in 0..<20_000 {
      let count = Int.random(in: 0..<120, using: &noise)
      let frame = (0..<count).map { _ in UInt8.random(in: 0...255, using: &noise) }
      let link = LinkType(rawValue: links[round % links.count])
      let result = decoder.decode(
        header(count, link: link, original: Int.random(in: 0..<2000, using: &noise)), frame.span)
      let reassembled = decoder.reassembled.count
      if !isSound(result, count, reassembled: reassembled) {
        Issue.record("round \(round): \(result)")
      }
    }
    #expect(decoder.counts.frames == 20_000)
  }

  @Test("Absurd times do not trap the timeouts", arguments: [Int64.min, -1, 0, Int64.max])
  func absurdTimes(nanoseconds: Int64) {
    var decoder = Decoder(seed: 1)
    let frames = Fragmented().frames
    for (index, frame) in frames.enumerated() {
      var about = header(frame.count, link: .raw)
      about.time = Timestamp(nanoseconds: index % 2 == 0 ? nanoseconds : Int64.max)
      _ = decoder.decode(about, frame.span)
    }
    decoder.finish()
    #expect(decoder.counts.fragments == UInt64(frames.count))
  }
}
