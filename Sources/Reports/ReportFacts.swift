import Capture
import Decode
import Parameters
import Registrations
import Rules

/// What reports with pictures and those for tickets say in the same words.
struct ReportFacts {
  /// Spans of one finding that are listed.
  private static let episodes = 4

  let diagnosis: Diagnosis
  let clock: TextClock
  /// The hosts taken for switches.
  let switchSet: SwitchSet
  /// Whether the capture goes on, so that what has no end yet may still get one.
  let isLive: Bool
  private let fileNames: [String]

  init(_ diagnosis: Diagnosis, _ zone: ReportTimeZone, isLive: Bool = false) {
    self.diagnosis = diagnosis
    self.isLive = isLive
    switchSet = SwitchSet(diagnosis.switches)
    clock = TextClock(zone, diagnosis.capture.span)
    fileNames = TextPage.shortNames(diagnosis.capture.files.map(\.name))
  }

  /// The verdict as a sentence begins.
  var verdict: (words: String, style: TextStyle) {
    let (words, style) = Conclusion(diagnosis).verdict
    return (words.prefix(1).uppercased() + words.dropFirst(), style)
  }

  /// Label and text of what was captured, line by line.
  var captured: [(label: String, text: String)] {
    let capture = diagnosis.capture
    var rows: [(label: String, text: String)] = []
    if let span = capture.span {
      rows.append(
        (
          "Captured",
          "\(clock.range(span.lowerBound, span.upperBound)) (\(clock.name(during: span)))"
        ))
      rows.append(("Length", Wording.span(span.upperBound - span.lowerBound)))
    }
    rows.append(("Accounts", accounts))
    rows.append(("Packets", packets))
    rows.append(("Switch", switches))
    rows.append((capture.files.count == 1 ? "File" : "Files", files))
    return rows
  }

  private var accounts: String {
    let states = AccountState.all.compactMap { state in
      diagnosis.overview.fleet.states[state].map { "\(Words.grouped($0)) \(state.rawValue)" }
    }
    let words = Words.count(diagnosis.accounts.count, "account")
    return states.isEmpty ? words : "\(words); at the end \(states.joined(separator: ", "))"
  }

  private var packets: String {
    let capture = diagnosis.capture
    var words = [
      Words.count(capture.frames, "frame"), Words.count(capture.messages, "SIP message"),
    ]
    if capture.keepalives > 0 { words.append(Words.count(capture.keepalives, "keepalive")) }
    return words.joined(separator: ", ")
  }

  var switches: String {
    let shown = diagnosis.switches.prefix(4).map { "\(Self.place($0)) (\($0.why))" }
    let left = diagnosis.switches.count - shown.count
    if shown.isEmpty { return "none seen: nothing here receives REGISTERs" }
    return shown.joined(separator: "; ") + (left > 0 ? "; and \(left) more" : "")
  }

  private static func place(_ host: SwitchHost) -> String {
    host.port.map { Endpoint(address: host.address, port: $0).description }
      ?? host.address.description
  }

  private var files: String {
    let shown = zip(fileNames, diagnosis.capture.files).prefix(8).map { name, file in
      let format = file.format.map { "\($0), \(Words.size(file.bytes))" } ?? "not read"
      return "\(name == "-" ? "standard input" : name) (\(format))"
    }
    let left = diagnosis.capture.files.count - shown.count
    return shown.joined(separator: ", ") + (left > 0 ? " and \(left) more" : "")
  }

  /// What limits the conclusions.
  var limits: [String] {
    let capture = diagnosis.capture
    var limits = capture.notes.map(\.text)
    if !capture.undecodable.isEmpty {
      let all = capture.undecodable.map { "\($0.reason) (\(Words.grouped($0.count)))" }
      limits.append("Could not be decoded: \(all.joined(separator: ", ")).")
    }
    return limits
  }

  /// When a finding was so.
  func when(_ finding: Finding) -> String {
    var spans = finding.episodes.prefix(Self.episodes).map(words)
    if let last = finding.episodes.last, finding.episodes.count > spans.count {
      spans.append("\(finding.episodes.count - spans.count) more up to \(words(last))")
    }
    return spans.joined(separator: ", ")
  }

