import Registrations
public import Rules

/// A running capture as it stood at one moment, to be judged on another thread while it goes on.
public struct Snapshot: ~Copyable, Sendable {
  private let tracker: Tracker
  private let reading: Reading
  private let files: [FileSummary]
  private let drops: UInt64?

  init(_ tracker: consuming Tracker, _ reading: Reading, _ files: [FileSummary], _ drops: UInt64?) {
    self.tracker = tracker
    self.reading = reading
    self.files = files
    self.drops = drops
  }

  /// Judges the capture as if it had ended at that moment.
  public consuming func diagnose(
    switches given: [SwitchHost] = [], selection: Selection = Selection()
  ) -> Diagnosis {
    reading.diagnose(tracker, files, drops, given, selection)
  }
}
