public import Capture
import Registrations

/// Findings of an earlier run, of which only the rule, the account and the time are known.
extension Diagnosis {
  /// Of these rules and accounts those of which the rule was tested in this capture, and held.
  public func held(
    _ wanted: [(rule: String, account: String)]
  ) -> [Bool] {
    let names = Set(wanted.map(\.account))
    var positions: [String: Int] = [:]
    for position in accounts.indices where positions.count < names.count {
      let name = accounts.overview(at: position).addressOfRecord
      if names.contains(name) { positions[name] = position }
    }
    return wanted.map { rule, account in
      guard let position = positions[account],
        let rule = RuleCatalogue.all.first(where: { $0.summary.identifier == rule })
      else { return false }
      guard case .held = rule.decide(accounts.subject(at: position, profile), profile) else {
        return false
      }
      return true
    }
  }
}

extension Finding {
  /// What an earlier run told of `account`, known to be over since `end` at the latest; `nil` where
  /// there is no such rule.
  public static func over(
    rule: String, account: String, from: Timestamp, by end: Timestamp
  ) -> Finding? {
    guard let rule = RuleCatalogue.all.first(where: { $0.summary.identifier == rule }) else {
      return nil
    }
    return Finding(
      rule: rule.summary.identifier, level: rule.summary.level, account: account, direction: nil,
      from: from, to: max(from, end), episodes: [Episode(from: from, to: max(from, end))],
      duration: max(from, end) - from,
      summary: "\(account): what was told before the restart is over",
      explanation: """
        An earlier run told of it. Since this one began the rule was tested for this account and \
        held; when it ended in between is not known.
        """,
      remedy: "", parameter: nil, evidence: [], count: 1, failover: nil)
  }
}
