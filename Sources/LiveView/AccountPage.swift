import Reports
import Rules

/// One account's history, or one finding that is about none.
struct AccountPage {
  /// Spans of one finding that are listed, the newest.
  private static let mostEpisodes = 4
  private static let labelWidth = 5

  let model: ViewModel
  let frame: Frame
  private(set) var lines: [Line] = []

  init(_ model: ViewModel, _ frame: Frame, _ name: String) {
    self.model = model
    self.frame = frame
    let findings = (model.snapshot?.findings ?? []).filter { $0.account == name }
    addTitle(name)
    add(findings)
    addRegistrations(of: name)
  }

  init(_ model: ViewModel, _ frame: Frame, _ row: RowID) {
    self.model = model
    self.frame = frame
    add((model.snapshot?.findings ?? []).filter { ViewModel.row($0) == row })
  }

  private mutating func blankLine() { lines.append(frame.line()) }

  private mutating func paragraph(
    _ text: String, label: String = "", indent: Int = 1, _ style: Style = .plain
  ) {
    let column = indent + (label.isEmpty ? 0 : Self.labelWidth + 1)
    for (index, part) in Paragraph.lines(text, width: frame.columns - column).enumerated() {
      var line = frame.line()
      line.skip(indent)
      if !label.isEmpty { line.put(index == 0 ? label : "", cell: Self.labelWidth, .label) }
      line.put(part, style)
      lines.append(line)
    }
  }

  private mutating func addTitle(_ name: String) {
    var title = frame.line(name, .heading)
    if let row = model.snapshot?.accounts.first(where: { $0.name == name }) {
      title.put("  ")
      title.put(row.standing.word, row.standing.lineStyle)
    }
    lines.append(title)
    guard let detail = model.snapshot?.details[name] else { return }
    var words = [detail.place]
    if let reachable = detail.reachable { words.append("reachable \(Wording.span(reachable))") }
    if let unreachable = detail.unreachable {
      words.append("not reachable \(Wording.span(unreachable))")
    }
    if let probes = detail.probes { words.append(probes) }
    paragraph(words.joined(separator: "; "))
  }

  // MARK: What is wrong

  private mutating func add(_ findings: [Finding]) {
    blankLine()
    guard !findings.isEmpty else {
      paragraph("nothing was found wrong, as far as the packets tell")
      return
    }
    // What goes on comes first.
    for finding in findings.filter({ $0.to == nil }) + findings.filter({ $0.to != nil }) {
      add(finding)
    }
  }

  private mutating func add(_ finding: Finding) {
    var head = frame.line(" ")
    head.put(finding.level.word, cell: 7, finding.level.lineStyle)
    let state = finding.to == nil ? "open" : "over"
    head.put("\(state), \(Words.count(finding.episodes.count, "time")) [\(finding.rule)]", .label)
    lines.append(head)
    paragraph(finding.summary, indent: 3, .heading)
    paragraph(when(finding), label: "when", indent: 3)
    paragraph(finding.explanation, label: "why", indent: 3)
    paragraph(finding.remedy, label: "do", indent: 3)
    if let parameter = finding.parameter, let profile = model.snapshot?.profile {
      paragraph(parameter.words(profile), label: parameter.label, indent: 3)
    }
    blankLine()
  }

  private func when(_ finding: Finding) -> String {
    var spans = finding.episodes.suffix(Self.mostEpisodes).map { episode in
      episode.to.map { frame.clock.episode(episode.from, $0) }
        ?? "since \(frame.time(episode.from)), not over"
    }
    let left = finding.episodes.count - spans.count
    if left > 0 { spans.insert("\(left) before", at: 0) }
    return spans.joined(separator: ", ")
  }

  // MARK: Its registrations

  private mutating func addRegistrations(of name: String) {
    guard let detail = model.snapshot?.details[name] else {
      let why =
        model.pausedAt == nil
        ? "Its registrations follow when the packets are judged next."
        : "Its registrations were not asked for before the display was stopped; p goes on."
      paragraph(why, indent: 0)
      return
    }
    lines.append(frame.line("Registrations, the newest first", .heading))
    if detail.registrations.isEmpty { paragraph("none was accepted") }
    for registration in detail.registrations { add(registration) }
    let left = detail.total - detail.registrations.count
    if left > 0 { paragraph("... and \(Words.grouped(left)) before") }
  }

  private mutating func add(_ registration: AccountDetail.Registration) {
    var when = "\(frame.time(registration.from)) "
    when += registration.to.map { "to \(frame.time($0)) \(registration.end)" } ?? "open"
    var words = [when, registration.place, "granted \(registration.grantedSeconds) s"]
    if registration.refreshes > 0 {
      words.append("refreshed \(Words.count(registration.refreshes, "time"))")
    }
    if !registration.device.isEmpty { words.append(registration.device) }
    paragraph(words.joined(separator: ", "))
  }
}
