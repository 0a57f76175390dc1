import Capture
import Foundation
import Rules

/// What truly happened while a lab capture was taken, as the file beside it says.
struct LabTruth: Decodable, Sendable {
  let scenario: String
  let captureFile: String
  let probeInterval: Double?
  let accounts: [Account]

  /// One account of the lab; `name` is the user part of its address.
  struct Account: Decodable, Sendable {
    let name: String
    let expected: [Expected]
    let isClean: Bool
    /// The expiries it was granted, in seconds.
    let granted: [Double]?

    private enum CodingKeys: String, CodingKey {
      case name = "aor"
      case expected = "expected_findings"
      case isClean = "expected_clean"
      case granted = "granted_expiry_s"
    }
  }

  /// One thing that happened; `rule` is nil where no rule speaks of it.
  struct Expected: Decodable, Sendable {
    let rule: String?
    let from: Double
    let to: Double
    let severity: String
    let alsoAcceptable: [String]?
    let optional: Bool?
    let why: String

    private enum CodingKeys: String, CodingKey {
      case rule, severity, optional, why
      case from = "from_s"
      case to = "to_s"
      case alsoAcceptable = "also_acceptable"
    }

    /// Every rule that tells this fault.
    var rules: Set<String> {
      guard let rule else { return [] }
      return Set(alsoAcceptable ?? []).union([rule]).union(LabTruth.sameFault[rule] ?? [])
    }
  }

  private enum CodingKeys: String, CodingKey {
    case scenario, accounts
    case captureFile = "capture_file"
    case probeInterval = "probe_interval_s"
  }

  /// Rules that tell the same fault.
  private static let sameFault: [String: Set<String>] = [
    "stale-binding": ["transient-outage", "call-to-unreachable-binding", "slow-offline-detection"],
    "transient-outage": ["stale-binding"],
    "refresh-after-expiry": ["binding-expired"],
    "credentials-rejected": ["registration-refused", "trunk-outage"],
    "auth-failure-loop": ["trunk-outage"],
  ]

  /// Rules that may follow from any fault.
  private static let consequences: Set = [
    "call-to-unreachable-binding", "trunk-outage", "replaced-binding-still-used",
  ]

  /// The truth files of a folder, in order of name.
  static func all(in folder: URL) throws -> [LabTruth] {
    try Place.names(in: folder).filter { $0.hasSuffix(".truth.json") }.map {
      try JSONDecoder().decode(
        LabTruth.self, from: Data(contentsOf: folder.appending(path: $0)))
    }
  }
}

extension LabTruth: CustomStringConvertible {
  var description: String { scenario }
}

extension LabTruth {
  /// What of the truth a diagnosis does not have, as far as the rules there are go.
  func missed(by diagnosis: Diagnosis) -> [String] {
    let known = Set(RuleCatalogue.summaries.map(\.identifier))
    // One probe interval and a half is what it takes to see that nobody answers.
    let slack = max(35, 1.5 * (probeInterval ?? 0))
    return accounts.flatMap { account in
      account.expected.compactMap { expected in
        guard expected.severity == "problem", expected.optional != true,
          !expected.rules.isDisjoint(with: known)
        else { return nil }
        let isFound = diagnosis.findings.contains { finding in
          finding.isAbout(account.name) && expected.rules.contains(finding.rule)
            && diagnosis.overlaps(finding, expected.from - slack...expected.to + slack)
        }
        return isFound ? nil : "\(account.name): \(expected.rules.sorted()), \(expected.why)"
      }
    }
  }

  /// What a diagnosis has at level error that is not true.
  func invented(by diagnosis: Diagnosis) -> [Finding] {
    diagnosis.findings.filter { finding in
      guard finding.level == .error else { return false }
      guard let account = accounts.first(where: { finding.isAbout($0.name) }) else { return true }
      let explained = account.expected.reduce(Self.consequences) { $0.union($1.rules) }
      return account.isClean || !explained.contains(finding.rule)
    }
  }
}

extension Finding {
  fileprivate func isAbout(_ user: String) -> Bool {
    account?.prefix { $0 != "@" } == user[...]
  }
}

extension Diagnosis {
  /// Whether a finding has a time in a span, both in seconds after the first frame.
  fileprivate func overlaps(_ finding: Finding, _ span: ClosedRange<Double>) -> Bool {
    guard let start = capture.span?.lowerBound else { return false }
    let end = finding.to.map { ($0 - start).inSeconds } ?? .infinity
    return (finding.from - start).inSeconds <= span.upperBound && end >= span.lowerBound
  }
}
