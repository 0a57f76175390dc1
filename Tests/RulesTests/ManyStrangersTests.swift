import Capture
import Rules
import Testing

/// More addresses with refused REGISTERs than are followed (`TrackerLimits.sources`).
@Suite("A scan among thousands of strangers")
struct ManyStrangersTests {
  /// `count` addresses that fail once each, a hundred in a second.
  private func strangers(_ count: Int) -> String {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 0..<count {
      let (high, low) = (number / 250, number % 250 + 1)
      let time = "\(number / 100).\(100 + number % 100)"
      timeline += """
        host s\(number) 100.70.\(high).\(low):5060 user 100 expires 120
        \(time) s\(number) -> switch REGISTER
        \(time)5 switch -> s\(number) 403

        """
    }
    return timeline
  }

  /// One address that tries an account each second.
  private func scan(of accounts: Int, from begin: Int) -> String {
    var timeline = ""
    for number in 0..<accounts {
      let time = begin + number
      timeline += """
        host t\(number) 192.0.2.66:\(6000 + number) user \(2000 + number) expires 120
        \(time) t\(number) -> switch REGISTER
        \(time).1 switch -> t\(number) 403

        """
    }
    return timeline
  }

  @Test("is found where the others were heard of long ago")
  func afterwards() throws {
    let diagnosis = try diagnose(
      strangers(4096) + scan(of: 40, from: 1000))
    let finding = try #require(diagnosis.findings.first { $0.rule == "registration-scan" })
    #expect(finding.summary.hasPrefix("192.0.2.66 tries one account after the other"))
    #expect(!diagnosis.capture.notes.contains { $0.note == "limit" })
  }

  @Test("may be missed where too many fail at a time, and then that is said")
  func atATime() throws {
    let diagnosis = try diagnose(strangers(4200))
    let rule = try #require(diagnosis.rules.first { $0.rule == "registration-scan" })
    #expect(rule.why?.contains("more addresses are refused at a time than are followed") == true)
    let note = try #require(diagnosis.capture.notes.first { $0.note == "limit" })
    #expect(note.text.contains("104 addresses with refused REGISTERs"))
  }
}
