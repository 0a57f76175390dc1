import Analysis
import Capture
import Foundation
import Parameters
import Rules
import Testing

@Suite("A capture is judged while it goes on")
struct SoFarTests {
  private static let looks = 12

  @Test(
    "as if it ended there, and without a trace in what follows", arguments: try SplitCapture.all())
  func soFar(_ capture: SplitCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let looks = Set((0...Self.looks).map { frames.count * $0 / Self.looks })
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for (index, frame) in frames.enumerated() {
      if looks.contains(index) {
        let soFar = pipeline.diagnoseSoFar(files: [], drops: nil)
        try Self.expectEqual(soFar, diagnose(frames[..<index]), "after \(index) frames")
      }
      pipeline.take(frame.header, frame.bytes.span)
    }
    let whole = diagnose(frames)
    try Self.expectEqual(
      pipeline.diagnoseSoFar(files: [], drops: nil), whole, "after the last frame")
    try Self.expectEqual(pipeline.diagnose(files: [], drops: nil), whole, "at the end")
  }

  @Test("also where the clock is wrong for a frame that says nothing of SIP")
  func strayTime() throws {
    var frames = try storedFrames(path: Place.lab.appending(path: "healthy.pcap").path)
    // An ARP frame with a time a day ahead.
    var stray = frames[40]
    stray.bytes[12...13] = [8, 6]
    stray.header.time = stray.header.time + .seconds(86_400)
    frames.insert(stray, at: 41)
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for frame in frames[...41] { pipeline.take(frame.header, frame.bytes.span) }
    _ = pipeline.diagnoseSoFar(files: [], drops: nil)
    for frame in frames[42...] { pipeline.take(frame.header, frame.bytes.span) }
    try Self.expectEqual(
      pipeline.diagnose(files: [], drops: nil), diagnose(frames), "looked at behind the stray")
  }

  private static func expectEqual(
    _ found: Diagnosis, _ wanted: Diagnosis, _ what: String
  ) throws {
    // Fragments still waiting are given up at the end only.
    let found = found.lines { $0.number }
    let wanted = wanted.lines { $0.number }
    let difference = found.difference(from: wanted).filter { !"\($0)".contains("fragment") }
    try #require(difference.isEmpty, "\(what): \(difference.map { "\($0)" }.prefix(6))")
  }

  @Test("time passing without a frame lets what was due become a fault")
  func waiting() throws {
    let path = Place.package.appending(
      path: "samples/rules/register-unanswered/undecided/capture.pcap"
    ).path
    let frames = try storedFrames(path: path)
    let end = try #require(frames.last).header.time
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for frame in frames { pipeline.take(frame.header, frame.bytes.span) }
    #expect(pipeline.diagnoseSoFar(files: [], drops: nil).findings.isEmpty)
    pipeline.wait(until: end + .seconds(60))
    let soFar = pipeline.diagnoseSoFar(files: [], drops: nil)
    #expect(soFar.findings.map(\.rule) == ["register-unanswered"])
    #expect(!soFar.capture.notes.contains { $0.note == "clock-backwards" })
    let ended = pipeline.diagnose(files: [], drops: nil)
    #expect(ended.findings.map(\.rule) == ["register-unanswered"])
    #expect(!ended.capture.notes.contains { $0.note == "clock-backwards" })
  }
}
