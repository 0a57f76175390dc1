import Parameters
import Rules
import Testing

/// What the wire says the parameters are, and that a profile set wrong on purpose is contradicted.
@Suite("Parameters as the traffic shows them")
struct EffectiveParametersTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host phone 198.51.100.21:5060 user 1001 expires 3600
    host home 198.51.100.80:52094 inside 192.168.77.21:5060 user 1002 expires 3600
    host trunk 203.0.113.10:5060 user 9001 domain 192.0.2.40 expires 300
    host carrier 192.0.2.40:5060

    """

  /// What a parameter was observed to be where the profile has `configured` for it.
  private func observed(
    _ name: String, configured: String? = nil, _ events: String
  ) throws -> ObservedValue? {
    var profile = Profile()
    if let configured { try profile.set(name, to: configured, source: .commandLine) }
    let diagnosis = try diagnose(Self.hosts + events, profile: profile)
    return diagnosis.overview.effective.values[name]
  }

  private static let capped = "0..600 every 60 phone -> switch registers granted 120"
  private static let cappedBehindNAT = "0..600 every 60 home -> switch registers granted 180"

  @Test("what a switch grants to whom asked for more is its limit, with and without NAT")
  func grants() throws {
    let plain = try #require(try observed("SS_ENDPOINT_EXPIRE", configured: "120", Self.capped))
    #expect(plain.value == .integer(120))
    #expect(!plain.isLowerBound)
    #expect(plain.agrees == true)
    let nat = try #require(
      try observed("SS_ENDPOINT_NAT_EXPIRE", configured: "300", Self.cappedBehindNAT))
    #expect(nat.value == .integer(180))
    #expect(nat.agrees == false)
    #expect(try observed("SS_ENDPOINT_EXPIRE", Self.cappedBehindNAT) == nil)
  }

  @Test("a grant as asked says only what the limit is at least")
  func lowerBound() throws {
    let events = "0..600 every 300 phone -> switch registers granted 3600"
    for (configured, agrees) in [("3600", true), ("7200", true), ("600", false)] {
      let seen = try #require(
        try observed("SS_ENDPOINT_EXPIRE", configured: configured, events))
      #expect(seen.value == .integer(3600))
      #expect(seen.isLowerBound)
      #expect(seen.agrees == agrees)
    }
  }

  @Test(
    "the interval of probes is that of most gaps, and a wrong one in the profile is contradicted")
  func probes() throws {
    let events = Self.capped + "\n5..300 every 30 switch -> phone OPTIONS answered 200"
    let seen = try #require(
      try observed("SS_ENDPOINTTIMETOLIVE", configured: "30", events))
    #expect(seen.value == .integer(30))
    #expect(seen.support == 9)
    #expect(seen.agrees == true)
    #expect(try observed("SS_ENDPOINTTIMETOLIVE", configured: "60", events)?.agrees == false)
    #expect(try observed("SS_ENDPOINTTIMETOLIVE", Self.capped) == nil)
  }

  @Test("a registration from a new place that takes over shows that replacing is On")
  func replace() throws {
    let events = """
      host desk 198.51.100.30:5060 user 1001 expires 3600
      0 phone -> switch registers granted 600
      60 desk -> switch registers granted 600
      """
    let seen = try #require(
      try observed("SS_ENDPOINT_REGISTER_REPLACE", configured: "Off", events))
    #expect(seen.value == .flag(true))
    #expect(seen.agrees == false)
    #expect(try observed("SS_ENDPOINT_REGISTER_REPLACE", Self.capped) == nil)
  }

  private static let refusals = """
    0 phone -> switch registers granted 120
    10..310 every 60 trunk -> carrier REGISTER answered 503
    """

  @Test("the wait after a refused registration upstream is the retry delay")
  func retryDelay() throws {
    let seen = try #require(
      try observed("SS_SIP_USER_AGENT_RETRY_DELAY", configured: "300", Self.refusals))
    #expect(seen.value == .integer(60))
    #expect(seen.support == 5)
    #expect(seen.agrees == false)
    #expect(
      try observed("SS_SIP_USER_AGENT_RETRY_DELAY", configured: "60", Self.refusals)?.agrees == true
    )
  }

  @Test("the expiry mode shows where the upstream grants less than was asked")
  func expiryMode() throws {
    func events(every period: Int) -> String {
      """
      0 phone -> switch registers granted 120
      1..900 every \(period) trunk -> carrier registers granted 200
      """
    }
    let fixed = try #require(try observed("SS_SIP_USER_AGENT_EXPIRE", events(every: 150)))
    #expect(fixed.value == .integer(300))
    #expect(fixed.agrees == false)
    let negotiated = try #require(try observed("SS_SIP_USER_AGENT_EXPIRE", events(every: 100)))
    #expect(negotiated.value == .auto)
    #expect(negotiated.agrees == true)
  }

  @Test("the text of the switch's keepalives is told, and no device's")
  func keepaliveText() throws {
    let events = """
      0 home -> switch registers granted 300
      10..200 every 30 switch -> home keepalive text PING
      12..200 every 20 home -> switch keepalive hello
      """
    let seen = try #require(
      try observed("SS_SIP_NAT_KEEP_ALIVE_MESSAGE", configured: "HELLO", events))
    #expect(seen.value == .text("PING"))
    #expect(seen.support == 7)
    #expect(seen.agrees == false)
  }

  @Test("the code of all challenges is the challenge code")
  func challengeCode() throws {
    let seen = try #require(
      try observed("SS_SIP_AUTHENTICATION_CODE", configured: "407", Self.capped))
    #expect(seen.value == .text("401"))
    #expect(seen.support == 11)
    #expect(seen.agrees == false)
  }

  @Test("what no packet shows has no value")
  func silence() throws {
    let diagnosis = try diagnose(Self.hosts + Self.capped)
    #expect(
      Set(diagnosis.overview.effective.values.keys)
        == ["SS_ENDPOINT_EXPIRE", "SS_SIP_AUTHENTICATION_CODE"])
  }
}
