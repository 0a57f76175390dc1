import Analysis
import Capture
import Parameters
import Redaction
import Rules

/// What is asked of captures: what to compare with, what to look at, what to tell.
struct AnalysisQuestion {
  var profile: Profile
  let switches: [SwitchHost]
  let selection: Selection
  let filter: FrameFilter?
  /// How frames are redacted; `nil` where they stay as they are.
  let redaction: RedactionPlan?
  let showsProgress: Bool
}

/// The way from the names of captures to a diagnosis.
struct AnalysisRun {
  /// What came of it.
  final class Outcome {
    let diagnosis: Diagnosis
    /// Whether something could not be read.
    let isTroubled: Bool
    /// What was replaced by what; `nil` without redaction.
    let map: RedactionMap?

    init(diagnosis: Diagnosis, isTroubled: Bool, map: RedactionMap? = nil) {
      self.diagnosis = diagnosis
      self.isTroubled = isTroubled
      self.map = map
    }
  }

  let inputs: Inputs
  let question: AnalysisQuestion

  /// Reads all inputs as one timeline and judges it.
  func run() -> Outcome {
    if let redaction = question.redaction { return run(redaction) }
    let readers = inputs.readers
    let timeline = CaptureTimeline(readers)
    var pipeline = Pipeline(profile: question.profile)
    var progress = Progress(isWanted: question.showsProgress)
    while let header = timeline.next() {
      progress.count(readers)
      if let filter = question.filter, !filter.matches(header, timeline.bytes) { continue }
      if pipeline.wantsForesight {
        pipeline.expect(timeline.bytes(after: Pipeline.foresight - 1))
      }
      pipeline.take(header, timeline.bytes)
    }
    progress.clear()
    let files = inputs.summaries(unknownLinks: pipeline.unknownLinks, filter: question.filter)
    let diagnosis = pipeline.diagnose(
      files: files, drops: inputs.drops, switches: question.switches,
      selection: question.selection)
    return Outcome(diagnosis: diagnosis, isTroubled: files.contains { $0.error != nil })
  }

  /// The same with frames that a redactor has been through: nothing behind it sees others.
  private func run(_ redaction: RedactionPlan) -> Outcome {
    let readers = inputs.readers
    let timeline = CaptureTimeline(readers)
    var redactor = redaction.makeRedactor()
    var pipeline = Pipeline(profile: question.profile)
    var progress = Progress(isWanted: question.showsProgress)
    while let header = timeline.next() {
      progress.count(readers)
      if let filter = question.filter, !filter.matches(header, timeline.bytes) { continue }
      redactor.take(header, timeline.bytes)
      while let frame = redactor.next() { pipeline.take(frame.header, frame.bytes.span) }
    }
    redactor.finish()
    while let frame = redactor.next() { pipeline.take(frame.header, frame.bytes.span) }
    progress.clear()
    let files = inputs.summaries(
      unknownLinks: pipeline.unknownLinks, filter: question.filter, quotesFilter: false)
    let map = redactor.map
    var diagnosis = pipeline.diagnose(
      files: files.enumerated().map { $0.element.renamed($0.offset) }, drops: inputs.drops,
      switches: redactor.replaced(question.switches),
      selection: question.selection.selecting(through: map))
    diagnosis.capture.notes.append(RedactionPlan.note)
    let mayMiss = question.selection.mayMiss(without: map)
    if mayMiss { StandardError.say(RedactionPlan.tooManyNames) }
    return Outcome(
      diagnosis: diagnosis, isTroubled: mayMiss || files.contains { $0.error != nil }, map: map)
  }
}
