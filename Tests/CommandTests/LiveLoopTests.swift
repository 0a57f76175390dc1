import Analysis
import ArgumentParser
import Capture
import Foundation
import Parameters
import Reports
import Rules
import Synchronization
import Testing
import Threads

@testable import regsift

/// The loop of a running capture, with packets and clocks of the test's own.
@Suite struct LiveLoopTests {
  /// Healthy, and an hour of silence in the middle would make a finding.
  static let healthy = [
    "binding-expired/near-miss", "nat-pinhole-lost/near-miss", "stale-binding/near-miss",
  ]

  @Test(arguments: healthy, [3600, -3600])
  func `A clock that is set makes no finding`(sample: String, step: Int) throws {
    let diagnosis = try Self.run(try Feed(sample, steppingAt: 0.5, by: step))
    #expect(diagnosis.findings.isEmpty, "\(diagnosis.findings.map { $0.summary })")
    let notes = diagnosis.capture.notes.map { $0.note }
    #expect(notes.contains(step > 0 ? "clock-forwards" : "clock-backwards"), "\(notes)")
  }

  @Test(arguments: healthy)
  func `An hour without packets is none that the clock was set by`(sample: String) throws {
    let diagnosis = try Self.run(try Feed(sample, steppingAt: 0.5, by: 3600, isSet: false))
    #expect(!diagnosis.capture.notes.contains { $0.note == "clock-forwards" })
    #expect(!diagnosis.findings.isEmpty)
  }

  @Test func `Lost packets leave undecided what rests on silence`() throws {
    let feed = try Feed("register-unanswered/violated")
    #expect(try Self.run(feed).findings.contains { $0.rule == "register-unanswered" })
    let lossy = try Feed("register-unanswered/violated")
    lossy.isLossy = true
    let diagnosis = try Self.run(lossy)
    #expect(!diagnosis.findings.contains { $0.rule == "register-unanswered" })
    #expect(diagnosis.rules.contains { $0.rule == "register-unanswered" && $0.undecided == 1 })
  }

  @Test func `A slow listener holds up no packets, and is told one thing after the other`() throws {
    let feed = try Feed("register-flood/violated", standsStill: false)
    let slow = SlowListener(feed)
    let diagnosis = try Self.run(feed, slow)
    #expect(diagnosis.capture.frames == UInt64(feed.count))
    #expect(slow.sawPacketsPass)
    #expect(!slow.wasCalledTwiceAtOnce)
  }

  @Test func `Decades between any two packets are not judged step by step`() throws {
    let scratch = try Scratch()
    let packets = 500
    // Twelve weeks between packets come to 115 years.
    let path = scratch.path("far.pcap")
    try Self.spread("register-unanswered/violated", over: packets, every: 7_257_600, to: path)
    let counter = Counter()
    let feed = try ReadBack([path], filter: nil)
    let diagnosis = try Self.run(feed, counter)
    #expect(diagnosis.capture.frames == UInt64(packets))
    // Each is judged once; a silence alone in its file would be 54 times.
    #expect((packets...20 * packets).contains(counter.calls), "\(counter.calls)")
  }

  /// Writes the records of a sample again and again, `seconds` apart.
  private static func spread(
    _ sample: String, over packets: Int, every seconds: Int, to path: String
  ) throws {
    let source = try Data(contentsOf: URL(fileURLWithPath: Package.sample(sample)))
    var records: [Data] = []
    var rest = source.dropFirst(24)
    while rest.count >= 16 {
      let length = rest.dropFirst(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      records.append(rest.dropFirst(8).prefix(8 + length))
      rest = rest.dropFirst(16 + length)
    }
    var bytes = source.prefix(24)
    for number in 0..<packets {
      let time = UInt64(number * seconds)
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: time >> (8 * $0)) }
      bytes += records[number % records.count]
    }
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  private static func run(
    _ feed: any LiveFeed, _ listeners: any LiveListener...
  ) throws -> Diagnosis {
    let question = AnalysisQuestion(
      profile: Profile(), switches: [], selection: Selection(), filter: nil, redaction: nil,
      showsProgress: false)
    let run = LiveRun(
      inputs: feed, signals: try LiveSignals(hearing: []), question: question, duration: nil,
      packets: nil, listeners: listeners, profile: { Profile() })
    return try run.run()
  }
}

