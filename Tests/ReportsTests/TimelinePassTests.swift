import Analysis
import Capture
import Decode
import Registrations
import Rules
import Testing
import Timelines

@testable import Reports

/// What the second reading takes of an account.
@Suite("The second reading")
struct TimelinePassTests {
  private func events(
    _ timeline: String, of account: String = "1001@203.0.113.10"
  ) throws -> [TimelineEvent] {
    try #require(try readTwice(timeline).excerpt.accounts[account]).events
  }

  private let hosts = """
    host switch 203.0.113.10:5060
    host phone 198.51.100.80:5060 user 1001 expires 300

    """

  @Test("joins a challenge with the REGISTER that answers it")
  func challenge() throws {
    let events = try events(hosts + "0 phone -> switch registers\n100 phone -> switch registers")
    #expect(events.count == 2)
    #expect(events.allSatisfy { $0.lane == .register && $0.outcome == .good && $0.wasChallenged })
    #expect(events.map(\.first.frame.number) == [1, 5])
    #expect(events.map(\.last.frame.number) == [4, 8])
  }

  @Test("tells refused credentials from a challenge, and both from silence")
  func failures() throws {
    let events = try events(
      hosts + """
        0 phone -> switch REGISTER
        +0.01 switch -> phone 401
        +0.01 phone -> switch REGISTER auth
        +0.01 switch -> phone 403
        100 phone -> switch REGISTER ladder
        200 phone -> switch REGISTER
        +0.01 switch -> phone 401
        300 phone -> switch registers
        """)
    #expect(events.map(\.outcome) == [.refused, .unanswered, .open, .good])
    #expect(events[0].status == 403)
    #expect(events[1].transmissions == 11)
    #expect(events[2].wasChallenged)
  }

  @Test("draws probes, keepalives and calls of the account they are for")
  func lanes() throws {
    let text =
      hosts + """
        host other 198.51.100.81:5060 user 1002 expires 300
        0 phone -> switch registers
        0 other -> switch registers
        10 switch -> phone OPTIONS answered 200
        20 switch -> other OPTIONS answered 200
        30 phone -> switch keepalive crlf
        40 switch -> phone keepalive hello
        50 switch -> phone INVITE as call
        +1 phone -> switch 200 to call
        +0.1 switch -> phone ACK in call
        +20 phone -> switch BYE in call
        +0.1 switch -> phone 200
        100 switch -> phone INVITE ladder
        200 phone -> switch registers
        """
    let events = try events(text)
    #expect(
      events.map(\.lane) == [.register, .register, .probe, .keepalive, .keepalive, .call, .call])
    #expect(events.filter { $0.lane == .keepalive }.map(\.isFromDevice) == [true, false])
    let calls = events.filter { $0.lane == .call }
    #expect(calls.map(\.outcome) == [.good, .unanswered])
    #expect(calls[0].answered?.frame.number != nil)
    let others = try self.events(text, of: "1002@203.0.113.10")
    #expect(others.map(\.lane) == [.register, .probe])
  }

  @Test("keeps few events, however many there are, and those that findings name")
  func bounded() throws {
    let (diagnosis, excerpt) = try readTwice(
      hosts + """
        0..20000 every 250 phone -> switch registers unchallenged
        1..8990 every 7 phone -> switch keepalive crlf
        9400..20000 every 7 phone -> switch keepalive crlf
        2..9000 every 10 switch -> phone OPTIONS answered 200
        9000..9200 every 10 switch -> phone OPTIONS
        9300..20000 every 10 switch -> phone OPTIONS answered 200
        """)
    #expect(!diagnosis.findings.isEmpty)
    let timeline = try #require(excerpt.accounts["1001@203.0.113.10"])
    let plan = ReportPlan(diagnosis)
    #expect(timeline.events.count < 4 * 3 * plan.eventsPerLane)
    #expect(timeline.joined + timeline.outside > 3000)
    for lane in TimelineEvent.Lane.allCases {
      let times = timeline.events.filter { $0.lane == lane }.map(\.first.time)
      #expect(times == times.sorted())
    }
    let named = Set(diagnosis.findings.flatMap { $0.evidence.map(\.moment.frame) })
    let probes = timeline.events.filter { $0.lane == .probe && $0.outcome == .unanswered }
    #expect(probes.contains { $0.isNamed && $0.count == 1 && named.contains($0.first.frame) })
  }

  @Test("ends no call before it began, when the clock is set back in it")
  func setBack() throws {
    let text =
      hosts + """
        0 phone -> switch registers unchallenged
        10 switch -> phone INVITE as call
        +1 phone -> switch 200 to call
        +0.1 switch -> phone ACK in call
        +20 phone -> switch BYE in call
        +0.1 switch -> phone 200
        """
    for frame: UInt32 in [.max, 6] {
      let (_, excerpt) = try readTwice(text, setBack: frame)
      let events = try #require(excerpt.accounts["1001@203.0.113.10"]).events
      let call = try #require(events.first { $0.lane == .call })
      #expect(call.first.time < call.last.time)
      #expect(call.last.frame.number == (frame == 6 ? 4 : 6))
      #expect(call.outcome == .good)
    }
  }

  @Test("quotes the packets that findings name")
  func quotes() throws {
    let capture = try sample("nat-pinhole-lost", "violated-call-lost")
    let diagnosis = diagnosis(of: [capture])
    let excerpt = try excerpt(of: [capture], diagnosis)
    let proof = diagnosis.findings[0].evidence.map { excerpt.packets[$0.moment.frame] }
    #expect(
      proof.map { $0?.label } == ["200 OK (OPTIONS)", "OPTIONS", "INVITE", "INVITE", "REGISTER"])
    #expect(proof[1]?.isUnanswered == true)
    #expect(proof[4]?.source.description == "198.51.100.80:31343")
    let names = proof[4]?.fields.map(\.name) ?? []
    for name in ["Via", "From", "To", "Call-ID", "CSeq", "Contact"] {
      #expect(names.contains(name))
    }
    // Digests are no business of whoever reads the report.
    #expect(
      excerpt.packets.values.allSatisfy { $0.fields.allSatisfy { !$0.value.contains("response") } })
  }

  @Test("is the same, whatever the seed")
  func repeatable() throws {
    let capture = try sample("nat-pinhole-lost", "violated-call-lost")
    let diagnosis = diagnosis(of: [capture])
    let pages = try [1, 99].map { html(diagnosis, try excerpt(of: [capture], diagnosis, seed: $0)) }
    #expect(pages[0] == pages[1])
  }

  @Test(
    "ticks are round times, a handful of them",
    arguments: [
      (0, 60, ["01-01", "00:00:10", "00:00:20", "00:00:30", "00:00:40", "00:00:50", "00:01:00"]),
      (30, 400, ["00:01", "00:02", "00:03", "00:04", "00:05", "00:06"]),
      (
        0, 86_400,
        ["01-01", "06:00", "12:00", "18:00", "01-02"]
      ),
      (5, 5, ["00:00:05"]),
    ] as [(Int64, Int64, [String])])
  func ticks(from: Int64, to: Int64, expected: [String]) {
    let start = Timestamp(seconds: 1_767_225_600, nanoseconds: 0)
    let axis = TimeAxis(
      start + .seconds(from)...start + .seconds(to), .utc, most: 8)
    #expect(axis.ticks.map(\.label) == expected)
  }
}
