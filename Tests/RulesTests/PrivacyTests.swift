import Parameters
import Rules
import Testing
import Timelines

@Suite("The Privacy header of outbound registrations")
struct PrivacyTests {
  private static let trunk = "trunk7@192.0.2.50"
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host carrier 192.0.2.50:5060 agent "Carrier SBC"
    host trunk 203.0.113.10:5060 user trunk7 domain 192.0.2.50 agent "Softswitch 2.1" expires 120
    host desk 198.51.100.29:5060 user 1009 agent "Acme D3 1.1" expires 3600

    """

  @Test("cannot be told where the snap length cuts headers off")
  func isCutOff() throws {
    let timeline =
      Self.hosts + """
        0 desk -> switch registers
        1..181 every 60 trunk -> carrier registers
        """
    let whole = try diagnose(timeline)
    #expect(try whole.verdict(of: "privacy-mismatch", for: Self.trunk).kind == .held)
    let cut = try diagnose(timeline, snapLength: 420)
    #expect(try cut.verdict(of: "privacy-mismatch", for: Self.trunk).kind == .undecided)
  }

  @Test("is counted for every REGISTER that has the wrong one, from the first on")
  func isCounted() throws {
    let timeline =
      Self.hosts + """
        0 desk -> switch registers
        1..61 every 60 trunk -> carrier registers
        121 trunk -> carrier REGISTER header "Privacy: id"
        +0.02 carrier -> trunk 200
        181 trunk -> carrier registers
        """
    func finding(_ value: String) throws -> Finding {
      var profile = Profile()
      try profile.set("SS_SIP_USER_AGENT_PRIVACY", to: value, source: .commandLine)
      let found = try diagnose(timeline, profile: profile)
        .findings(of: "privacy-mismatch", for: Self.trunk)
      #expect(found.count == 1)
      return try #require(found.first)
    }
    // Two exchanges of two REGISTERs without the header, one REGISTER with it, one exchange more.
    #expect(try finding("Ignore").count == 1)
    #expect(try finding("Id").count == 6)
    #expect(try finding("None").count == 7)
    #expect(try finding("Id").summary.contains("changing"))
  }
}