  private func words(_ episode: Episode) -> String {
    guard let to = episode.to else {
      let since = "since \(clock.precise(episode.from))"
      return isLive ? since : "\(since), not over when the capture ended"
    }
    return to == episode.from ? clock.precise(to) : clock.episode(episode.from, to)
  }

  /// `frame 118`, with the file's name where there are several.
  func place(_ frame: FrameReference) -> String {
    guard frame != .earlier else { return Words.earlierRun }
    guard fileNames.count > 1 else { return "frame \(frame.number)" }
    let index = Int(frame.file)
    let name = fileNames.indices.contains(index) ? fileNames[index] : "file \(frame.file)"
    return "\(name) frame \(frame.number)"
  }

  /// A parameter's value with its unit.
  func value(_ text: String?, of name: String) -> String? {
    guard let text else { return nil }
    let unit = Parameter.named(name)?.unit ?? ""
    return Int(text) == nil || unit.isEmpty ? text : "\(text) \(unit)"
  }

  /// A default is a guess about this switch, and said to be one.
  func configured(_ comparison: ParameterComparison) -> String? {
    guard let value = value(comparison.configured, of: comparison.name) else { return nil }
    let isDefault = diagnosis.profile.entry(named: comparison.name)?.source == .documented
    return isDefault ? "\(value) (documented default)" : value
  }

  /// The account at the end, where it was and which device.
  func place(of account: AccountSummary) -> String {
    let subject = account.subject
    guard let last = subject.bindings.last(where: { !$0.binding.isOnlyListed })?.binding else {
      return "from \(subject.account.source)"
    }
    var words = "via \(last.source)"
    if last.isBehindNAT { words += " (behind NAT)" }
    if !last.userAgent.isEmpty { words += ", \(last.userAgent)" }
    return words
  }
}

/// What findings advise to set, by parameter.
struct AdvisedChange {
  let name: String
  let configured: String?
  let observed: String?
  /// Every value advised, with the findings that advise it.
  var values: [(value: String, findings: [Int])]
}

extension ReportFacts {
  /// Every parameter a finding advises to change, in the order of the findings.
  var changes: [AdvisedChange] {
    var changes: [AdvisedChange] = []
    for (index, finding) in diagnosis.findings.enumerated() {
      guard let parameter = finding.parameter, let value = parameter.recommended else { continue }
      let observed = self.value(parameter.observed, of: parameter.name)
      guard let place = changes.firstIndex(where: { $0.name == parameter.name }) else {
        changes.append(
          AdvisedChange(
            name: parameter.name, configured: configured(parameter),
            observed: observed, values: [(value, [index])]))
        continue
      }
      if let same = changes[place].values.firstIndex(where: { $0.value == value }) {
        changes[place].values[same].findings.append(index)
      } else {
        changes[place].values.append((value, [index]))
      }
    }
    for place in changes.indices { changes[place].values.sort { Self.isLess($0.value, $1.value) } }
    return changes
  }

  /// Numbers by size, before everything else.
  private static func isLess(_ left: String, _ right: String) -> Bool {
    (Int(left) ?? .max, left) < (Int(right) ?? .max, right)
  }

  /// The advice as settings to copy, a line each; where findings disagree a remark instead.
  var settings: [String] {
    changes.map { change in
      if change.values.count == 1, let only = change.values.first {
        return "\(change.name)=\(only.value)"
      }
      let values = change.values.map { value, findings in
        "\(value) (\(Self.names(findings, most: 3)))"
      }
      return "# \(change.name): \(values.joined(separator: " or "))"
    }
  }

  /// Findings by name, such as `F1, F4, ...`.
  static func names(_ findings: [Int], most: Int) -> String {
    let names = findings.prefix(most).map { Finding.identifier($0 + 1) }
    return names.joined(separator: ", ") + (findings.count > most ? ", ..." : "")
  }
}
