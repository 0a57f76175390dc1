import Capture
import Registrations
import Rules

/// What tells a finding from others as long as the program runs.
struct FindingKey: Hashable {
  /// What a finding keeps, whatever else is learnt of it; several may share it.
  struct Origin: Hashable {
    let rule: String
    let account: String?
    let from: Timestamp
  }

  let origin: Origin
  /// The packet it begins with: an account may be without its registrations at two upstreams from
  /// the same time on, when the binding at a third ran out.
  let proof: FrameReference?
  /// How many before it are alike in all of this.
  private var place = 0

  /// The first of those that are like `finding`.
  init(_ finding: Finding) {
    origin = Origin(rule: finding.rule, account: finding.account, from: finding.from)
    proof = finding.evidence.first?.moment.frame
  }

  /// The keys of the findings of one diagnosis, no two of which are equal.
  static func keys(of findings: [Finding]) -> [FindingKey] {
    var counts: [FindingKey: Int] = [:]
    return findings.map { finding in
      var key = FindingKey(finding)
      let place = counts[key, default: 0]
      counts[key] = place + 1
      key.place = place
      return key
    }
  }
}
