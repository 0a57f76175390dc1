import Capture
import Registrations
import Reports
import Rules

/// What is to be said beside each frame that findings name.
struct EvidenceComments {
  private var notes: [FrameReference: [String]] = [:]
  private let names: [String]

  /// Gathers what the findings of `diagnosis` say of frames.
  init(_ diagnosis: Diagnosis) {
    names = diagnosis.capture.files.map(\.name)
    for (index, finding) in diagnosis.findings.enumerated() {
      let who = finding.account.map { " " + $0 } ?? ""
      for evidence in finding.evidence where evidence.moment.frame != .earlier {
        notes[evidence.moment.frame, default: []].append(
          Visible.text(
            "F\(index + 1) \(finding.level.word) \(finding.rule)\(who): \(evidence.note)"))
      }
    }
  }

  /// How many frames there is something to say of.
  var frames: Int { notes.count }

  /// Whether a finding names the frame.
  func name(_ frame: FrameReference) -> Bool { notes[frame] != nil }

  /// The comments of a frame that a finding names: where it stood, then each finding.
  func comments(on frame: FrameReference) -> [String] {
    [place(of: frame)] + (notes[frame] ?? [])
  }

  /// The comments of a frame that holds a part of a datagram whose last part is in `whole`.
  func comments(on frame: FrameReference, partOf whole: FrameReference) -> [String] {
    ["\(place(of: frame)): a fragment of the datagram that is complete with frame \(whole.number)"]
      + (notes[whole] ?? [])
  }

  private func place(of frame: FrameReference) -> String {
    let file = Int(frame.file)
    let name = names.indices.contains(file) ? names[file] : "input \(file)"
    return Visible.text("frame \(frame.number) of \(name == "-" ? "standard input" : name)")
  }
}
