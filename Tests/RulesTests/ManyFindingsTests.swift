import Capture
import Rules
import Testing
import Timelines

/// More findings than memory has room for.
@Suite("More findings than are kept")
struct ManyFindingsTests {
  /// Eight phones that lose their registrations, every second one seen first to do nothing worse
  /// than to refresh late.
  private static func diagnosis(keeping most: Int) throws -> Diagnosis {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 1...8 {
      timeline += """
        host p\(number) 198.51.100.\(number):5060 user 10\(number) expires 120
        \(number) p\(number) -> switch registers
        \(number + 100) p\(number) -> switch registers

        """
    }
    for number in 1...8 where number > 4 {
      timeline += """
        \(number + 150)..900 every 20 p\(number) -> switch REGISTER
        \(number + 150).1..900 every 20 switch -> p\(number) 403

        """
    }
    timeline += "host last 198.51.100.77:5060 user 2000 expires 60\n"
    timeline += "10..2000 every 50 last -> switch registers\n"
    var selection = Selection()
    selection.mostFindings = most
    return try diagnose(timeline, selection: selection)
  }

  @Test("leaves out the least of them, counts these and says so")
  func leastFirst() throws {
    let whole = try Self.diagnosis(keeping: 1000)
    let errors = whole.findings.filter { $0.level == .error }
    let lesser = whole.findings.count - errors.count
    try #require(errors.count > 3 && lesser > 0)
    #expect(whole.findingsLeftOut == 0)
    #expect(!whole.capture.notes.contains { $0.note == "limit" })
    for most in 1...whole.findings.count {
      let some = try Self.diagnosis(keeping: most)
      #expect(some.findings.count == most)
      #expect(some.findingsLeftOut == whole.findings.count - most)
      #expect(some.findings.filter { $0.level == .error }.count == min(most, errors.count))
      let limit = some.capture.notes.first { $0.note == "limit" }
      let left = some.findingsLeftOut
      let isSaid = limit.map { $0.text.contains("left out: \(left) findings.") }
      #expect(left == 0 ? limit == nil : isSaid == true)
      #expect(some.rules.map(\.violated) == whole.rules.map(\.violated))
    }
  }
}
