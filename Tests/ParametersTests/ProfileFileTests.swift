import Testing

@testable import Parameters

@Suite("Profile files")
struct ProfileFileTests {
  @Test("a file overrides defaults, and each value knows its line")
  func loads() throws {
    var profile = Profile()
    try profile.load(
      text: """
        \u{FEFF}# our switch
        SS_ENDPOINT_EXPIRE: 1800 # half an hour\r
        ss_endpoint_register_replace:   off

        "SS_SIP_NAT_KEEP_ALIVE_MESSAGE": "ja\\u004B # \\"x\\""
        SS_SIP_USER_AGENT_EXPIRE: Auto Negotiation
        SS_SIP_RESEND_INTERVAL: 0.5, 1, 2
        SS_QOS_SIGNAL: 0xb8
        FLOOD_RUN: +7
        """, file: "our.yaml")
    #expect(profile.seconds(.endpointExpire) == .seconds(1800))
    #expect(profile.isOn(.endpointRegisterReplace) == false)
    #expect(profile.text(.natKeepAliveMessage) == "jaK # \"x\"")
    #expect(profile.seconds(.userAgentExpire) == nil)
    #expect(profile.entry(named: "SS_SIP_RESEND_INTERVAL")?.value == .text("0.5,1,2"))
    #expect(profile.entry(named: "SS_QOS_SIGNAL")?.value == .integer(184))
    #expect(profile.count(.floodRun) == 7)
    let entry = try #require(profile.entry(named: "SS_ENDPOINT_EXPIRE"))
    #expect(entry.source == .profile(file: "our.yaml", line: 2))
    #expect(entry.source.description == "profile")
    let last = try #require(profile.entry(named: "FLOOD_RUN"))
    #expect(last.source == .profile(file: "our.yaml", line: 9))
  }

  @Test(
    "a file that sets nothing is none the worse for it",
    arguments: ["", "\n\n", "# nothing\n", "---\n", "---\n...\n", "{}", "~"])
  func nothingSet(text: String) throws {
    var profile = Profile()
    try profile.load(text: text, file: "our.yaml")
    #expect(profile.entries.allSatisfy { $0.source == .documented })
  }

  @Test("a carriage return before the line feed does not hide the next line")
  func carriageReturns() throws {
    var profile = Profile()
    try profile.load(text: "FLOOD_RUN: 7\r\nFLOOD_SHARE: 30\r\n", file: "dos.yaml")
    #expect(profile.count(.floodRun) == 7)
    #expect(profile.count(.floodShare) == 30)
  }

  @Test("the command line wins over a file")
  func precedence() throws {
    var profile = Profile()
    try profile.load(text: "FLOOD_RUN: 7", file: "our.yaml")
    try profile.set("FLOOD_RUN", to: "9", source: .commandLine)
    #expect(profile.count(.floodRun) == 9)
  }

  struct Wrong: CustomTestStringConvertible, Sendable {
    let lines: String
    let message: String
    var line = 2
    var testDescription: String { lines.debugDescription }
  }

  @Test(
    "what is wrong is said with file and line",
    arguments: [
      Wrong(
        lines: "SS_ENDPOINT_EXPIR: 5",
        message:
          "there is no parameter \"SS_ENDPOINT_EXPIR\"; the nearest name is SS_ENDPOINT_EXPIRE"),
      Wrong(
        lines: "FLOOD_SHARE: 101",
        message: "FLOOD_SHARE does not accept \"101\"; it accepts a whole number from 1 to 100 (%)"),
      Wrong(
        lines: "FLOOD_SHARE: 1_0",
        message: "FLOOD_SHARE does not accept \"1_0\"; it accepts a whole number from 1 to 100 (%)"),
      Wrong(lines: "flood-run: 6", message: "flood-run already has a value from line 1"),
      Wrong(
        lines: "FLOOD_RUN: 6", message: "FLOOD_RUN has a value here and another one below", line: 1),
      Wrong(
        lines: "FLOOD_SHARE:",
        message: "expected a value for FLOOD_SHARE; an empty text is \"\""),
      Wrong(
        lines: "FLOOD_SHARE: null",
        message: "expected a value for FLOOD_SHARE; an empty text is \"\""),
      Wrong(lines: "FLOOD_SHARE: [5, 6]", message: "expected a single value for FLOOD_SHARE"),
      Wrong(lines: "switch:\n  FLOOD_SHARE: 5", message: "expected a single value for switch"),
      Wrong(lines: "? [FLOOD_SHARE]\n: 5", message: "expected the name of a parameter"),
      Wrong(lines: "\"\": 5", message: "expected the name of a parameter"),
      Wrong(
        lines: "FLOOD_SHARE: !!binary NQ==",
        message: "the tag tag:yaml.org,2002:binary is not used in a profile"),
      Wrong(lines: "FLOOD_SHARE: &a 5", message: "anchors and aliases are not used in a profile"),
      Wrong(
        lines: "FLOOD_SHARE = 5",
        message:
          "not a line NAME: value (while scanning a simple key, could not find expected ':')"),
      Wrong(
        lines: "\nFLOOD_SHARE: \"5",
        message:
          "not a line NAME: value (while scanning a quoted scalar, found unexpected end of stream)",
        line: 3),
      Wrong(
        lines: "\n--- # another\nFLOOD_SHARE: 5",
        message:
          "not a line NAME: value (expected a single document in the stream, but found another "
          + "document)", line: 3),
      Wrong(
        lines: "SS_SIP_NAT_KEEP_ALIVE_MESSAGE: \"\u{1B}[31m\"",
        message: "not a line NAME: value (control characters are not allowed)"),
    ])
  func wrongLines(row: Wrong) {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: "FLOOD_RUN: 8\n" + row.lines, file: "our.yaml")
    }
    // The rows that repeat a name need line 1; the others must not be about it.
    #expect(error?.description == "our.yaml:\(row.line): " + row.message)
    #expect(profile.count(.floodRun) == 5, "a wrong file must change nothing")
  }

  @Test(
    "a tag on the whole of it is refused like any other",
    arguments: [
      ("!!set\nFLOOD_RUN: 8\n", "tag:yaml.org,2002:set"), ("!own {FLOOD_RUN: 8}\n", "!own"),
    ])
  func wholeTags(text: String, tag: String) {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: text, file: "our.yaml")
    }
    #expect(error?.description.hasSuffix(": the tag \(tag) is not used in a profile") == true)
    #expect(profile.count(.floodRun) == 5, "a wrong file must change nothing")
  }

  @Test(
    "a file of another kind is told what a profile looks like",
    arguments: ["FLOOD_RUN = 5\n", "- FLOOD_RUN\n", "\"FLOOD_RUN\"", "[FLOOD_RUN]"])
  func otherKinds(text: String) {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: text, file: "our.toml")
    }
    #expect(error?.description == "our.toml:1: expected a line NAME: value for each parameter")
  }

  @Test("controls and marks of direction never reach the terminal")
  func errorsArePrintable() {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.set("\u{1B}]0;x\u{202E}\n\u{2028}", to: "\u{9B}1m", source: .commandLine)
    }
    let text = error?.description ?? "\u{1B}"
    #expect(
      text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    #expect(text.contains("\\u{202e}\\u{a}\\u{2028}"))
    #expect(ProfileError.printable(String(repeating: "x", count: 1000)).utf8.count == 103)
  }
}

