import Parameters
import Registrations
import Rules
import Testing
import Timelines

@Suite("Who owns a binding, beside what the samples show")
struct OwnershipTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host hall 198.51.100.61:5060 user 1001 agent "Acme D7 1.4" expires 120
    host desk 192.0.2.62:5060 user 1001 agent "Brass S2 9.0" expires 120
    host caller 198.51.100.90:5060 user 2002 agent "Acme D3 1.1" expires 600

    """

  private static let replacement = """
    0..60 every 60 hall -> switch registers
    90..270 every 60 desk -> switch registers
    """

  private static let refusal = """
    0..240 every 60 hall -> switch registers
    70..190 every 60 desk -> switch REGISTER auth
    +0.01 switch -> desk 480
    """

  private func profile(_ name: String, _ value: String) throws -> Profile {
    var profile = Profile()
    try profile.set(name, to: value, source: .commandLine)
    return profile
  }

  @Test("With Off a second device that is accepted contradicts the policy, one refused obeys it")
  func policyOff() throws {
    let off = try profile("SS_ENDPOINT_REGISTER_REPLACE", "Off")
    let rule = "replace-policy-contradicted"
    let accepted = try diagnose(Self.hosts + Self.replacement, profile: off)
    let finding = try #require(accepted.findings(of: rule, for: usualAccount).first)
    #expect(finding.summary.contains("192.0.2.62:5060 was accepted"))
    #expect(finding.parameter?.configured == "Off")
    #expect(finding.parameter?.observed == "On")
    let refused = try diagnose(Self.hosts + Self.refusal, profile: off)
    #expect(try refused.verdict(of: rule, for: usualAccount).kind == .held)
    #expect(try refused.verdict(of: "replace-refused", for: usualAccount).kind == .violated)
  }

  @Test("A grant is compared with the profile's limit, not with the documented one")
  func grantLimit() throws {
    let timeline = Self.hosts + "0..60 every 60 hall -> switch registers granted 600"
    let limit = try profile("SS_ENDPOINT_EXPIRE", "300")
    let rule = "granted-expiry-mismatch"
    #expect(try diagnose(timeline).verdict(of: rule, for: usualAccount).kind == .held)
    let lowered = try diagnose(timeline, profile: limit)
    #expect(try lowered.verdict(of: rule, for: usualAccount).kind == .violated)
  }

  @Test("A proxy's two legs with one Call-ID are two legs")
  func oneCallID() throws {
    let diagnosis = try diagnose(
      Self.hosts + """
        0 caller -> switch registers
        1 hall -> switch registers
        20 caller -> switch INVITE for 1001 as far call-id one@198.51.100.90
        +0.002 switch -> hall INVITE user 2002 as near call-id one@198.51.100.90
        +1 hall -> switch 200 to near
        +0.002 switch -> hall ACK in near
        +0.002 switch -> caller 200 to far
        +0.002 caller -> switch ACK in far
        40 desk -> switch registers
        40.1 switch -> hall BYE in near
        +0.01 hall -> switch 200
        +0.001 switch -> caller BYE in far
        +0.01 caller -> switch 200
        100 desk -> switch registers
        """)
    let rule = "call-dropped-by-reregistration"
    #expect(try diagnosis.verdict(of: rule, for: usualAccount).kind == .violated)
    #expect(diagnosis.findings(of: rule, for: usualAccount).first?.evidence.count == 4)
  }

  @Test("Calls that are never ended do not pile up, and the oldest left out are owned up to")
  func manyCalls() throws {
    let diagnosis = try diagnose(
      Self.hosts + """
        0 hall -> switch registers
        1..71 every 1 switch -> hall INVITE user 2002 answered 200
        80 desk -> switch registers
        90 desk -> switch registers
        """)
    #expect(
      try diagnosis.verdict(of: "replaced-call-not-released", for: usualAccount).kind == .undecided)
    let account = try #require(diagnosis.accounts.first?.subject.account)
    #expect(account.replacedCalls.total == 64)
    #expect(account.callsLeftOut == 7)
  }
}
