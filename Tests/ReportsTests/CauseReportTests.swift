import Analysis
import Capture
import Parameters
import Reports
import Rules
import Testing
import Timelines

/// What many accounts have in common is told once.
@Suite("One cause in the text report")
struct CauseReportTests {
  private func report(_ count: Int) throws -> (text: String, findings: Int) {
    var timeline = "host switch 203.0.113.10:5060 agent \"Softswitch 2.1\"\n"
    for number in 1...count {
      timeline += """
        host p\(number) 198.51.100.\(number):5060 user \(1000 + number) expires 300
        \(number) p\(number) -> switch registers granted 300
        \(60 + number)..\(250 + number) every 30 switch -> p\(number) OPTIONS

        """
    }
    timeline += "500 p1 -> switch registers granted 300"
    var pipeline = Pipeline(profile: Profile(), seed: 1)
    for (index, frame) in try Timeline(timeline).frames.enumerated() {
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(index + 1)), time: frame.time,
        linkType: .ethernet, capturedLength: frame.bytes.count, originalLength: frame.bytes.count)
      pipeline.take(header, frame.bytes.span)
    }
    let diagnosis = pipeline.diagnose(files: [], drops: nil)
    return (text(diagnosis), diagnosis.findings.count { $0.rule == "stale-binding" })
  }

  @Test("of many accounts that fail together one is told in full and the others are named")
  func folded() throws {
    // The first one comes back: its fault is another one.
    let (text, findings) = try report(8)
    #expect(findings == 7)
    #expect(text.contains("Together  7 accounts registered at 203.0.113.10:5060"))
    #expect(text.contains("F1 error  1002@203.0.113.10"))
    #expect(!text.contains("F2 error"))
    #expect(text.contains("also:  6 more accounts the same way: 1003@203.0.113.10"))
    for number in 2...8 { #expect(text.contains("\(1000 + number)@203.0.113.10")) }
  }

  @Test("a few are each told for themselves")
  func few() throws {
    let (text, findings) = try report(4)
    #expect(findings == 3)
    #expect(text.contains("F2 error"))
    #expect(!text.contains("also:"))
  }
}
