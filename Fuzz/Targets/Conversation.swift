import Analysis
import Capture
import Decode
import Parameters
import Rules

/// An input read as a profile and what passes between eight ends, with its times.
struct Conversation {
  /// A switch, two phones behind one NAT, one without, an inner address, an upstream, both of IPv6.
  static let ends: [Endpoint] = [
    end(0xCB00_710A, 5060), end(0xC633_6450, 52_094), end(0xC633_6450, 31_343),
    end(0xC633_645A, 5060), end(0xC0A8_4D15, 5060), end(0xC000_0232, 5060),
    Endpoint(address: IPAddress(high: 0x2001_0DB8_0000_0000, low: 1), port: 5060),
    Endpoint(address: IPAddress(high: 0x2001_0DB8_0000_0000, low: 2), port: 40_000),
  ]
  /// Pauses before a frame, in milliseconds: those at which timers and rules change their mind.
  static let pauses: [Int64] = [
    0, 1, 10, 40, 100, 400, 500, 1000, 2000, 4000, 5000, 10_000, 25_000, 30_000, 32_000, 45_000,
    60_000, 61_000, 90_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000, 7_200_000, 86_400_000,
    604_800_000, 31_536_000_000, -1, -1000, -60_000, -31_536_000_000,
  ]
  private static let values = [
    "0", "1", "2", "5", "10", "30", "60", "300", "3600", "on", "off", "",
  ]
  private static let mostFrames: UInt32 = 2000

  private(set) var profile = Profile()
  /// Which of the reports that cost more is written, too.
  let report: UInt8
  private let events: Dealer

  init(_ bytes: [UInt8]) {
    var dealer = Dealer(bytes)
    let choices = dealer.byte()
    report = choices >> 4
    for _ in 0..<(choices & 3) {
      let name = Parameter.all[Int(dealer.byte()) % Parameter.all.count].name
      try? profile.set(name, to: dealer.pick(Self.values), source: .commandLine)
    }
    if choices & 4 != 0 { try? profile.choose(dealer.pick(Scenario.allCases)) }
    events = dealer
  }

  /// Plays it through a pipeline of this seed; `isWatched` has it judged on the way, too.
  func diagnosis(seed: UInt64, isWatched: Bool) -> Diagnosis {
    var dealer = events
    var stage = Stage(
      pipeline: Pipeline(profile: profile, memory: memory, seed: seed), isWatched: isWatched)
    while !dealer.isEmpty, stage.frames < Self.mostFrames { stage.play(&dealer) }
    return stage.finish()
  }

  private var memory: Duration? { report & 1 == 0 ? nil : .seconds(3600) }

  private static func end(_ address: UInt32, _ port: UInt16) -> Endpoint {
    Endpoint(address: IPAddress(ipv4: address), port: port)
  }
}

/// A pipeline while a conversation passes it.
private struct Stage: ~Copyable {
  var pipeline: Pipeline
  let isWatched: Bool
  var frames: UInt32 = 0
  private var time = Timestamp(seconds: 1_800_000_000, nanoseconds: 0)

  init(pipeline: consuming Pipeline, isWatched: Bool) {
    self.pipeline = pipeline
    self.isWatched = isWatched
  }

  mutating func play(_ dealer: inout Dealer) {
    let choice = dealer.byte()
    let pause = dealer.pick(Conversation.pauses)
    time = time + .milliseconds(pause)
    let source = Conversation.ends[Int(choice >> 2 & 7)]
    let destination = Conversation.ends[Int(choice >> 5)]
    switch choice & 3 {
    case 0:
      let text = MessageTemplate(&dealer).text(Conversation.ends)
      send(Array(text.utf8), source, destination)
    case 1: send(dealer.bytes(Int(dealer.word())), source, destination)
    case 2 where choice & 0x80 == 0:
      let linkType = LinkType(rawValue: dealer.pick(FrameTarget.linkTypes))
      take(dealer.bytes(Int(dealer.byte())), linkType)
    case 2: sendError(from: source, about: destination, &dealer)
    default: interrupt(choice)
    }
  }

  private mutating func send(_ payload: [UInt8], _ source: Endpoint, _ destination: Endpoint) {
    let number = UInt16(truncatingIfNeeded: frames &+ 1)
    take(Packets.datagram(payload, from: source, to: destination, identification: number), .raw)
  }

  /// An ICMP error about a datagram of the switch (RFC 792).
  private mutating func sendError(
    from reporter: Endpoint, about device: Endpoint, _ dealer: inout Dealer
  ) {
    let home = Conversation.ends[0]
    let quote = Packets.datagram([], from: home, to: device)
    let isIPv6 = !device.address.isIPv4
    let message = [isIPv6 ? 1 : 3, dealer.byte() & 15, 0, 0, 0, 0, 0, 0] + quote
    let packet = Packets.packet(
      message, from: reporter.address, to: home.address, transport: isIPv6 ? 58 : 1, 0)
    take(packet, .raw)
  }

  private mutating func take(_ bytes: [UInt8], _ linkType: LinkType) {
    frames += 1
    pipeline.expect(bytes.span)
    pipeline.take(
      Packets.header(bytes, number: frames, at: time, linkType: linkType), bytes.span)
  }

  /// What happens to a live run beside frames.
  private mutating func interrupt(_ choice: UInt8) {
    switch choice >> 2 & 7 {
    case 0, 1: pipeline.wait(until: time)
    case 2: pipeline.noteLoss(time + .seconds(-5)...time)
    case 3: pipeline.leapClock(to: time)
    default:
      if isWatched { _ = pipeline.diagnoseSoFar(files: [], drops: nil) }
    }
  }

  consuming func finish() -> Diagnosis { pipeline.diagnose(files: [], drops: nil) }
}
