import Rules
import Testing

/// More changes of who holds an account than its history keeps.
@Suite("An account that changes hands hundreds of times")
struct FlappingTests {
  private static let hosts = """
    host switch 203.0.113.10:5060 agent "Softswitch 2.1"
    host a 198.51.100.21:5060 user 1001 agent "Acme" expires 200000
    host b 192.0.2.33:5060 user 1001 agent "Beta" expires 200000

    """

  private func flapping(_ happens: String) throws -> [Finding] {
    try diagnose(Self.hosts + happens).findings.filter { $0.rule == "registration-flapping" }
  }

  @Test("flaps where it does, however often it changed slowly before")
  func slowThenFast() throws {
    // Every twelve hours for 99 days, then seven times within two minutes.
    let findings = try flapping(
      """
      0..8553600 every 86400 a -> switch registers
      43200..8596800 every 86400 b -> switch registers
      8640020..8640140 every 40 a -> switch registers
      8640040..8640120 every 40 b -> switch registers
      """)
    #expect(findings.count == 1)
    #expect(findings.first?.summary.contains("changed hands between 2 devices 7 times in") == true)
    #expect(findings.first?.count == 7)
  }

  @Test("flaps where it did, however often it changed slowly afterwards")
  func fastThenSlow() throws {
    let findings = try flapping(
      """
      0..120 every 40 a -> switch registers
      20..140 every 40 b -> switch registers
      43200..8596800 every 86400 a -> switch registers
      86400..8640000 every 86400 b -> switch registers
      """)
    #expect(findings.map(\.count) == [7])
  }

  @Test("flapped in between, too, where it flapped before and after")
  func throughout() throws {
    let findings = try flapping(
      """
      0..12000 every 120 a -> switch registers
      60..12060 every 120 b -> switch registers
      """)
    #expect(findings.map(\.count) == [201])
  }
}
