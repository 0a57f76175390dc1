import Analysis
import Capture
import Parameters
import Rules
import Testing
import Timelines

@Suite("The arithmetic of an outage upstream")
struct FailoverTests {
  /// A trunk that is answered 503 from second 1 on, every `wait` seconds, and is let in at `end`.
  private func failover(wait: Int, until end: Int) throws -> Failover {
    var timeline = """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host carrier 192.0.2.50:5060
      host trunk 203.0.113.10:5060 user t1 domain 192.0.2.50 agent "Softswitch 2.1" expires 120
      host phone 198.51.100.21:5060 user 1001 expires 3600
      0 phone -> switch registers

      """
    for time in stride(from: 1, to: end, by: wait) {
      timeline += "\(time) trunk -> carrier REGISTER\n\(time).5 carrier -> trunk 503\n"
    }
    timeline += "\(end) trunk -> carrier registers\n"
    let diagnosis = try diagnose(timeline)
    let finding = try #require(
      diagnosis.findings(of: "trunk-outage", for: "t1@192.0.2.50").first)
    return try #require(finding.failover)
  }

  private func row(_ failover: Failover, _ seconds: Int) throws -> Failover.Row {
    try #require(failover.rows.first { $0.delay == .seconds(seconds) })
  }

  @Test("what was the upstream's, what the wait, adds up to the outage")
  func shares() throws {
    let failover = try failover(wait: 60, until: 241)
    #expect(failover.upstream == .seconds(180))
    #expect(failover.waiting == .seconds(60))
    #expect(failover.attempt == .milliseconds(500))
  }

  @Test("a short delay is back between the last failure and the success")
  func shortDelay() throws {
    let row = try row(failover(wait: 60, until: 241), 30)
    // Attempts every 30.5 s: the sixth repetition (183 s) is the first after 180 s, the eighth
    // (244 s) the first after 240 s.
    #expect(row.earliest == .milliseconds(183_000) && row.latest == .milliseconds(244_000))
    #expect(row.fewest == 7 && row.most == 9)
  }

  @Test("a long delay is back with its first repetition")
  func longDelay() throws {
    let row = try row(failover(wait: 60, until: 241), 300)
    #expect(row.earliest == .milliseconds(300_500) && row.latest == row.earliest)
    #expect(row.fewest == 2 && row.most == 2)
  }

  @Test("an outage of centuries, by a clock that ran wrong, is reckoned with as far as it goes")
  func centuries() throws {
    let frames = try Timeline(
      """
      host switch 203.0.113.10:5060
      host carrier 192.0.2.50:5060
      host trunk 203.0.113.10:5060 user t1 domain 192.0.2.50 expires 120
      host phone 198.51.100.21:5060 user 1001 expires 3600
      0 phone -> switch REGISTER
      1 trunk -> carrier REGISTER
      2 carrier -> trunk 503
      3 trunk -> carrier REGISTER
      4 carrier -> trunk 200
      """
    ).frames
    let times: [Int64] = [0, 1000, 100_000_000, Int64.max - 200_000_000, .max - 100_000_000]
    try #require(frames.count == times.count)
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for (index, frame) in frames.enumerated() {
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(index + 1)),
        time: Timestamp(nanoseconds: times[index]), linkType: .ethernet,
        capturedLength: frame.bytes.count, originalLength: frame.bytes.count)
      pipeline.take(header, frame.bytes.span)
    }
    let diagnosis = pipeline.diagnose(files: [], drops: nil)
    let finding = try #require(
      diagnosis.findings(of: "trunk-outage", for: "t1@192.0.2.50").first)
    let row = try row(#require(finding.failover), 300)
    #expect(row.latest >= .seconds(10 * 365 * 86_400) && row.latest < .seconds(11 * 365 * 86_400))
  }

  @Test("the configured delay is among those compared, once")
  func delays() throws {
    let failover = try failover(wait: 60, until: 241)
    #expect(failover.rows.map(\.delay) == [30, 60, 120, 300].map(Duration.seconds))
  }
}
