import Capture
import Foundation
import Rules
import Testing

@Suite("A run that goes on from a saved state")
struct RestartTests {
  /// Places at which a capture is cut, and shares of its frames nobody sees in between.
  private static let cuts = 9
  private static let holes = [0, 3, 12]

  @Test("invents nothing, wherever it begins", arguments: try SplitCapture.all())
  func nothingInvented(_ capture: SplitCapture) throws {
    let frames = try storedFrames(path: capture.path)
    let unbroken = diagnose(frames)
    let (whole, switches) = (unbroken.faults, unbroken.switches)
    let scratch = try Scratch()
    for cut in 1..<Self.cuts {
      let end = frames.count * cut / Self.cuts
      let before = diagnose(frames[..<end])
      guard before.capture.span != nil else { continue }
      let state = try scratch.file(before.state(), "state")
      for hole in Self.holes {
        let begin = end + frames.count * hole / 100
        guard begin < frames.count else { continue }
        let after = try diagnose(frames[begin...], goingOnFrom: state, switches: switches)
        // What the same packets show without a restart, or without a state, the state did not invent.
        let seen = diagnose(frames[..<end] + frames[begin...], switches: switches).faults
        let without = diagnose(frames[begin...], switches: switches).faults
        for fault in after.faults.subtracting(whole.union(seen).union(without)) {
          let told = after.findings.first {
            $0.rule == fault.rule && ($0.account ?? "-") == fault.account
          }
          Issue.record(
            "\(end)..<\(begin) of \(frames.count): \(fault): \(told?.explanation ?? "")")
        }
      }
    }
  }
}
