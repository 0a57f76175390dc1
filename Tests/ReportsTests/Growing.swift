import Analysis
import Capture
import Parameters
import Rules

/// Judges a capture after every few frames, as one that goes on, and long after the last one.
func diagnoseAgainAndAgain(_ path: String, _ body: (Diagnosis) throws -> Void) throws {
  let timeline = CaptureTimeline([try CaptureReader(path: path, file: 0)])
  var pipeline = Pipeline(profile: Profile(), seed: 7)
  var frames = 0
  var last: Timestamp?
  while let header = timeline.next() {
    pipeline.take(header, timeline.bytes)
    frames += 1
    last = header.time
    if frames.isMultiple(of: 5) { try body(pipeline.diagnoseSoFar(files: [], drops: nil)) }
  }
  for seconds in [1, 40, 4000] {
    if let last { pipeline.wait(until: last + .seconds(seconds)) }
    try body(pipeline.diagnoseSoFar(files: [], drops: nil))
  }
}
