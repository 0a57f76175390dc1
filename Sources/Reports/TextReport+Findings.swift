import Capture
import Parameters
import Registrations
import Rules

extension TextPage {
  /// Spans of one finding that are listed.
  private static let episodes = 4
  /// Packets of one finding that are listed.
  private static let proofs = 12
  /// Where the text beside the labels of a finding's parts begins.
  private static let partColumn = 9

  /// Writes the finding at `index` in full.
  mutating func writeFinding(_ index: Int) {
    let finding = diagnosis.findings[index]
    let name = Finding.identifier(index + 1)
    text.blankLine()
    let mark = "\(name) \(finding.level.word)"
    text.paragraph(
      mark, finding.summary, column: max(Self.column, mark.utf8.count + 2),
      labelStyle: finding.level.style, style: .heading)
    part("when", "\(when(finding)) [\(finding.rule)]")
    part("why", finding.explanation)
    writeProof(finding)
    if let first = remedies[finding.remedy] {
      part("do", "as for \(first)")
    } else {
      remedies[finding.remedy] = name
      part("do", finding.remedy)
    }
    if let parameter = finding.parameter {
      part(parameter.label, parameter.words(diagnosis.profile))
    }
    writeLikewise(index)
  }

  private mutating func part(_ label: String, _ content: String) {
    text.paragraph(label.isEmpty ? "" : label + ":", content, indent: 2, column: Self.partColumn)
  }

  private func when(_ finding: Finding) -> String {
    var spans = finding.episodes.prefix(Self.episodes).map(describe)
    let left = finding.episodes.count - spans.count
    if left > 0 {
      spans.append("\(left) more up to \(describe(finding.episodes[finding.episodes.count - 1]))")
    }
    return spans.joined(separator: ", ")
  }

  private func describe(_ episode: Episode) -> String {
    guard let to = episode.to else {
      return "since \(clock.precise(episode.from)), not over when the capture ended"
    }
    return clock.episode(episode.from, to)
  }

  private mutating func writeProof(_ finding: Finding) {
    let shown = finding.evidence.prefix(Self.proofs)
    for (index, evidence) in shown.enumerated() {
      let frame = evidence.moment.frame
      let file = fileNames.count > 1 ? "\(fileName(frame.file)) " : ""
      let packet = frame == .earlier ? Words.earlierRun : "\(file)frame \(frame.number)"
      let place = "\(clock.precise(evidence.moment.time))  \(packet)"
      part(index == 0 ? "proof" : "", "\(place): \(evidence.note)")
    }
    let left = finding.evidence.count - shown.count
    if left > 0 { part("", "... and \(Words.count(left, "packet")) more in --format json") }
  }

  private func fileName(_ file: UInt32) -> String {
    let index = Int(file)
    return fileNames.indices.contains(index) ? fileNames[index] : "file \(file)"
  }

  /// Writes what findings were not told and how to see them, and where rules are explained.
  mutating func writeFindingsEnd() {
    guard !diagnosis.findings.isEmpty else { return }
    writeFindingsLeft()
    text.blankLine()
    text.line("regsift rules RULE explains a rule: the names in [brackets].", .label)
  }

  private mutating func writeFindingsLeft() {
    let told = min(max(options.findings, 0), diagnosis.findings.count)
    let left = diagnosis.findings[told...]
    guard !left.isEmpty else { return }
    let counts = Level.allCases.reversed().compactMap { level -> String? in
      let number = left.count { $0.level == level }
      return number == 0 ? nil : Words.count(number, level.word)
    }
    text.blankLine()
    text.paragraph(
      "...",
      """
      and \(Words.count(left.count, "more finding")) (\(Wording.list(counts))): narrow down with \
      --account, --rule or --level, or take --format json for all of them
      """, column: Self.column, labelStyle: .heading)
  }
}
