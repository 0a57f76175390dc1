import Parameters
import Rules
import Testing

/// Every parameter that packets can show, set wrong on purpose: traffic that shows the true value
/// contradicts it, and fits the right one.
@Suite("A profile set wrong is contradicted by what the traffic shows")
struct WrongProfileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let truth: ParameterValue
    let right: String
    let wrong: String
    let events: String

    var testDescription: String { "\(name) \(right), configured \(wrong)" }
  }

  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.21:5060 user 1001 agent "Acme D7" expires 3600
    host other 192.0.2.62:5060 user 1001 agent "Brass S2" expires 120
    host home 198.51.100.80:52094 inside 192.168.77.21:5060 user 1002 expires 3600
    host attic 198.51.100.81:52094 inside 192.168.78.21:5060 user 1003 expires 3600
    host cellar 198.51.100.82:52094 inside 192.168.79.21:5060 user 1004 expires 3600
    host trunk 203.0.113.10:5060 user 9001 domain 192.0.2.40 expires 300
    host carrier 192.0.2.40:5060
    0 phone -> switch registers granted 600

    """

  /// Three of them for each of them in turn, half a second apart.
  private static let bursts = [0, 30, 60, 90].map { start in
    """
    \(start + 10) switch -> home keepalive hello
    +0.001 switch -> attic keepalive hello
    +0.499 switch -> cellar keepalive hello
    +0.001 switch -> home keepalive hello
    +0.499 switch -> attic keepalive hello
    +0.001 switch -> cellar keepalive hello
    """
  }.joined(separator: "\n")

  private static let behindNAT = """
    1 home -> switch registers granted 180
    2 attic -> switch registers granted 180
    3 cellar -> switch registers granted 180

    """

  private static let refusedNewcomer = """
    60 phone -> switch registers granted 600
    70..190 every 60 other -> switch REGISTER
    +0.002 switch -> other 401
    +0.01 other -> switch REGISTER auth
    +0.002 switch -> other 480
    300 phone -> switch registers granted 600
    """

  private static let lockout = """
    61..86 every 5 phone -> switch REGISTER
    +0.001 switch -> phone 401
    +0.009 phone -> switch REGISTER auth
    +0.001 switch -> phone 401
    100..250 every 30 phone -> switch REGISTER
    +0.001 switch -> phone 403
    280 phone -> switch registers
    """

  static let cases = endpointCases + protectionCases + outboundCases + keepaliveCases

  private static let endpointCases = [
    Case(
      name: "SS_ENDPOINT_EXPIRE", truth: .integer(600), right: "600", wrong: "3600",
      events: "300 phone -> switch registers granted 600"),
    Case(
      name: "SS_ENDPOINT_NAT_EXPIRE", truth: .integer(180), right: "180", wrong: "300",
      events: behindNAT),
    Case(
      name: "SS_ENDPOINTTIMETOLIVE", truth: .integer(30), right: "30", wrong: "60",
      events: "5..300 every 30 switch -> phone OPTIONS answered 200"),
    Case(
      name: "SS_ENDPOINT_REGISTER_REPLACE", truth: .flag(true), right: "On", wrong: "Off",
      events: "60 other -> switch registers"),
    Case(
      name: "SS_ENDPOINT_REGISTER_REPLACE", truth: .flag(false), right: "Off", wrong: "On",
      events: refusedNewcomer),
  ]

  private static let protectionCases = [
    Case(
      name: "SS_SIP_AUTHENTICATION_CODE", truth: .text("401"), right: "401", wrong: "407",
      events: ""),
    Case(
      name: "SS_AUTHENTICATION_MAX_RETRY", truth: .integer(6), right: "6", wrong: "20",
      events: lockout),
    Case(
      name: "SS_AUTHENTICATION_FAILED_SUSPEND", truth: .integer(179), right: "180", wrong: "600",
      events: lockout),
  ]

  private static let outboundCases = [
    Case(
      name: "SS_SIP_USER_AGENT_EXPIRE", truth: .integer(300), right: "300", wrong: "600",
      events: "1..900 every 150 trunk -> carrier registers"),
    Case(
      name: "SS_SIP_USER_AGENT_EXPIRE", truth: .integer(300), right: "300",
      wrong: "Auto Negotiation",
      events: "1..900 every 150 trunk -> carrier registers granted 200"),
    Case(
      name: "SS_SIP_USER_AGENT_EXPIRE", truth: .auto, right: "Auto Negotiation", wrong: "300",
      events: "1..900 every 100 trunk -> carrier registers granted 200"),
    Case(
      name: "SS_SIP_USER_AGENT_RETRY_DELAY", truth: .integer(60), right: "60", wrong: "120",
      events: "10..310 every 60 trunk -> carrier REGISTER answered 503"),
    Case(
      // Each attempt takes Timer F; the wait begins when it has run out.
      name: "SS_SIP_USER_AGENT_RETRY_DELAY", truth: .integer(60), right: "60", wrong: "90",
      events: "10..378 every 92 trunk -> carrier REGISTER ladder"),
    Case(
      name: "SS_SIP_USER_AGENT_SEND_UNREGISTER", truth: .flag(true), right: "On", wrong: "Off",
      events: "1 trunk -> carrier registers\n60 trunk -> carrier registers expires 0"),
    Case(
      name: "SS_SIP_USER_AGENT_SEND_UNREGISTER", truth: .flag(false), right: "Off", wrong: "On",
      events: """
        1..301 every 150 trunk -> carrier registers
        340 trunk restarts
        340..640 every 150 trunk -> carrier registers
        """),
    Case(
      name: "SS_SIP_USER_AGENT_PRIVACY", truth: .text("Id"), right: "Id", wrong: "None",
      events: "1..900 every 150 trunk -> carrier registers header \"Privacy: id\""),
    Case(
      name: "SS_SIP_USER_AGENT_PRIVACY", truth: .text("None"), right: "None", wrong: "Ignore",
      events: "1..900 every 150 trunk -> carrier registers header \"Privacy: none\""),
    Case(
      name: "SS_SIP_USER_AGENT_PRIVACY", truth: .text("Ignore"), right: "Ignore", wrong: "Id",
      events: "1..900 every 150 trunk -> carrier registers"),
  ]

  private static let keepaliveCases = [
    Case(
      name: "SS_SIP_NAT_KEEP_ALIVE_MESSAGE", truth: .text("PING"), right: "PING", wrong: "HELLO",
      events: behindNAT + "10..130 every 30 switch -> home keepalive text PING"),
    Case(
      name: "SS_SIP_NAT_KEEP_ALIVE_PERIOD", truth: .integer(30), right: "30", wrong: "60",
      events: behindNAT + "10..130 every 30 switch -> home keepalive hello"),
    Case(
      name: "SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME", truth: .integer(2), right: "2", wrong: "10",
      events: behindNAT + bursts),
    Case(
      name: "SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL", truth: .integer(499), right: "500",
      wrong: "1000", events: behindNAT + bursts),
  ]

  private func observed(_ one: Case, configured: String) throws -> ObservedValue? {
    var profile = Profile()
    try profile.set(one.name, to: configured, source: .commandLine)
    let diagnosis = try diagnose(Self.hosts + one.events, profile: profile)
    return diagnosis.overview.effective.values[one.name]
  }

  @Test("true value, right and wrong profile", arguments: cases)
  func contradicted(_ one: Case) throws {
    let right = try #require(try observed(one, configured: one.right))
    #expect(right.value == one.truth)
    #expect(right.support > 0)
    #expect(right.agrees == true)
    let wrong = try #require(try observed(one, configured: one.wrong))
    #expect(wrong.value == one.truth)
    #expect(wrong.agrees == false)
  }

  @Test("a suspension is bracketed by the last refusal and the success")
  func bracket() throws {
    let one = try #require(
      Self.cases.first { $0.name == "SS_AUTHENTICATION_FAILED_SUSPEND" })
    let seen = try #require(try observed(one, configured: "180"))
    #expect(seen.spread == 163...195)
  }

  @Test("the share of the granted time after which the switch refreshes is told")
  func refreshShare() throws {
    let one = try #require(Self.cases.first { $0.name == "SS_SIP_USER_AGENT_EXPIRE" })
    #expect(try observed(one, configured: "300")?.refreshPercent == 50)
  }

  @Test("an expiry as asked does not show whether it was fixed or negotiated")
  func modeUnknown() throws {
    let one = try #require(Self.cases.first { $0.name == "SS_SIP_USER_AGENT_EXPIRE" })
    let seen = try #require(try observed(one, configured: "Auto Negotiation"))
    #expect(seen.agrees == nil)
  }

  @Test("different Privacy headers of several registrations show no single value")
  func severalHeaders() throws {
    let events = """
      1..600 every 150 trunk -> carrier registers
      650..900 every 150 trunk -> carrier registers header "Privacy: id"
      """
    let diagnosis = try diagnose(Self.hosts + events)
    #expect(diagnosis.overview.effective.values["SS_SIP_USER_AGENT_PRIVACY"] == nil)
  }
}
