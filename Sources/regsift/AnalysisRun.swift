import Analysis
import Capture
import Parameters
import Rules

/// What is asked of captures: what to compare with, what to look at, what to tell.
struct AnalysisQuestion {
  let profile: Profile
  let switches: [SwitchHost]
  let selection: Selection
  let filter: FrameFilter?
  let showsProgress: Bool
}

/// The way from the names of captures to a diagnosis.
struct AnalysisRun {
  /// What came of it.
  final class Outcome {
    let diagnosis: Diagnosis
    /// Whether something could not be read.
    let isTroubled: Bool

    init(diagnosis: Diagnosis, isTroubled: Bool) {
      self.diagnosis = diagnosis
      self.isTroubled = isTroubled
    }
  }

  let inputs: Inputs
  let question: AnalysisQuestion

  /// Reads all inputs as one timeline and judges it.
  func run() -> Outcome {
    let readers = inputs.readers
    let timeline = CaptureTimeline(readers)
    var pipeline = Pipeline(profile: question.profile)
    var progress = Progress(isWanted: question.showsProgress)
    while let header = timeline.next() {
      progress.count(readers)
      if let filter = question.filter, !filter.matches(header, timeline.bytes) { continue }
      pipeline.expect(timeline.bytes(after: Pipeline.foresight - 1))
      pipeline.take(header, timeline.bytes)
    }
    progress.clear()
    let files = inputs.summaries(unknownLinks: pipeline.unknownLinks, filter: question.filter)
    let diagnosis = pipeline.diagnose(
      files: files, drops: inputs.drops, switches: question.switches,
      selection: question.selection)
    return Outcome(diagnosis: diagnosis, isTroubled: files.contains { $0.error != nil })
  }
}
