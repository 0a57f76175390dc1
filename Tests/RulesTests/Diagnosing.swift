import Analysis
import Capture
import Parameters
import Registrations
import Rules
import Testing
import Timelines

/// Runs the real pipeline on capture files.
func diagnose(
  paths: [String], profile: Profile = Profile(), switches: [SwitchHost] = []
) throws -> Diagnosis {
  let readers = try paths.enumerated().map {
    try CaptureReader(path: $0.element, file: UInt32($0.offset))
  }
  let timeline = CaptureTimeline(readers)
  var pipeline = Pipeline(profile: profile, seed: 7)
  while let header = timeline.next() { pipeline.take(header, timeline.bytes) }
  return pipeline.diagnose(files: [], drops: nil, switches: switches)
}

extension Diagnosis {
  /// Seconds after the first packet.
  func seconds(_ time: Timestamp?) -> Double? {
    guard let time, let start = capture.span?.lowerBound else { return nil }
    return (time - start).inSeconds
  }

  func findings(of rule: String, for account: String) -> [Finding] {
    findings.filter { $0.rule == rule && $0.account == account }
  }

  /// What `rule` says of one account, found by judging it alone.
  ///
  /// The account `-` stands for all of them together.
  func verdict(of rule: String, for account: String) throws -> Verdict {
    if account == "-" { return try #require(verdict(ofCaptureRule: rule)) }
    let position = try #require(
      accounts.firstIndex { $0.subject.account.addressOfRecord == account })
    return try #require(self.verdict(of: rule, at: position))
  }
}
