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
        SS_ENDPOINT_EXPIRE = 1_800 # half an hour\r
        \tss_endpoint_register_replace=false

        SS_SIP_NAT_KEEP_ALIVE_MESSAGE = "ja\\u004B # \\"x\\""
        SS_SIP_USER_AGENT_EXPIRE = "Auto Negotiation"
        FLOOD_RUN = +7
        """, file: "our.toml")
    #expect(profile.seconds(.endpointExpire) == .seconds(1800))
    #expect(profile.isOn(.endpointRegisterReplace) == false)
    #expect(profile.text(.natKeepAliveMessage) == "jaK # \"x\"")
    #expect(profile.seconds(.userAgentExpire) == nil)
    #expect(profile.count(.floodRun) == 7)
    let entry = try #require(profile.entry(named: "SS_ENDPOINT_EXPIRE"))
    #expect(entry.source == .profile(file: "our.toml", line: 2))
    #expect(entry.source.description == "profile")
  }

  @Test("a carriage return before the line feed does not hide the next line")
  func carriageReturns() throws {
    var profile = Profile()
    try profile.load(text: "FLOOD_RUN = 7\r\nFLOOD_SHARE = 30\r\n", file: "dos.toml")
    #expect(profile.count(.floodRun) == 7)
    #expect(profile.count(.floodShare) == 30)
  }

  @Test("the command line wins over a file")
  func precedence() throws {
    var profile = Profile()
    try profile.load(text: "FLOOD_RUN = 7", file: "our.toml")
    try profile.set("FLOOD_RUN", to: "9", source: .commandLine)
    #expect(profile.count(.floodRun) == 9)
  }

  struct Wrong: CustomTestStringConvertible, Sendable {
    let line: String
    let message: String
    var testDescription: String { line.debugDescription }
  }

  @Test(
    "what is wrong is said with file and line",
    arguments: [
      Wrong(
        line: "SS_ENDPOINT_EXPIR = 5",
        message:
          "there is no parameter \"SS_ENDPOINT_EXPIR\"; the nearest name is SS_ENDPOINT_EXPIRE"
      ),
      Wrong(
        line: "FLOOD_SHARE = 101",
        message: "FLOOD_SHARE does not accept \"101\"; it accepts a whole number from 1 to 100 (%)"
      ),
      Wrong(line: "FLOOD_RUN", message: "expected = after the name FLOOD_RUN"),
      Wrong(line: "= 5", message: "expected the name of a parameter"),
      Wrong(line: "\"FLOOD_RUN\" = 5", message: "expected the name of a parameter"),
      Wrong(line: "[switch]", message: "tables are not used in a profile: write NAME = value"),
      Wrong(
        line: "FLOOD_RUN = ",
        message: "expected a whole number, true, false or \"text in quotes\" for FLOOD_RUN"),
      Wrong(
        line: "FLOOD_RUN = 05",
        message: "expected a whole number, true, false or \"text in quotes\" for FLOOD_RUN"),
      Wrong(
        line: "FLOOD_RUN = 1__0",
        message: "expected a whole number, true, false or \"text in quotes\" for FLOOD_RUN"),
      Wrong(
        line: "SS_ENDPOINT_REGISTER_REPLACE = On",
        message:
          "expected a whole number, true, false or \"text in quotes\" for SS_ENDPOINT_REGISTER_REPLACE"
      ),
      Wrong(
        line: "FLOOD_RUN = 5 6",
        message: "expected nothing but a comment after the value of FLOOD_RUN"),
      Wrong(line: "FLOOD_RUN = \"5", message: "the text of FLOOD_RUN has no closing quote"),
      Wrong(line: "FLOOD_RUN = \"5\\", message: "unknown escape in the text of FLOOD_RUN"),
      Wrong(
        line: "FLOOD_RUN = \"\\u12\"",
        message: "expected 4 hexadecimal digits of a character in FLOOD_RUN"),
      Wrong(
        line: "FLOOD_RUN = \"\\uD800\"",
        message: "expected 4 hexadecimal digits of a character in FLOOD_RUN"),
      Wrong(
        line: "FLOOD_RUN = \"\u{1B}[31m\"",
        message: "control characters need an escape in the text of FLOOD_RUN"),
      Wrong(line: "flood-run = 6", message: "flood-run already has a value from line 1"),
    ])
  func wrongLines(row: Wrong) {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: "FLOOD_RUN = 8\n" + row.line, file: "our.toml")
    }
    // The row that repeats a name needs line 1; the others must not be about it.
    #expect(error?.description == "our.toml:2: " + row.message)
    #expect(profile.count(.floodRun) == 5, "a wrong file must change nothing")
  }

  @Test("control characters never reach the terminal")
  func errorsArePrintable() {
    var profile = Profile()
    let error = #expect(throws: ProfileError.self) {
      try profile.set("\u{1B}]0;x\u{7}", to: "\u{9B}1m\n", source: .commandLine)
    }
    let text = error?.description ?? "\u{1B}"
    #expect(
      text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    #expect(ProfileError.printable(String(repeating: "x", count: 1000)).utf8.count == 103)
  }

  @Test("an endless line is answered, not suffered")
  func longLines() {
    var profile = Profile()
    let text = String(repeating: "A", count: 300_000) + " = 1"
    let error = #expect(throws: ProfileError.self) {
      try profile.load(text: text, file: "big.toml")
    }
    #expect(error?.reason == .unknownName)
    #expect((error?.description.utf8.count ?? .max) < 300)
  }
}
