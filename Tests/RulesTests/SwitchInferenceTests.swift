import Capture
import Registrations
import Rules
import Testing

/// Which host is the switch, and which way an account registers, when the user does not say.
@Suite("Finding the switch")
struct SwitchInferenceTests {
  private let phones = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.21:5060 user 1001 expires 120
    host second 198.51.100.22:5060 user 1002 expires 120
    0..300 every 60 phone -> switch registers
    5..300 every 60 second -> switch registers

    """

  private func switches(_ diagnosis: Diagnosis) -> [String] {
    diagnosis.switches.map { "\($0.address)" }
  }

  private func direction(_ diagnosis: Diagnosis, _ account: String) throws -> Direction {
    try #require(
      diagnosis.accounts.first { $0.subject.account.addressOfRecord == account }
    ).subject.direction
  }

  @Test("two hosts that phones register at are two switches")
  func twoSwitches() throws {
    let diagnosis = try diagnose(
      phones + """
        host other 203.0.113.20:5060
        host third 198.51.100.23:5060 user 2001 expires 120
        9..300 every 60 third -> other registers
        """)
    #expect(switches(diagnosis) == ["203.0.113.10", "203.0.113.20"])
    #expect(try direction(diagnosis, "2001@203.0.113.20") == .inbound)
  }

  @Test("a switch that registers at one provider has one outbound account and no second switch")
  func oneTrunk() throws {
    let diagnosis = try diagnose(
      phones + """
        host provider 192.0.2.50:5060
        1..300 every 100 switch -> provider registers user trunk expires 200
        """)
    #expect(switches(diagnosis) == ["203.0.113.10"])
    #expect(try direction(diagnosis, "trunk@192.0.2.50") == .outbound)
    #expect(try direction(diagnosis, "1001@203.0.113.10") == .inbound)
    #expect(diagnosis.switches.first?.why.contains("registers 1 elsewhere") == true)
  }

  @Test("a switch that says what it is is told by that name")
  func vendor() throws {
    let diagnosis = try diagnose(
      phones.replacing("Softswitch 2.1", with: "VOS3000 V2.1.9.07"))
    #expect(diagnosis.switches.first?.why.contains("calls itself VOS3000 V2.1.9.07") == true)
    #expect(try diagnose(phones).switches.first?.why.contains("calls itself") == false)
  }

  @Test("a switch with trunks to four providers is still the only switch")
  func fourProviders() throws {
    let providers = (0..<4).map {
      """
      host provider\($0) 192.0.2.5\($0):5060
      \($0 + 1)..300 every 100 switch -> provider\($0) registers user trunk\($0) expires 200

      """
    }
    let diagnosis = try diagnose(phones + providers.joined())
    #expect(switches(diagnosis) == ["203.0.113.10"])
    for number in 0..<4 {
      #expect(try direction(diagnosis, "trunk\(number)@192.0.2.5\(number)") == .outbound)
    }
  }

  @Test("a provider that answers nobody does not become a switch")
  func silentProvider() throws {
    let diagnosis = try diagnose(
      phones + """
        host provider 192.0.2.50:5060
        1..250 every 60 switch -> provider REGISTER user trunk expires 200 ladder
        """)
    #expect(switches(diagnosis) == ["203.0.113.10"])
    #expect(try direction(diagnosis, "trunk@192.0.2.50") == .outbound)
  }

  @Test("an edge proxy in front of the registrar is not a switch when the capture is behind it")
  func edgeProxy() throws {
    let via = "header \"Via: SIP/2.0/UDP 192.168.77.21:5060;branch=z9hG4bKphone\""
    let diagnosis = try diagnose(
      """
      host switch 203.0.113.10:5060
      host edge 192.0.2.5:5060
      0 edge -> switch REGISTER user 1001 expires 300 contact sip:1001@192.168.77.21 \(via)
      +0.01 switch -> edge 200 expires 300 \(via)
      1 edge -> switch REGISTER user 1002 expires 300 contact sip:1002@192.168.77.22 \(via)
      +0.01 switch -> edge 200 expires 300 \(via)
      """)
    #expect(switches(diagnosis) == ["203.0.113.10"])
    #expect(try direction(diagnosis, "1002@203.0.113.10") == .inbound)
  }
}
