import Testing

@testable import Parameters

@Suite("Scenarios")
struct ScenarioTests {
  @Test("without a scenario nothing is recommended")
  func none() {
    let profile = Profile()
    #expect(profile.scenarios.isEmpty)
    #expect(profile.recommended(.userAgentRetryDelay) == nil)
    #expect(profile.recommended(.endpointRegisterReplace) == nil)
    #expect(profile.entries.allSatisfy { $0.recommended == nil && !$0.isOutsideRecommendation })
  }

  @Test("a scenario recommends, and changes no value")
  func recommends() throws {
    var profile = Profile()
    try profile.set("SS_SIP_USER_AGENT_EXPIRE", to: "600", source: .commandLine)
    try profile.choose(.primaryTrunk)
    let delay = try #require(profile.recommended(.userAgentRetryDelay))
    #expect(delay.range == 30...45)
    #expect(delay.words == "30 to 45")
    #expect(delay.scenarios == [.primaryTrunk])
    #expect(delay.source.contains("SIP Outbound Registration Parameters"))
    #expect(profile.recommended(.userAgentExpire)?.range == 120...300)
    #expect(profile.recommended(.endpointTimeToLive) == nil, "it is about trunks")
    #expect(profile.seconds(.userAgentExpire) == .seconds(600))
    #expect(profile.seconds(.userAgentRetryDelay) == .seconds(60))
    let outside = profile.entries.filter(\.isOutsideRecommendation).map(\.parameter.name)
    #expect(outside == ["SS_SIP_USER_AGENT_EXPIRE", "SS_SIP_USER_AGENT_RETRY_DELAY"])
  }

  @Test("a value set after the scenario is chosen is compared with it, too")
  func setAfterwards() throws {
    var profile = Profile()
    try profile.choose(.dedicatedLines)
    let name = "SS_ENDPOINT_REGISTER_REPLACE"
    #expect(profile.entry(named: name)?.isOutsideRecommendation == true)
    try profile.set(name, to: "off", source: .commandLine)
    #expect(profile.entry(named: name)?.isOutsideRecommendation == false)
    #expect(profile.recommended(.endpointRegisterReplace)?.words == "Off")
  }

  @Test("a value that is not known is not outside")
  func unknownValue() throws {
    var profile = Profile()
    try profile.choose(.carrierTrunk)
    let expire = try #require(profile.entry(named: "SS_SIP_USER_AGENT_EXPIRE"))
    #expect(expire.recommended?.values == .only(.auto))
    #expect(!expire.isOutsideRecommendation)
    #expect(expire.recommended?.range == nil)
    #expect(expire.recommended?.includes(.integer(300)) == false)
  }

  @Test("several scenarios recommend what they have in common")
  func narrowed() throws {
    var profile = Profile()
    for scenario in [Scenario.nat, .primaryTrunk, .manyEndpoints, .nat] {
      try profile.choose(scenario)
    }
    #expect(profile.scenarios == [.nat, .primaryTrunk, .manyEndpoints])
    #expect(profile.recommended(.userAgentExpire)?.range == 120...300)
    #expect(profile.recommended(.userAgentRetryDelay)?.range == 30...45)
    #expect(profile.recommended(.userAgentRetryDelay)?.scenarios == [.nat, .primaryTrunk])
    #expect(profile.recommended(.endpointTimeToLive)?.range == 120...300)
  }

  @Test("ranges that touch leave one value")
  func touching() throws {
    var profile = Profile()
    try profile.choose(.nat)
    try profile.choose(.floodSensitive)
    #expect(profile.recommended(.userAgentRetryDelay)?.values == .only(.integer(60)))
  }

  @Test(
    "scenarios that contradict each other are refused",
    arguments: [
      (Scenario.nat, Scenario.lan, "SS_SIP_USER_AGENT_EXPIRE"),
      (.carrierTrunk, .nat, "SS_SIP_USER_AGENT_EXPIRE"),
      (.backupTrunk, .primaryTrunk, "SS_SIP_USER_AGENT_RETRY_DELAY"),
      (.sharedAccounts, .dedicatedLines, "SS_ENDPOINT_REGISTER_REPLACE"),
      (.manyEndpoints, .critical, "SS_ENDPOINTTIMETOLIVE"),
    ])
  func conflicts(first: Scenario, second: Scenario, parameter: String) throws {
    var profile = Profile()
    try profile.choose(first)
    let before = profile.entries.map(\.recommended)
    let error = #expect(throws: ScenarioConflict.self) { try profile.choose(second) }
    #expect(error?.parameter == parameter)
    #expect(error?.description.contains("(\(first.rawValue))") == true)
    #expect(error?.description.contains("(\(second.rawValue))") == true)
    #expect(profile.entries.map(\.recommended) == before)
    #expect(profile.scenarios == [first])
  }

  @Test("every scenario advises values its parameters accept", arguments: Scenario.allCases)
  func adviceIsPossible(scenario: Scenario) throws {
    #expect(!scenario.recommendations.isEmpty)
    #expect(Scenario.named(scenario.rawValue.uppercased()) == scenario)
    for (name, advice) in scenario.recommendations {
      let parameter = try #require(Parameter.named(name))
      #expect(!advice.reason.isEmpty && !advice.source.isEmpty)
      switch advice.values {
      case .only(let value): #expect(parameter.value(from: value.description) == value)
      case .range(let range):
        #expect(parameter.value(from: String(range.lowerBound)) != nil)
        #expect(parameter.value(from: String(range.upperBound)) != nil)
      }
    }
  }
}
