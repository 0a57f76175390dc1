import Analysis
import Capture
import Parameters
import Rules
import Timelines

/// Runs the real pipeline on the frames a timeline makes, cut to `snapLength` bytes.
func diagnose(
  _ timeline: String, profile: Profile = Profile(), snapLength: Int = .max,
  selection: Selection = Selection()
) throws -> Diagnosis {
  var pipeline = Pipeline(profile: profile, seed: 7)
  for (index, frame) in try Timeline(timeline).frames.enumerated() {
    let bytes = Array(frame.bytes.prefix(snapLength))
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: UInt32(clamping: index + 1)), time: frame.time,
      linkType: .ethernet, capturedLength: bytes.count, originalLength: frame.bytes.count)
    pipeline.take(header, bytes.span)
  }
  return pipeline.diagnose(files: [], drops: nil, selection: selection)
}
