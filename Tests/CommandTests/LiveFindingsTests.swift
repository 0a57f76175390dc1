import Capture
import FuzzTargets
import Registrations
import SavedState
import Testing

@testable import Rules
@testable import regsift

/// What becomes of findings that are no longer found.
@Suite struct LiveFindingsTests {
  private static let day = Timestamp(seconds: 86_400, nanoseconds: 0)

  private static func finding(
    from start: Int64 = 10, to end: Int64?, proof: UInt32? = nil, count: Int = 1,
    account: String = "1001@192.0.2.10"
  ) -> Finding {
    let from = Timestamp(seconds: start, nanoseconds: 0)
    let to = end.map { Timestamp(seconds: $0, nanoseconds: 0) }
    return Finding(
      rule: "stale-binding", level: .error, account: account, direction: nil,
      from: from, to: to, episodes: [], duration: .seconds(1), summary: "", explanation: "",
      remedy: "", parameter: nil, evidence: proof.map { [Self.packet($0)] } ?? [], count: count,
      failover: nil)
  }

  private static func packet(_ number: UInt32) -> Evidence {
    let frame = FrameReference(file: 0, number: number)
    return Evidence(
      Moment(time: Timestamp(seconds: Int64(number), nanoseconds: 0), frame: frame), "REGISTER")
  }

  @Test func `One that later packets disprove is withdrawn`() {
    var findings = LiveFindings()
    _ = findings.take([Self.finding(to: nil)])
    #expect(findings.take([]).map(\.kind) == [.withdrawn])
  }

  @Test func `An open one that was forgotten is over`() {
    var findings = LiveFindings()
    _ = findings.take([Self.finding(to: nil)])
    #expect(findings.take([], horizon: Self.day).map(\.kind) == [.closed])
  }

  @Test func `One that has no room goes on until it is known to be over`() {
    var findings = LiveFindings()
    _ = findings.take([Self.finding(to: nil)])
    #expect(findings.take([], isPartial: true).isEmpty)
    #expect(findings.open.count == 1)
    #expect(findings.take([Self.finding(to: 20)]).map(\.kind) == [.closed])
    #expect(findings.take([], isPartial: true, horizon: Self.day).isEmpty)
    #expect(findings.open.isEmpty)
  }

  @Test func `One that has no room and was forgotten is over`() {
    var findings = LiveFindings()
    _ = findings.take([Self.finding(to: nil)])
    #expect(findings.take([], isPartial: true, horizon: Self.day).map(\.kind) == [.closed])
  }

  private static func told(isOpen: Bool) -> ToldFinding {
    ToldFinding(
      rule: "stale-binding", account: "1001@192.0.2.10",
      from: Timestamp(seconds: 1, nanoseconds: 0), last: Timestamp(seconds: 5, nanoseconds: 0),
      isOpen: isOpen)
  }

  @Test(arguments: [true, false])
  func `What an earlier run told as open is over once its rule held`(isOpen: Bool) throws {
    var findings = LiveFindings(told: [Self.told(isOpen: isOpen)])
    #expect(findings.take([], now: Self.day).isEmpty)
    let events = findings.take([], now: Self.day) { wanted in
      wanted.map { $0 == ("stale-binding", "1001@192.0.2.10") }
    }
    #expect(events.map(\.kind) == (isOpen ? [.closed] : []))
    #expect(events.allSatisfy { $0.finding.level == .error && $0.finding.to == Self.day })
    #expect(findings.take([], now: Self.day) { $0.map { _ in true } }.isEmpty)
  }

  @Test func `What an earlier run told as open and came back over is closed once`() {
    for isOpen in [true, false] {
      var findings = LiveFindings(told: [Self.told(isOpen: isOpen)])
      let events = findings.take([Self.finding(to: 20)])
      #expect(events.map(\.kind) == (isOpen ? [.updated, .closed] : [.updated]))
      #expect(findings.take([Self.finding(to: 20)]) { $0.map { _ in true } }.isEmpty)
    }
  }

