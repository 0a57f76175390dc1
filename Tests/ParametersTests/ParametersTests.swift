import Testing

@testable import Parameters

@Suite("The catalogue of parameters")
struct CatalogueTests {
  @Test("every name, in any spelling, belongs to one parameter")
  func namesAreUnambiguous() {
    let names = Parameter.all.flatMap { [$0.name] + $0.otherNames }.map(Spelling.folded)
    #expect(Set(names).count == names.count)
  }

  @Test("every parameter accepts its own default", arguments: Parameter.all.map(\.name))
  func defaultsAreAccepted(name: String) throws {
    let parameter = try #require(Parameter.named(name))
    guard let value = parameter.documentedDefault else {
      #expect(!parameter.isSetting, "a setting needs a default")
      #expect(!parameter.defaultNote.isEmpty, "why there is no default must be said")
      return
    }
    #expect(parameter.value(from: value.description) == value)
  }

  @Test("defaults are what the documentation states")
  func statedDefaults() {
    let stated: [String: ParameterValue] = [
      "SS_ENDPOINT_EXPIRE": .integer(3600), "SS_ENDPOINT_NAT_EXPIRE": .integer(300),
      "SS_ENDPOINTTIMETOLIVE": .integer(60), "SS_ENDPOINT_REGISTER_REPLACE": .flag(true),
      "SS_AUTHENTICATION_MAX_RETRY": .integer(6), "SS_AUTHENTICATION_FAILED_SUSPEND": .integer(180),
      "SS_REPLY_UNAUTHORIZED": .flag(true), "SS_SIP_USER_AGENT_EXPIRE": .auto,
      "SS_SIP_USER_AGENT_RETRY_DELAY": .integer(60),
      "SS_SIP_USER_AGENT_SEND_UNREGISTER": .flag(true),
      "SS_SIP_USER_AGENT_PRIVACY": .text("Ignore"),
      "SS_SIP_NAT_KEEP_ALIVE_MESSAGE": .text("HELLO"),
      "SS_SIP_NAT_KEEP_ALIVE_PERIOD": .integer(30), "SS_QOS_SIGNAL": .integer(0xA0),
      "SS_SIP_PUBLISH_EXPIRE": .integer(300), "SS_SIP_TIMEOUT_INVITE": .integer(10),
      "SS_SIP_TIMEOUT_TRYING": .integer(20), "SS_SIP_TIMEOUT_SESSION_PROGRESS": .integer(20),
      "SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP": .integer(120), "SS_SIP_TIMEOUT_RINGING": .integer(120),
    ]
    for parameter in Parameter.all where !parameter.isSetting {
      #expect(parameter.documentedDefault == stated[parameter.name], "\(parameter.name)")
    }
    #expect(Parameter.all.filter(\.isDisputed).map(\.name) == ["SS_ENDPOINT_EXPIRE"])
  }

  @Test("every parameter says what it does, who says so, and a setting why its default is so")
  func rowsAreComplete() {
    for parameter in Parameter.all {
      #expect(!parameter.summary.isEmpty && !parameter.source.isEmpty, "\(parameter.name)")
      #expect(parameter.summary.hasSuffix("."), "\(parameter.name)")
      if parameter.isSetting || parameter.isDisputed {
        #expect(!parameter.defaultNote.isEmpty, "\(parameter.name)")
      }
      let isOfSwitch = parameter.name.hasPrefix("SS_") || parameter.name.hasPrefix("SERVER_")
      #expect(parameter.isSetting != isOfSwitch)
    }
  }

  @Test("every typed key names a parameter of its kind")
  func keysFitTheCatalogue() throws {
    for key in SecondsParameter.allCases {
      guard case .seconds = try #require(Parameter.named(key.rawValue)).kind else {
        Issue.record("\(key) is not a time")
        continue
      }
    }
    for key in CountParameter.allCases {
      guard case .integer = try #require(Parameter.named(key.rawValue)).kind else {
        Issue.record("\(key) is not a count")
        continue
      }
    }
    for key in FlagParameter.allCases {
      #expect(try #require(Parameter.named(key.rawValue)).kind == .onOff)
    }
    for key in TextParameter.allCases {
      #expect(try #require(Parameter.named(key.rawValue)).kind == .text)
    }
    let settings = SecondsSetting.allCases.map(\.rawValue) + CountSetting.allCases.map(\.rawValue)
    let listed = Parameter.all.filter(\.isSetting).map(\.name)
    #expect(Set(settings) == Set(listed), "each setting has one key and one row")
  }
}

