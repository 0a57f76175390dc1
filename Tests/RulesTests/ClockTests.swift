import Analysis
import Capture
import Parameters
import Rules
import Testing
import Timelines

/// Captures of healthy phones whose clock was set meanwhile.
@Suite("The clock of a capture")
struct ClockTests {
  /// Phones that refresh at half of the time they are granted, beside each other.
  private static let healthy =
    "host switch 203.0.113.10:5060\n"
    + (1...4).map { number in
      """
      host p\(number) 198.51.100.\(number):52094 inside 192.168.77.\(number):5060 \
      user 100\(number) expires 120
      \(number)..3600 every 60 p\(number) -> switch registers
      \(number + 5)..3600 every 30 switch -> p\(number) OPTIONS answered 200

      """
    }.joined()

  @Test(
    "set forwards in the midst of a capture proves no late refresh",
    arguments: [100, 600, 86_400, 31_536_000, 3_153_600_000] as [Int64])
  func forwards(seconds: Int64) throws {
    let diagnosis = try shifted { _, passed in passed >= 1800 ? seconds : 0 }
    #expect(diagnosis.findings.isEmpty, "\(diagnosis.findings.map(\.summary))")
    let tally = diagnosis.rules.first { $0.rule == "refresh-after-expiry" }
    #expect(tally?.undecided == 4)
  }

  @Test(
    "set wrong for half a minute and right again proves no late refresh",
    arguments: [-31_536_000, -86_400, -600, -100, 100, 600, 86_400] as [Int64])
  func excursion(seconds: Int64) throws {
    let diagnosis = try shifted { _, passed in
      (1800..<1830).contains(passed) ? seconds : 0
    }
    #expect(diagnosis.findings.isEmpty, "\(diagnosis.findings.map(\.summary))")
  }

  @Test(
    "of two that disagree packet by packet measures no silences",
    arguments: [1, 10, 30, 600] as [Int64])
  func alternating(seconds: Int64) throws {
    let diagnosis = try shifted { number, _ in Int64(number % 2) * seconds }
    #expect(diagnosis.findings.isEmpty, "\(diagnosis.findings.map(\.summary))")
  }

  @Test("that is right: a phone alone that comes too late is told of, silent as the capture was")
  func lateAlone() throws {
    let diagnosis = try diagnose(
      """
      host switch 203.0.113.10:5060
      host p1 198.51.100.1:52094 user 1001 expires 60
      5..655 every 10 switch -> p1 OPTIONS answered 200
      0..600 every 30 p1 -> switch registers
      1800 p1 -> switch registers
      """)
    #expect(diagnosis.findings.map(\.rule).contains("refresh-after-expiry"))
  }

  /// What is said of the healthy phones with every packet stamped `shift` seconds later, which is
  /// asked with its number and its seconds since the first.
  private func shifted(by shift: (Int, Int64) -> Int64) throws -> Diagnosis {
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    let frames = try Timeline(Self.healthy).frames
    let start = try #require(frames.first?.time)
    for (index, frame) in frames.enumerated() {
      let seconds = Int64((frame.time - start).inSeconds)
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(index + 1)),
        time: frame.time + .seconds(shift(index, seconds)), linkType: .ethernet,
        capturedLength: frame.bytes.count, originalLength: frame.bytes.count)
      pipeline.take(header, frame.bytes.span)
    }
    return pipeline.diagnose(files: [], drops: nil)
  }
}