@Suite("Profile files written to do harm")
struct HostileProfileTests {
  /// Loads `text`, which must be refused, and soon.
  private func refusal(of text: String) -> ProfileError? {
    var profile = Profile()
    let clock = ContinuousClock()
    let start = clock.now
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: text, file: "big.yaml")
    }
    #expect(clock.now - start < .seconds(20), "a debug build on a busy machine still needs less")
    #expect((error?.description.utf8.count ?? .max) < 400)
    return error
  }

  @Test("a name without end is answered, not suffered")
  func longNames() {
    let name = String(repeating: "A", count: 300_000)
    #expect(refusal(of: "? \(name)\n: 1\n")?.reason == .unknownName)
    #expect(refusal(of: "\(name): 1\n") != nil)
    #expect(refusal(of: "\(name)\n") != nil)
  }

  @Test("aliases that multiply are refused unread")
  func aliasBomb() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 {
      text += "a\(level): &a\(level) {? [*a\(level - 1), *a\(level - 1)] : x}\n"
    }
    #expect(
      refusal(of: text)?.description.hasSuffix(
        "too many * signs: anchors and aliases are not used in a profile") == true)
  }

  @Test("as many aliases as are read do no harm")
  func fewAliases() {
    let long = String(repeating: "x", count: 900_000)
    let text = """
      a: &a "\(long)"
      ? &b [*a, *a, *a]
      : 1
      ? [*b, *b, *b]
      : 2
      """
    #expect(
      refusal(of: text)?.description
        == "big.yaml:1: anchors and aliases are not used in a profile")
  }

  @Test("nesting without end is refused", arguments: ["[", "{", "- ", "? "])
  func nesting(opening: String) {
    #expect(refusal(of: String(repeating: opening, count: 100_000)) != nil)
  }

  @Test("a name given again and again is refused")
  func manyLines() {
    #expect(refusal(of: String(repeating: "FLOOD_RUN: 7\n", count: 50_000)) != nil)
    let spellings = (0..<50_000).map { "FLOOD_RUN" + String(repeating: "_", count: $0 % 9) + ": 7" }
    #expect(refusal(of: spellings.joined(separator: "\n")) != nil)
  }

  @Test("an unknown name among many is named with its line")
  func manyUnknown() {
    let text = (0..<20_000).map { "X\($0): 1\n" }.joined()
    #expect(refusal(of: text)?.source == .profile(file: "big.yaml", line: 1))
  }
}

@Suite("Profile files that regsift writes")
struct ProfileRoundTripTests {
  @Test("every value of every parameter reads back as itself", arguments: Parameter.all.map(\.name))
  func everyParameter(name: String) throws {
    let parameter = try #require(Parameter.named(name))
    var values = try Self.values(of: parameter).map { try #require(parameter.value(from: $0)) }
    if let value = parameter.documentedDefault { values.append(value) }
    #expect(!values.isEmpty)
    for value in values {
      var profile = Profile()
      try profile.load(text: "\(name): \(value.yaml)\n", file: "our.yaml")
      #expect(profile.entry(named: name)?.value == value)
    }
  }

  /// Values at the edges of what the parameter accepts.
  private static func values(of parameter: Parameter) -> [String] {
    switch parameter.kind {
    case .integer(_, let range): edges(range)
    case .seconds(let range, let orAuto): edges(range) + (orAuto ? ["auto"] : [])
    case .choice(let words): words
    case .delays: ["0.5,1,2,4,4", "3"]
    case .onOff: ["On", "Off"]
    case .text:
      [
        "", " ", "null", "~", "true", "7", "# x", "a: b", "- x", "*a", "&a", "!b", "'", "\"", "\\",
        "x\\n", "größer", "\u{A0}", "\u{2028}", "\u{FFFE}", "\u{1F514}", " x ", "%x", "---",
      ]
    }
  }

  private static func edges(_ range: ClosedRange<Int>?) -> [String] {
    let range = range ?? 0...Parameter.largestNumber
    return [String(range.lowerBound), String(range.upperBound)]
  }
}
