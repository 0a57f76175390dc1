public import Capture
import Registrations
public import Rules

/// What a report with pictures shows of a diagnosis, where not everything has room.
///
/// Every finding is named with its packets. Told in full are the worst ones and the first of each
/// rule, timelines and quoted exchanges are for fewer still, so that the page stays below a megabyte
/// for some hundred accounts.
public struct ReportPlan: Sendable {
  /// Findings told in full, but for the first of each rule.
  private static let mostTold = 80
  /// Accounts with a timeline.
  private static let mostDrawn = 24
  /// Accounts with a timeline where less than that many have findings.
  private static let fewestDrawn = 6
  /// Events drawn in all timelines together.
  private static let mostEvents = 1200
  /// Packets quoted in all findings together.
  private static let mostQuoted = 120
  /// Packets of one finding that are quoted: the first ones and the last ones.
  static let quotedFirst = 7
  /// See `quotedFirst`.
  static let quotedLast = 3

  /// Positions of the accounts with a timeline, the worst first, and the time drawn of each.
  public let drawn: [(position: Int, window: ClosedRange<Timestamp>)]
  /// The packets to quote.
  public let packets: Set<FrameReference>
  /// Events of one lane of a timeline that are drawn for themselves.
  public let eventsPerLane: Int
  /// Findings by account, in the order of each account's first one; `nil` for the whole capture.
  let groups: [(account: String?, findings: [Int])]
  /// Where accounts with findings stand in the diagnosis.
  let positions: [String: Int]
  /// Findings whose exchange is drawn.
  let quoted: Set<Int>
  /// Findings told in full.
  let told: Set<Int>

  /// Decides what is shown of `diagnosis`; accounts without findings may be left undrawn.
  public init(_ diagnosis: Diagnosis, sparesHealthy: Bool = false) {
    groups = Self.groups(diagnosis.findings)
    positions = Self.positions(of: Set(groups.compactMap(\.account)), diagnosis.accounts)
    told = Self.told(diagnosis.findings, groups)
    (quoted, packets) = Self.quotes(diagnosis.findings, told)
    drawn = Self.drawn(
      diagnosis, groups, told, positions, fewest: sparesHealthy ? 0 : Self.fewestDrawn)
    eventsPerLane = min(max(Self.mostEvents / max(drawn.count, 1) / 2, 20), 90)
  }

  /// The findings that are only named, by rule, in the order of each rule's first one.
  func further(_ findings: [Finding]) -> [(rule: String, findings: [Int])] {
    var rules: [(rule: String, findings: [Int])] = []
    for (index, finding) in findings.enumerated() where !told.contains(index) {
      if let place = rules.firstIndex(where: { $0.rule == finding.rule }) {
        rules[place].findings.append(index)
      } else {
        rules.append((finding.rule, [index]))
      }
    }
    return rules
  }

  /// Accounts for a list: those with findings in the order of these, then the others as they were
  /// seen.
  func listed(of accounts: AccountSummaries, most: Int) -> [Int] {
    let faulty = groups.compactMap { $0.account.flatMap { positions[$0] } }
    var listed = Array(faulty.prefix(most))
    let taken = Set(faulty)
    for position in accounts.indices where listed.count < most {
      if !taken.contains(position) { listed.append(position) }
    }
    return listed
  }

  /// What is quoted of a finding.
  static func quotes(of finding: Finding) -> [Evidence] {
    let evidence = finding.evidence
    guard evidence.count > quotedFirst + quotedLast else { return evidence }
    return Array(evidence.prefix(quotedFirst) + evidence.suffix(quotedLast))
  }

  private static func groups(_ findings: [Finding]) -> [(account: String?, findings: [Int])] {
    var groups: [(account: String?, findings: [Int])] = []
    var places: [String?: Int] = [:]
    for (index, finding) in findings.enumerated() {
      if let place = places[finding.account] {
        groups[place].findings.append(index)
      } else {
        places[finding.account] = groups.count
        groups.append((finding.account, [index]))
      }
    }
    return groups
  }

  private static func positions(
    of names: Set<String>, _ accounts: AccountSummaries
  ) -> [String: Int] {
    guard !names.isEmpty else { return [:] }
    var positions: [String: Int] = [:]
    for index in accounts.indices {
      let name = accounts.overview(at: index).addressOfRecord
      if names.contains(name), positions[name] == nil { positions[name] = index }
    }
    return positions
  }

  private static func told(
    _ findings: [Finding], _ groups: [(account: String?, findings: [Int])]
  ) -> Set<Int> {
    var told: Set<Int> = []
    var rules: Set<String> = []
    for group in groups {
      let isWhole = told.count + group.findings.count <= mostTold
      for index in group.findings where rules.insert(findings[index].rule).inserted || isWhole {
        told.insert(index)
      }
    }
    return told
  }

  private static func quotes(
    _ findings: [Finding], _ told: Set<Int>
  ) -> (Set<Int>, Set<FrameReference>) {
    var quoted: Set<Int> = []
    var packets: Set<FrameReference> = []
    var room = mostQuoted
    for (index, finding) in findings.enumerated() where told.contains(index) {
      let evidence = quotes(of: finding)
      guard evidence.count <= room else { break }
      room -= evidence.count
      quoted.insert(index)
      packets.formUnion(evidence.map(\.moment.frame).filter { $0 != .earlier })
    }
    return (quoted, packets)
  }

  private static func drawn(
    _ diagnosis: Diagnosis, _ groups: [(account: String?, findings: [Int])], _ told: Set<Int>,
    _ positions: [String: Int], fewest: Int
  ) -> [(position: Int, window: ClosedRange<Timestamp>)] {
    guard let span = diagnosis.capture.span else { return [] }
    var drawn: [(position: Int, window: ClosedRange<Timestamp>)] = []
    for group in groups where drawn.count < mostDrawn {
      guard let position = group.account.flatMap({ positions[$0] }),
        group.findings.allSatisfy(told.contains)
      else { continue }
      let findings = group.findings.map { diagnosis.findings[$0] }
      drawn.append((position, window(of: findings, in: span)))
    }
    // Whoever has findings that are only named is none of those without.
    let taken = Set(positions.values)
    for position in diagnosis.accounts.indices where drawn.count < fewest {
      if !taken.contains(position) { drawn.append((position, span)) }
    }
    return drawn
  }

  /// The whole capture, or where findings take a small part of it that part with what surrounds it.
  private static func window(
    of findings: [Finding], in span: ClosedRange<Timestamp>
  ) -> ClosedRange<Timestamp> {
    let starts = findings.map(\.from) + findings.compactMap(\.evidence.first?.moment.time)
    let ends =
      findings.map { $0.to ?? span.upperBound }
      + findings.compactMap(\.evidence.last?.moment.time)
    guard let first = starts.min(), let last = ends.max(), first <= last else { return span }
    let margin = max((last - first) / 2, .seconds(120))
    let from = max(first - margin, span.lowerBound)
    let to = min(last + margin, span.upperBound)
    guard from < to, (to - from) * 5 < (span.upperBound - span.lowerBound) * 3 else { return span }
    return from...to
  }
}

extension Timestamp {
  /// The time so long before, saturating.
  static func - (left: Timestamp, right: Duration) -> Timestamp {
    left + (.zero - right)
  }
}