@Suite("Values in effect")
struct ProfileTests {
  @Test("documented defaults are in effect until something overrides them")
  func documentedDefaults() {
    let profile = Profile()
    #expect(profile.seconds(.endpointExpire) == .seconds(3600))
    #expect(profile.seconds(.endpointNATExpire) == .seconds(300))
    #expect(profile.seconds(.userAgentExpire) == nil, "left to negotiation")
    #expect(profile.seconds(.sipAuthenticationTimeout) == nil, "no default is published")
    #expect(profile.count(.authenticationMaxRetry) == 6)
    #expect(profile.isOn(.endpointRegisterReplace) == true)
    #expect(profile.isOn(.endpointRegisterSuspend) == nil)
    #expect(profile.text(.natKeepAliveMessage) == "HELLO")
    #expect(profile.seconds(.transactionTimeout) == .seconds(32))
    #expect(profile.count(.flappingChanges) == 4)
    #expect(profile.entries.allSatisfy { $0.source == .documented })
  }

  @Test("every setting has a value under its key")
  func settingsHaveValues() {
    let profile = Profile()
    for key in SecondsSetting.allCases { #expect(profile.seconds(key) > .zero) }
    for key in CountSetting.allCases { #expect(profile.count(key) > 0) }
  }

  @Test(
    "names are known in every spelling",
    arguments: [
      "SS_ENDPOINTTIMETOLIVE", "SS_ENDPOINT_TIME_TO_LIVE", "ss_endpointtimetolive",
      "ss-endpoint-time-to-live",
    ])
  func spellings(name: String) throws {
    var profile = Profile()
    try profile.set(name, to: "90", source: .commandLine)
    #expect(profile.seconds(.endpointTimeToLive) == .seconds(90))
    let entry = try #require(profile.entry(named: "SS_ENDPOINTTIMETOLIVE"))
    #expect(entry.source == .commandLine)
    #expect(entry.source.description == "command-line")
  }

  struct Accepted: CustomTestStringConvertible, Sendable {
    let name: String
    let text: String
    let value: ParameterValue
    var testDescription: String { "\(name) = \(text)" }
  }

  @Test(
    "values are read as people write them",
    arguments: [
      Accepted(name: "SS_SIP_USER_AGENT_EXPIRE", text: "20", value: .integer(20)),
      Accepted(name: "SS_SIP_USER_AGENT_EXPIRE", text: "7200", value: .integer(7200)),
      Accepted(name: "SS_SIP_USER_AGENT_EXPIRE", text: "Auto Negotiation", value: .auto),
      Accepted(name: "SS_SIP_USER_AGENT_EXPIRE", text: "auto", value: .auto),
      Accepted(name: "SS_ENDPOINT_REGISTER_REPLACE", text: "off", value: .flag(false)),
      Accepted(name: "SS_ENDPOINT_REGISTER_REPLACE", text: "true", value: .flag(true)),
      Accepted(name: "SS_SIP_NAT_KEEP_ALIVE_MESSAGE", text: "", value: .text("")),
      Accepted(name: "SS_ENDPOINT_EXPIRE", text: "4294967295", value: .integer(4_294_967_295)),
      Accepted(name: "SS_QOS_SIGNAL", text: "0xa0", value: .integer(160)),
      Accepted(name: "SS_AUTH_CHALLENGE_MODE", text: "407", value: .text("407")),
      Accepted(name: "SS_SIP_USER_AGENT_PRIVACY", text: "id", value: .text("Id")),
      Accepted(name: "SS_MEDIA_PROXY_MODE", text: "must on", value: .text("Must On")),
      Accepted(name: "SS_SIP_RESEND_INTERVAL", text: "0.5, 1,2", value: .text("0.5,1,2")),
    ])
  func acceptedValues(row: Accepted) throws {
    var profile = Profile()
    try profile.set(row.name, to: row.text, source: .commandLine)
    #expect(profile.entry(named: row.name)?.value == row.value)
  }

  @Test(
    "values out of range are refused, and the profile stays as it was",
    arguments: [
      ("SS_SIP_USER_AGENT_EXPIRE", "19"), ("SS_SIP_USER_AGENT_EXPIRE", "7201"),
      ("SS_SIP_USER_AGENT_RETRY_DELAY", "auto"), ("SS_ENDPOINT_EXPIRE", "-1"),
      ("SS_ENDPOINT_EXPIRE", "4294967296"), ("SS_ENDPOINT_EXPIRE", "99999999999999999999"),
      ("SS_ENDPOINT_EXPIRE", "60s"), ("SS_ENDPOINT_EXPIRE", ""),
      ("SS_ENDPOINT_REGISTER_REPLACE", "maybe"), ("SS_SIP_NAT_KEEP_ALIVE_MESSAGE", "a\nb"),
      ("SS_SIP_NAT_KEEP_ALIVE_MESSAGE", "\u{FEFF}a"), ("SS_SIP_NAT_KEEP_ALIVE_MESSAGE", "\u{85}"),
      ("FLAPPING_CHANGES", "1"), ("SS_QOS_SIGNAL", "256"), ("SS_QOS_SIGNAL", "0x-1"),
      ("SS_SIP_AUTHENTICATION_CODE", "403"), ("SS_SIP_USER_AGENT_PRIVACY", "header"),
      ("SS_SIP_RESEND_INTERVAL", ""), ("SS_SIP_RESEND_INTERVAL", "1,,2"),
      ("SS_SIP_RESEND_INTERVAL", "1,-2"), ("SS_SIP_RESEND_INTERVAL", "1.2.3"),
      ("SS_SIP_RESEND_INTERVAL", "0.12345"), ("SS_SIP_RESEND_INTERVAL", "1e9"),
    ])
  func refusedValues(name: String, text: String) {
    var profile = Profile()
    let before = profile.entry(named: name)?.value
    let error = #expect(throws: ProfileError.self) {
      try profile.set(name, to: text, source: .commandLine)
    }
    #expect(error?.reason == .notAccepted)
    #expect(error?.accepted != nil)
    #expect(profile.entry(named: name)?.value == before)
  }

  @Test("a refusal names the parameter, the value and the accepted range")
  func refusalText() {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.set("SS_SIP_USER_AGENT_RETRY_DELAY", to: "10", source: .commandLine)
    }
    #expect(
      error?.description == """
        SS_SIP_USER_AGENT_RETRY_DELAY does not accept "10"; it accepts a whole number from 30 \
        to 600 seconds
        """)
  }

  @Test(
    "a wrong name comes with the nearest right one",
    arguments: [
      ("SS_ENDPOINT_EXPIR", "SS_ENDPOINT_EXPIRE"),
      ("SS_ENDPOINT_NET_EXPIRE", "SS_ENDPOINT_NAT_EXPIRE"),
      ("ENDPOINT_TIMETOLIVE", "SS_ENDPOINTTIMETOLIVE"), ("FLAPING_CHANGE", "FLAPPING_CHANGES"),
    ])
  func nearestName(written: String, meant: String) {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.set(written, to: "1", source: .commandLine)
    }
    #expect(error?.nearest == meant)
    #expect(error?.description.contains(meant) == true)
  }

  @Test("a name like no other gets no suggestion")
  func noNearestName() {
    #expect(Spelling.nearest(to: "COFFEE", among: Parameter.all.map(\.name)) == nil)
    #expect(Spelling.nearest(to: "", among: Parameter.all.map(\.name)) == nil)
    let long = String(repeating: "SS_", count: 100_000)
    #expect(Spelling.nearest(to: long, among: Parameter.all.map(\.name)) == nil)
  }

  @Test("edits between words are counted")
  func editDistance() {
    func edits(_ left: String, _ right: String) -> Int {
      Spelling.edits(from: Array(left.utf8), to: Array(right.utf8))
    }
    #expect(edits("kitten", "sitting") == 3)
    #expect(edits("", "abc") == 3)
    #expect(edits("abc", "") == 3)
    #expect(edits("same", "same") == 0)
  }
}
