import Parameters
import Registrations
import Rules

extension TextPage {
  private static let valueColumn = 37
  /// User agents and accounts that are listed.
  private static let listed = 5

  /// Writes what the traffic shows the switch's parameters to be, whatever the profile says.
  mutating func writeEffectiveParameters() {
    let effective = diagnosis.overview.effective
    let entries = diagnosis.profile.entries.filter { effective.values[$0.parameter.name] != nil }
    guard !entries.isEmpty else { return }
    text.blankLine()
    text.line("Parameters as the traffic shows them", .heading)
    for entry in entries {
      guard let observed = effective.values[entry.parameter.name] else { continue }
      text.paragraph(
        entry.parameter.name, Self.words(observed, entry), indent: 2, column: Self.valueColumn,
        labelStyle: observed.agrees == false ? .warning : .label)
    }
  }

  static func words(_ observed: ObservedValue, _ entry: Profile.Entry) -> String {
    let unit = entry.parameter.unit.isEmpty ? "" : " \(entry.parameter.unit)"
    var words = (observed.isLowerBound ? "at least " : "") + "\(observed.value)\(unit): "
    words += "\(observed.basis), seen \(Words.count(observed.support, "time"))"
    if let spread = observed.spread, spread.lowerBound < spread.upperBound {
      words += " (\(spread.lowerBound) to \(spread.upperBound))"
    }
    if let share = observed.refreshPercent {
      words += "; refreshed after \(share) % of the granted time"
    }
    guard let agrees = observed.agrees, let value = entry.value else { return words }
    let origin = entry.source == .documented ? "documented default" : "profile's"
    return words + (agrees ? "; fits the " : "; contradicts the ") + "\(origin) \(value)"
  }

  /// Writes what a deployment with trunks needs, point by point.
  mutating func writeChecklist() {
    guard diagnosis.overview.fleet.directions[.outbound] ?? 0 > 0 else { return }
    text.blankLine()
    text.line("Checklist for outbound registrations", .heading)
    for item in diagnosis.overview.checklist {
      text.paragraph(
        item.answer.word, "\(item.text) (\(item.answer.reason))", indent: 2, column: 16,
        labelStyle: Self.style(of: item.answer))
    }
  }

  private static func style(of answer: ChecklistItem.Answer) -> TextStyle {
    switch answer {
    case .confirmed: .good
    case .contradicted: .warning
    case .notVisible: .label
    }
  }

  /// Writes findings that one cause explains, before each is told for itself.
  mutating func writeCauses() {
    let causes = diagnosis.overview.causes
    guard !causes.isEmpty else { return }
    text.blankLine()
    for cause in causes {
      let place = Self.words(cause)
      let names = cause.accounts.prefix(Self.listed).joined(separator: ", ")
      let more = cause.accounts.count > Self.listed ? ", ..." : ""
      entry(
        "Together",
        """
        \(Words.count(cause.accounts.count, "account")) \(place) [\(cause.rule)]: look for one \
        cause there first (\(names)\(more))
        """)
    }
  }

  private static func words(_ cause: CauseGroup) -> String {
    switch cause.kind {
    case .address: "behind one address, \(cause.place), at the same time"
    case .registrar: "registered at \(cause.place) at the same time"
    case .parameter: "alike in what \(cause.place) is about"
    }
  }

  /// Findings of one cause from which only the first is told in full.
  private static let fewestFolded = 6
  /// Accounts that are named where a finding stands for many.
  private static let named = 20

  /// The findings that stand under the first of their cause.
  var folded: Set<Int> {
    Set(heads.values.flatMap { $0.findings.dropFirst() })
  }

  /// The causes whose first finding stands for all, by its position.
  static func heads(_ causes: [CauseGroup]) -> [Int: CauseGroup] {
    let large = causes.filter { $0.findings.count >= fewestFolded }
    return Dictionary(
      large.compactMap { cause in cause.findings.first.map { ($0, cause) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// Writes who else has what the finding at `index` tells, where it stands for many.
  mutating func writeLikewise(_ index: Int) {
    guard let cause = heads[index] else { return }
    let others = cause.accounts.dropFirst()
    let names = others.prefix(Self.named).joined(separator: ", ")
    let more = others.count > Self.named ? ", ... (--format json has all)" : ""
    text.paragraph(
      "also:", "\(Words.count(others.count, "more account")) the same way: \(names)\(more)",
      indent: 2, column: 9)
  }

  /// Writes a large number of accounts in numbers.
  mutating func writeFleet() {
    let fleet = diagnosis.overview.fleet
    let agents = fleet.userAgents.filter { !$0.name.isEmpty }
    guard diagnosis.accounts.count > options.accounts, fleet.bound > 0 else { return }
    text.line(
      "\(Words.grouped(fleet.behindNAT)) of \(Words.grouped(fleet.bound)) with a binding are behind NAT",
      .label, indent: 2)
    let names = agents.prefix(Self.listed).map { "\($0.name) (\(Words.grouped($0.accounts)))" }
    if !names.isEmpty {
      text.paragraph("devices", names.joined(separator: ", "), indent: 2, column: 13)
    }
  }
}
