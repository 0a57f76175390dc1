import Analysis
import Capture
import Parameters
import Registrations
import Rules
import Testing
import Timelines

@testable import Reports

/// A capture that goes on, with what is kept of its packets.
private final class RunningCapture {
  private var pipeline: Pipeline
  private var frames: ArraySlice<(header: FrameHeader, bytes: [UInt8])>
  fileprivate let timelines = LiveTimelines(timeout: .seconds(32))
  let start: Timestamp

  init(_ frames: [(header: FrameHeader, bytes: [UInt8])], mostNotes: Int = 100_000) {
    self.frames = frames[...]
    start = frames.first?.header.time ?? Timestamp(nanoseconds: 0)
    pipeline = Pipeline(profile: Profile(), seed: 7)
    pipeline.keepNotes(mostNotes)
  }

  convenience init(_ timeline: String, mostNotes: Int = 100_000) throws {
    let frames = try Timeline(timeline).frames.enumerated().map { index, frame in
      (
        FrameHeader(
          reference: FrameReference(file: 0, number: UInt32(index + 1)), time: frame.time,
          linkType: .ethernet, capturedLength: frame.bytes.count, originalLength: frame.bytes.count
        ), frame.bytes
      )
    }
    self.init(frames, mostNotes: mostNotes)
  }

  /// Lets it go on until `seconds` after its start, or to its end.
  func goOn(until seconds: Int = .max) {
    let end = start + .seconds(min(seconds, 1_000_000))
    while let frame = frames.first, frame.header.time <= end {
      pipeline.take(frame.header, frame.bytes.span)
      frames.removeFirst()
    }
    if seconds != .max { pipeline.wait(until: end) }
  }

  func loseSomething(at seconds: Int) {
    pipeline.noteLoss(start + .seconds(seconds)...start + .seconds(seconds + 1))
  }

  func collect() {
    if let notes = pipeline.collectNotes() { timelines.take(notes) }
  }

  func diagnose() -> Diagnosis { pipeline.diagnoseSoFar(files: [], drops: nil) }

  /// What is drawn now of the accounts that a report on `diagnosis` draws, or of `accounts`.
  func draw(_ diagnosis: Diagnosis, only accounts: [String]? = nil) -> [String: AccountTimeline] {
    collect()
    let plan = ReportPlan(diagnosis)
    let drawn = plan.drawn.map { (diagnosis.accounts[$0.position], $0.window) }.filter {
      accounts?.contains($0.0.subject.account.addressOfRecord) ?? true
    }
    return timelines.excerpt(
      of: drawn, until: diagnosis.accounts.end, naming: plan.packets,
      eventsPerLane: plan.eventsPerLane
    ).accounts
  }
}

extension RunningCapture {
  /// The same of any accounts, for all the time up to now.
  fileprivate func drawWhole(_ names: [String]) -> [String: AccountTimeline] {
    collect()
    let diagnosis = diagnose()
    let drawn = diagnosis.accounts.indices.map { diagnosis.accounts[$0] }.filter {
      names.contains($0.subject.account.addressOfRecord)
    }
    let end = diagnosis.accounts.end
    return timelines.excerpt(
      of: drawn.map { ($0, start...end) }, until: end, naming: [], eventsPerLane: 90
    ).accounts
  }
}

/// An event in letters, to be compared.
private func words(_ event: TimelineEvent) -> String {
  "\(event.lane) \(event.what) \(event.isFromDevice ? "from" : "to") \(event.first.frame.number)"
    + "-\(event.last.frame.number) \(event.outcome) \(event.status) x\(event.count) "
    + "sent \(event.transmissions) \(event.wasChallenged) \(event.answered != nil)"
}

@Suite struct LiveTimelinesTests {
  private static let hosts = """
    host switch 203.0.113.10:5060
    host phone 198.51.100.80:5060 user 1001 expires 300

    """
  private static let name = "1001@203.0.113.10"

  @Test(arguments: try Sample.all())
  func `A running capture draws what the second reading of a file draws`(sample: Sample) throws {
    let reader = try CaptureReader(path: sample.capturePath, file: 0)
    var frames: [(header: FrameHeader, bytes: [UInt8])] = []
    while let header = reader.next() {
      let bytes = reader.bytes
      frames.append((header, bytes.withUnsafeBufferPointer(Array.init)))
    }
    let capture = RunningCapture(frames)
    capture.goOn()
    let diagnosis = capture.diagnose()
    let live = capture.draw(diagnosis)
    let read = try excerpt(of: [sample.capturePath], diagnosis).accounts
    #expect(Set(live.keys) == Set(read.keys))
    for (name, timeline) in read {
      #expect(live[name]?.events.map(words) == timeline.events.map(words), "\(name)")
    }
  }

  @Test func `Packets from before a finding are drawn once it opens`() throws {
    let capture = try RunningCapture(
      Self.hosts + """
        0 phone -> switch registers
        10..60 every 10 switch -> phone OPTIONS answered 200
        70..120 every 10 switch -> phone OPTIONS
        """)
    capture.goOn(until: 65)
    #expect(capture.diagnose().findings.isEmpty)
    capture.collect()
    capture.goOn()
    let diagnosis = capture.diagnose()
    #expect(!diagnosis.findings.isEmpty)
    let timeline = try #require(capture.draw(diagnosis)[Self.name])
    #expect(timeline.start == nil)
    let probes = timeline.events.filter { $0.lane == .probe }
    #expect(probes.count { $0.outcome == .good } == 6)
    #expect(probes.count { $0.outcome == .unanswered } >= 2)
    // What is awaited has not failed yet.
    #expect(probes.last?.outcome == .open)
  }

