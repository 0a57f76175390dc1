import Analysis
import Capture
import Foundation
import Parameters
import Reports
import Rules
import SavedState

/// A state in memory.
struct StateBytes: ReportSink {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ bytes: Span<UInt8>) {
    self.bytes += bytes.indices.map { bytes[$0] }
  }
}

/// What was found of whom, without the times: a run that begins later sees less of each.
struct FoundFault: Hashable, CustomStringConvertible {
  let rule: String
  let account: String

  var description: String { "\(rule) \(account)" }
}

extension Diagnosis {
  /// What was found of whom.
  var faults: Set<FoundFault> {
    Set(findings.map { FoundFault(rule: $0.rule, account: $0.account ?? "-") })
  }

  /// The state a run leaves that ended with this diagnosis.
  func state(host: String = "lab", told: [ToldFinding]? = nil) -> [UInt8] {
    var sink = StateBytes()
    let told =
      told
      ?? findings.map {
        ToldFinding(
          rule: $0.rule, account: $0.account, from: $0.from, last: $0.to ?? accounts.end,
          isOpen: $0.to == nil)
      }
    _ = StateWriter.write(
      accounts.history, told: told, saved: accounts.end, host: host, to: &sink)
    return sink.bytes
  }
}

/// Runs the pipeline on frames as a run does that finds `state` where it begins.
func diagnose(
  _ frames: some Collection<StoredFrame>, goingOnFrom state: String, switches: [SwitchHost] = []
) throws -> Diagnosis {
  var pipeline = Pipeline(profile: Profile(), seed: 11)
  let begun = frames.first?.header.time ?? Timestamp(nanoseconds: .max)
  let run = try SavedRun(path: state, host: "lab", now: begun)
  pipeline.goOn(from: run.saved, at: begun)
  try run.forEachBinding { facts, message, bytes, device, registrar in
    pipeline.restore(facts, message, bytes, from: device, to: registrar)
  }
  for frame in frames { pipeline.take(frame.header, frame.bytes.span) }
  return pipeline.diagnose(files: [], drops: nil, switches: switches)
}