/// Counts how often what was captured is judged.
private final class Counter: LiveListener {
  private(set) var calls = 0

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) { calls += 1 }
}

/// Waits in its first call until more packets have been taken.
private final class SlowListener: LiveListener {
  private let feed: Feed
  private let calls = Mutex(0)
  private(set) var sawPacketsPass = false
  private(set) var wasCalledTwiceAtOnce = false

  init(_ feed: Feed) { self.feed = feed }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    if calls.withLock({
      $0 += 1; return $0
    }) > 1 {
      wasCalledTwiceAtOnce = true
    }
    defer { calls.withLock { $0 -= 1 } }
    guard !sawPacketsPass else { return }
    let then = feed.delivered.withLock { $0 }
    for _ in 0..<500 where !sawPacketsPass {
      usleep(10_000)
      sawPacketsPass = feed.delivered.withLock { $0 } > then
    }
  }
}

/// Packets of a sample, and clocks that pass as they say.
private final class Feed: LiveFeed {
  private final class Clock: LiveClock {
    var wall: Timestamp
    var steady = Duration.zero
    init(_ wall: Timestamp) { self.wall = wall }
  }

  private let reader: CaptureReader
  private var next: FrameHeader?
  private let time: Clock
  private var shift = Duration.zero
  private let step: (at: Timestamp, by: Duration, isSet: Bool)?
  let delivered = Mutex(0)
  let count: Int
  let standsStill: Bool
  var isLossy = false

  init(
    _ sample: String, steppingAt share: Double = 0, by step: Int = 0, isSet: Bool = true,
    standsStill: Bool = true
  ) throws {
    let path = Package.sample(sample)
    var times: [Timestamp] = []
    let scan = try CaptureReader(path: path, file: 0)
    while let header = scan.next() { times.append(header.time) }
    count = times.count
    reader = try CaptureReader(path: path, file: 0)
    next = reader.next()
    time = Clock(times[0])
    self.standsStill = standsStill
    let span = times[count - 1] - times[0]
    self.step =
      step == 0 ? nil : (times[0] + span * share, .seconds(step), isSet)
  }

  var clock: any LiveClock { time }
  var drops: UInt64? { isLossy ? 1 : nil }
  var summaries: [FileSummary] { [] }
  var isAtEnd: Bool { next == nil }
  var memory: Duration? { nil }

  func summaries(atEnd unknownLinks: [UnknownLink]) -> [FileSummary] { [] }

  func losses() -> ClosedRange<Timestamp>? { isLossy ? time.wall...time.wall : nil }

  func wait(until due: Duration?, _ bell: Doorbell) {
    guard let next else { return }
    // Slowly enough for another thread to be seen at work.
    if !standsStill { usleep(2000) }
    let target = next.time + shift
    var pass = target - time.wall
    if let due, standsStill { pass = min(pass, max(due - time.steady, .zero)) }
    if let step, shift == .zero, time.wall + pass >= step.at {
      shift = step.by
      time.wall = time.wall + step.by
      if !step.isSet { time.steady += step.by }
      return
    }
    guard pass > .zero else { return }
    time.wall = time.wall + pass
    time.steady += pass
  }

  func deliver(limit: UInt64, to body: (FrameHeader, Span<UInt8>) -> Void) -> Int {
    guard var header = next, header.time + shift <= time.wall else { return 0 }
    header.time = header.time + shift
    let reader = reader
    body(header, reader.bytes)
    delivered.withLock { $0 += 1 }
    next = reader.next()
    return 1
  }
}