  @Test func `What is for another account behind the same address is not drawn`() throws {
    let capture = try RunningCapture(
      """
      host switch 203.0.113.10:5060
      host one 198.51.100.80:5060 user 1001 expires 300
      host two 198.51.100.80:5060 user 1002 expires 300
      0 two -> switch registers
      10 switch -> two OPTIONS answered 200
      20 one -> switch registers
      30 switch -> one OPTIONS answered 200
      40 switch -> two OPTIONS
      50 switch -> one OPTIONS answered 200
      """)
    capture.goOn(until: 100)
    let timeline = try #require(capture.drawWhole([Self.name])[Self.name])
    let probes = timeline.events.filter { $0.lane == .probe }
    #expect(probes.map { $0.first.time } == [30, 50].map { capture.start + .seconds($0) })
    #expect(probes.allSatisfy { $0.outcome == .good })
  }

  private static let busy =
    hosts + """
      host other 198.51.100.81:5060 user 1002 expires 300
      0 phone -> switch registers
      0 other -> switch registers
      1..3000 every 10 switch -> phone OPTIONS answered 200
      5..3000 every 10 switch -> other OPTIONS answered 200
      """

  @Test func `Where older packets went the timeline says since when there are any`() throws {
    let capture = try RunningCapture(Self.busy, mostNotes: 100)
    for end in stride(from: 100, through: 2900, by: 100) {
      capture.goOn(until: end)
      capture.collect()
    }
    let diagnosis = capture.diagnose()
    let timeline = try #require(capture.draw(diagnosis, only: [Self.name])[Self.name])
    let start = try #require(timeline.start)
    // 100 packets are 25 probes with their answers of both accounts.
    #expect((diagnosis.accounts.end - start).components.seconds == 249)
    #expect(timeline.events.allSatisfy { $0.lane == .probe && $0.first.time >= start })
    #expect(timeline.events.count > 20)
  }

  @Test func `An account that is drawn keeps its events when the packets go`() throws {
    let capture = try RunningCapture(Self.busy, mostNotes: 100)
    for end in stride(from: 100, through: 2900, by: 100) {
      capture.goOn(until: end)
      _ = capture.draw(capture.diagnose(), only: [Self.name])
    }
    let timeline = try #require(
      capture.draw(capture.diagnose(), only: [Self.name])[Self.name])
    #expect(timeline.start == nil)
    #expect(timeline.events.first?.lane == .register)
    let probes = timeline.events.filter { $0.lane == .probe }
    #expect(probes.reduce(0) { $0 + $1.count } == 290)
    #expect(probes.first?.first.time == capture.start + .seconds(1))
  }

  @Test func `Notes that nobody collected in time are no time without packets`() throws {
    let capture = try RunningCapture(Self.busy, mostNotes: 100)
    capture.goOn(until: 200)
    _ = capture.draw(capture.diagnose(), only: [Self.name])
    capture.goOn(until: 2000)
    let timeline = try #require(
      capture.draw(capture.diagnose(), only: [Self.name])[Self.name])
    let start = try #require(timeline.start)
    #expect(start > capture.start + .seconds(1700))
    #expect(timeline.events.allSatisfy { $0.first.time >= start })
  }

  @Test(arguments: [20, 40])
  func `Events of so many accounts are kept, of those drawn last`(others: Int) throws {
    var text = Self.hosts + "0 phone -> switch registers\n1..900 every 5 switch -> phone OPTIONS\n"
    for number in 0..<others {
      text += """
        host p\(number) 198.51.101.\(number + 1):5060 user \(2000 + number) expires 3600
        0.\(number + 10) p\(number) -> switch registers granted 3600

        """
    }
    let capture = try RunningCapture(text, mostNotes: 300)
    capture.goOn(until: 10)
    #expect(capture.drawWhole([Self.name])[Self.name]?.start == nil)
    let names = (0..<others).map { "\(2000 + $0)@203.0.113.10" }
    for name in names { #expect(capture.drawWhole([name])[name]?.events.count == 1) }
    for end in stride(from: 100, through: 900, by: 100) {
      capture.goOn(until: end)
      capture.collect()
    }
    let timeline = try #require(capture.drawWhole([Self.name])[Self.name])
    #expect((timeline.start == nil) == (others < 32))
  }

  @Test func `A request that was open when packets were lost has not failed`() throws {
    for isLossy in [false, true] {
      let capture = try RunningCapture(
        Self.hosts + """
          0 phone -> switch registers
          10 switch -> phone OPTIONS
          100 switch -> phone OPTIONS answered 200
          """)
      capture.goOn(until: 12)
      if isLossy { capture.loseSomething(at: 12) }
      capture.goOn()
      let timeline = try #require(capture.draw(capture.diagnose())[Self.name])
      let probes = timeline.events.filter { $0.lane == .probe }.map(\.outcome)
      #expect(probes == [isLossy ? .open : .unanswered, .good])
    }
  }
}
