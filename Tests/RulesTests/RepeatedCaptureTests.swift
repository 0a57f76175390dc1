import Analysis
import Capture
import Parameters
import Rules
import Testing
import Timelines

/// Captures that stand one behind the other in a file, as tools that append them leave them.
@Suite("A capture that is there twice")
struct RepeatedCaptureTests {
  private static let timeline = """
    host switch 203.0.113.10:5060
    host p1 198.51.100.80:52094 inside 192.168.77.21:5060 user 1001 expires 120
    host p2 198.51.100.81:52094 inside 192.168.77.22:5060 user 1002 expires 120
    0..3600 every 60 p1 -> switch registers
    1..3600 every 60 p2 -> switch registers
    5..3600 every 30 switch -> p1 OPTIONS answered 200
    6..3600 every 30 switch -> p2 OPTIONS answered 200
    """

  @Test("is judged the same whatever the keys of the tables, and its packets are no copies")
  func twice() throws {
    let frames = try Timeline(Self.timeline).frames
    let first = try judged(frames + frames, seed: 1)
    #expect(first.capture.duplicates == 0)
    // That CSeq begins anew is no device's doing.
    #expect(first.findings.isEmpty, "\(first.findings.map(\.summary))")
    for seed in 2...5 as ClosedRange<UInt64> {
      let other = try judged(frames + frames, seed: seed)
      #expect(other.findings.map(\.summary) == first.findings.map(\.summary))
      #expect(other.capture.duplicates == 0)
    }
  }

  private func judged(_ frames: [TimelineFrame], seed: UInt64) throws -> Diagnosis {
    var pipeline = Pipeline(profile: Profile(), seed: seed)
    for (index, frame) in frames.enumerated() {
      let header = FrameHeader(
        reference: FrameReference(file: 0, number: UInt32(index + 1)), time: frame.time,
        linkType: .ethernet, capturedLength: frame.bytes.count,
        originalLength: frame.bytes.count)
      pipeline.take(header, frame.bytes.span)
    }
    return pipeline.diagnose(files: [], drops: nil)
  }
}
