import Analysis
import Capture
import Parameters
import Rules

/// Runs the pipeline on capture files.
func diagnose(paths: [String]) throws -> Diagnosis {
  let readers = try paths.enumerated().map {
    try CaptureReader(path: $0.element, file: UInt32($0.offset))
  }
  let timeline = CaptureTimeline(readers)
  var pipeline = Pipeline(profile: Profile(), seed: 7)
  while let header = timeline.next() {
    pipeline.expect(timeline.bytes(after: Pipeline.foresight - 1))
    pipeline.take(header, timeline.bytes)
  }
  return pipeline.diagnose(files: [], drops: nil)
}

/// Runs the pipeline on frames.
func diagnose(
  _ frames: some Sequence<StoredFrame>, switches: [SwitchHost] = []
) -> Diagnosis {
  var pipeline = Pipeline(profile: Profile(), seed: 7)
  for frame in frames { pipeline.take(frame.header, frame.bytes.span) }
  return pipeline.diagnose(files: [], drops: nil, switches: switches)
}
