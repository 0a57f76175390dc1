import Parameters
import Rules
import Testing
import Timelines

@Suite("When the switch refreshes its registrations upstream")
struct OutboundRefreshTests {
  private static let rule = "outbound-refresh-off-schedule"

  private func verdict(
    asking expires: Int, set value: String?, _ events: String
  ) throws -> Sample.Verdict {
    var profile = Profile()
    if let value { try profile.set("SS_SIP_USER_AGENT_EXPIRE", to: value, source: .commandLine) }
    let hosts = """
      host switch 203.0.113.10:5060 agent "Softswitch 2.1"
      host carrier 192.0.2.50:5060 agent "Carrier SBC"
      host trunk 203.0.113.10:5060 user trunk7 domain 192.0.2.50 agent "Softswitch 2.1" expires \(expires)
      host desk 198.51.100.29:5060 user 1009 agent "Acme D3 1.1" expires 3600
      0 desk -> switch registers

      """
    let diagnosis = try diagnose(hosts + events, profile: profile)
    return try diagnosis.verdict(of: Self.rule, for: "trunk7@192.0.2.50").kind
  }

  @Test("does not count from before the expiry was changed to the one in the profile")
  func isChanged() throws {
    let changed = """
      1..601 every 300 trunk -> carrier registers expires 600
      901 trunk -> carrier registers
      1051 trunk -> carrier registers
      """
    #expect(try verdict(asking: 300, set: "300", changed) == .undecided)
    let settled = changed + "\n1201..1801 every 150 trunk -> carrier registers"
    #expect(try verdict(asking: 300, set: "300", settled) == .held)
  }

  @Test("holds for a client with a new Call-ID each time, as long as it is in time")
  func isInTime() throws {
    let client = (0...4).map {
      "\($0 * 50) trunk restarts\n\($0 * 50 + 1) trunk -> carrier registers"
    }.joined(separator: "\n")
    #expect(try verdict(asking: 60, set: nil, client) == .held)
    #expect(try verdict(asking: 60, set: "60", client) == .undecided)
  }

  @Test(
    "is about half of a fixed expiry, give or take what is tolerated",
    arguments: [(47, false), (50, true), (60, true), (71, true), (74, false)])
  func isHalf(interval: Int, isKept: Bool) throws {
    let events = "1..\(1 + 4 * interval) every \(interval) trunk -> carrier registers"
    #expect(try verdict(asking: 120, set: "120", events) == (isKept ? .held : .violated))
    // Negotiated it may come whenever the registration is still valid.
    #expect(try verdict(asking: 120, set: "Auto Negotiation", events) == .held)
  }

  @Test("needs two refreshes")
  func isTested() throws {
    #expect(
      try verdict(asking: 120, set: "120", "1 trunk -> carrier registers") == .notObserved)
    #expect(
      try verdict(asking: 120, set: "120", "1..111 every 110 trunk -> carrier registers")
        == .undecided)
  }
}