  @Test func `Of very many such findings each has its turn`() {
    let told = (0..<100).map { number in
      ToldFinding(
        rule: "stale-binding", account: "\(number)@192.0.2.10",
        from: Timestamp(seconds: 1, nanoseconds: 0), last: Timestamp(seconds: 5, nanoseconds: 0),
        isOpen: true)
    }
    var findings = LiveFindings(told: told)
    var closed = 0
    var most = 0
    for _ in 0..<10 {
      closed +=
        findings.take([], now: Self.day) { wanted in
          most = max(most, wanted.count)
          return wanted.map { $0.account == "99@192.0.2.10" }
        }.count
    }
    #expect(closed == 1)
    #expect(most == 16)
  }

  @Test func `What an earlier run told costs no more where it told of very much`() {
    func cost(_ count: Int) -> Double {
      let told = (0..<count).map { number in
        ToldFinding(
          rule: "stale-binding", account: "\(number)@192.0.2.10",
          from: Timestamp(seconds: Int64(number), nanoseconds: 0),
          last: Timestamp(seconds: Int64(number), nanoseconds: 0), isOpen: true)
      }
      var findings = LiveFindings(told: told)
      let again = (0..<count).reversed().map { number in
        Self.finding(to: nil, account: "\(number)@192.0.2.10")
      }
      let begun = ProcessorTime.now
      #expect(findings.take(again).count == count)
      return Double(ProcessorTime.now - begun) / Double(count)
    }
    let few = (0..<3).map { _ in cost(250) }.min() ?? 0
    let many = cost(8000)
    #expect(many < 8 * few, "\(few) ns a finding became \(many)")
  }

  @Test func `One that was closed long ago goes without a word`() {
    var findings = LiveFindings()
    let events = findings.take([Self.finding(to: 20)])
    #expect(events.map(\.kind) == [.opened, .closed])
    #expect(findings.take([], horizon: Self.day).isEmpty)
    #expect(findings.open.isEmpty)
  }

  @Test func `An account that two upstreams refuse from the same time on has two findings`() {
    var findings = LiveFindings()
    let both = [
      Self.finding(to: nil, proof: 7, count: 3), Self.finding(to: nil, proof: 9, count: 2),
    ]
    let events = findings.take(both)
    #expect(events.map(\.kind) == [.opened, .opened])
    #expect(events.map(\.number) == [1, 2])
    #expect(both.map { findings.numbers[$0] } == [1, 2])
    #expect(findings.take(both).isEmpty, "nothing has changed")
    #expect(findings.take(both.reversed()).isEmpty)
    let worse = findings.take([both[0], Self.finding(to: nil, proof: 9, count: 4)])
    #expect(worse.map(\.number) == [2])
    let rest = findings.take([both[1]], horizon: Self.day)
    #expect(rest.map(\.kind) == [.updated, .closed])
    #expect(rest.map(\.number) == [2, 1], "what is left keeps its number")
  }

  @Test func `Two findings alike in everything are two`() {
    var findings = LiveFindings()
    let both = [
      Self.finding(to: nil, proof: 7, count: 3), Self.finding(to: nil, proof: 7, count: 2),
    ]
    #expect(findings.take(both).map(\.kind) == [.opened, .opened])
    #expect(findings.take(both).isEmpty)
  }

  @Test func `One whose first proof is found later goes on`() {
    var findings = LiveFindings()
    _ = findings.take([Self.finding(to: nil, proof: 7)])
    let earlier = Self.finding(to: nil, proof: 5)
    #expect(findings.take([earlier]).isEmpty)
    #expect(findings.numbers[earlier] == 1)
  }

  @Test func `Numbers are kept of the findings that are there, and of no others`() {
    var findings = LiveFindings()
    for round in 1...100 {
      let present = [Self.finding(from: Int64(round), to: 200), Self.finding(from: 1000, to: nil)]
      _ = findings.take(present, horizon: Self.day)
      #expect(findings.numbers.count == 2)
      #expect(findings.numbers[present[0]] == (round == 1 ? 1 : round + 1))
      #expect(findings.numbers[present[1]] == 2)
    }
    _ = findings.take([])
    #expect(findings.numbers.count == 0)
  }
}
