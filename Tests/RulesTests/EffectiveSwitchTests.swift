import Parameters
import Rules
import Testing

@Suite("Parameters of the switch that repetitions, failed logins and strangers show")
struct EffectiveSwitchTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.21:5060 user 1001 expires 3600
    host desk 198.51.100.22:5060 user 1002 expires 3600
    host stranger 198.51.100.66:5071 user 100 domain 203.0.113.10

    """

  private func observed(
    _ name: String, configured: String? = nil, _ events: String
  ) throws -> ObservedValue? {
    var profile = Profile()
    if let configured { try profile.set(name, to: configured, source: .commandLine) }
    return try diagnose(Self.hosts + events, profile: profile).overview.effective.values[name]
  }

  private static let ladders = """
    0 phone -> switch registers granted 3600
    60..240 every 60 switch -> phone OPTIONS ladder
    """

  @Test("the waits before repetitions are the resend interval, as far as they were seen")
  func resends() throws {
    let name = "SS_SIP_RESEND_INTERVAL"
    let seen = try #require(
      try observed(name, configured: "0.5,1,2,4,4,4,4,4,4,4", Self.ladders))
    #expect(seen.value == .text("0.5,1,2,4,4,4,4,4,4,4"))
    #expect(seen.support == 4)
    #expect(seen.agrees == true)
    #expect(try observed(name, configured: "1,2,4", Self.ladders)?.agrees == false)
    let short = """
      0 phone -> switch registers granted 3600
      60..240 every 60 switch -> phone OPTIONS copies 3
      """
    let part = try #require(try observed(name, configured: "0.5,1.0,2,4", short))
    #expect(part.value == .text("0.5,1"))
    #expect(part.agrees == true)
  }

  @Test("two probes that were sent again are too few to tell the resend interval")
  func fewResends() throws {
    let events = """
      0 phone -> switch registers granted 3600
      60..120 every 60 switch -> phone OPTIONS ladder
      """
    #expect(try observed("SS_SIP_RESEND_INTERVAL", events) == nil)
  }

  private static let failures =
    "0 phone -> switch REGISTER cseq 1\n+0.01 switch -> phone 401\n"
    + (2...9).map { "+0.1 phone -> switch REGISTER cseq \($0) auth\n+0.01 switch -> phone 401" }
    .joined(separator: "\n") + "\n200 desk -> switch registers"

  @Test(
    "failed logins that are challenged again say what the limits are at least",
    arguments: ["SS_AUTHENTICATION_MAX_RETRY", "SS_SIP_AUTHENTICATION_RETRY"])
  func retries(_ name: String) throws {
    let seen = try #require(try observed(name, configured: "6", Self.failures))
    #expect(seen.value == .integer(8))
    #expect(seen.isLowerBound)
    #expect(seen.agrees == false)
    #expect(try observed(name, configured: "20", Self.failures)?.agrees == true)
    #expect(try observed(name, configured: "0", Self.failures)?.agrees == nil)
    #expect(try observed(name, "0 desk -> switch registers") == nil)
  }

  @Test("wrong credentials under a Call-ID of their own each are no dialogue")
  func freshDialogues() throws {
    let events = (1...6).map {
      """
      \($0 * 10) phone -> switch REGISTER call-id try-\($0) cseq 1
      +0.01 switch -> phone 401
      +0.01 phone -> switch REGISTER call-id try-\($0) cseq 2 auth
      +0.01 switch -> phone 401
      """
    }.joined(separator: "\n")
    #expect(try observed("SS_SIP_AUTHENTICATION_RETRY", events) == nil)
    #expect(try observed("SS_AUTHENTICATION_MAX_RETRY", events)?.value == .integer(6))
  }

  @Test("credentials accepted late show how long the switch waits for them at least")
  func timeout() throws {
    let name = "SS_SIP_AUTHENTICATION_TIMEOUT"
    let late = """
      0 phone -> switch REGISTER
      +0.01 switch -> phone 401
      +8.5 phone -> switch REGISTER auth
      +0.01 switch -> phone 200 granted 600
      """
    let seen = try #require(try observed(name, configured: "5", late))
    #expect(seen.value == .integer(8))
    #expect(seen.agrees == false)
    #expect(try observed(name, configured: "10", late)?.agrees == true)
    #expect(try observed(name, "0 phone -> switch registers") == nil)
  }

  @Test("strangers that are answered show that unauthorized requests are")
  func strangers() throws {
    let scan =
      "0 desk -> switch registers\n"
      + (10...24).map {
        "\($0) stranger -> switch REGISTER for 2\($0) call-id s-\($0)\n+0.01 switch -> stranger 404"
      }
      .joined(separator: "\n")
    let seen = try #require(try observed("SS_REPLY_UNAUTHORIZED", configured: "Off", scan))
    #expect(seen.value == .flag(true))
    #expect(seen.support == 15)
    #expect(seen.agrees == false)
    #expect(try observed("SS_REPLY_UNAUTHORIZED", "0 desk -> switch registers") == nil)
  }
}
