import Capture
import Testing

@testable import Rules
@testable import regsift

/// What becomes of findings that are no longer found.
@Suite struct LiveFindingsTests {
  private static let day = Timestamp(seconds: 86_400, nanoseconds: 0)

  private static func finding(to end: Int64?) -> Finding {
    let from = Timestamp(seconds: 10, nanoseconds: 0)
    let to = end.map { Timestamp(seconds: $0, nanoseconds: 0) }
    return Finding(
      rule: "stale-binding", level: .error, account: "1001@192.0.2.10", direction: nil,
      from: from, to: to, episodes: [], duration: .seconds(1), summary: "", explanation: "",
      remedy: "", parameter: nil, evidence: [], count: 1, failover: nil)
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

  @Test func `One that was closed long ago goes without a word`() {
    var findings = LiveFindings()
    let events = findings.take([Self.finding(to: 20)])
    #expect(events.map(\.kind) == [.opened, .closed])
    #expect(findings.take([], horizon: Self.day).isEmpty)
    #expect(findings.open.isEmpty)
  }
}
