import Capture
import Decode
public import Parameters
import Registrations

/// The policy is one for all accounts of a switch: those that show different ones contradict it too.
extension ReplacePolicyContradicted: CaptureRule {
  /// Judges all accounts together.
  public static func judge(_ population: Population, _ profile: Profile) -> Verdict {
    var tests = 0
    var findings: [Finding] = []
    var mayHaveChanged = false
    let switches = readings(population, profile)
    for (address, readings) in switches.sorted(by: { $0.key < $1.key }) {
      guard Set(readings.map(\.account)).count > 1 else { continue }
      tests += count(readings)
      let pairs = contradictions(readings)
      if let pair = pairs.first(where: areMixed) {
        findings.append(finding(pair, at: address, population, profile))
      } else if !pairs.isEmpty {
        mayHaveChanged = true
      }
    }
    if !findings.isEmpty { return .violated(findings) }
    if mayHaveChanged {
      return .undecided(
        "accounts show different policies one after the other: the parameter may have been changed")
    }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// How often an account shows a policy, and when; what happened is read again for a finding.
  private struct Showing {
    var account: Int
    var policy: ReplacePolicyReading.Policy
    var from: Timestamp
    var to: Timestamp
    var count: Int
  }

  /// Two policies, with what shows each in accounts that do not show the other.
  private typealias Contradiction = (one: [Showing], other: [Showing])

  private static func readings(
    _ population: Population, _ profile: Profile
  ) -> [IPAddress: [Showing]] {
    var switches: [IPAddress: [Showing]] = [:]
    for member in population.members
    where member.direction == .inbound && mayShow(population.history, member.account) {
      let list = list(of: member.account, population, profile)
      guard !list.tallies.isEmpty else { continue }
      let address = population.history.accounts[member.account].registrar.address
      switches[address, default: []] += list.tallies.map { policy, tally in
        Showing(
          account: member.account, policy: policy, from: tally.earliest.from, to: tally.to,
          count: tally.count)
      }
    }
    return switches
  }

  private static func list(
    of account: Int, _ population: Population, _ profile: Profile
  ) -> ReplacePolicyReading.List {
    let subject = Subject(
      population.history, account, direction: .inbound, capture: population.capture, profile: nil)
    return ReplacePolicyReading.List(subject, profile)
  }

  private static func count(_ list: [Showing]) -> Int { list.reduce(0) { $0 + $1.count } }

  /// Whether a second registration left a trace: in few accounts of a healthy network.
  ///
  /// Field by field: handed on, an account would be copied.
  private static func mayShow(_ history: History, _ place: Int) -> Bool {
    if history.accounts[place].listsSeveral { return true }
    if !history.accounts[place].changes.isEmpty,
      history.accounts[place].changes.kept.contains(where: { $0.kind == .replaced })
    {
      return true
    }
    return history.accounts[place].hasFailures
      && history.accounts[place].failureSeries.contains { $0.holder != nil }
  }

  private static func contradictions(_ list: [Showing]) -> [Contradiction] {
    let policies = ReplacePolicyReading.Policy.allCases
    var pairs: [Contradiction] = []
    for (index, policy) in policies.enumerated() {
      for another in policies[(index + 1)...] {
        let one = list.filter { $0.policy == policy }
        let other = list.filter { $0.policy == another }
        // An account that shows both tells of a change in time, not of a difference.
        let both = Set(one.map(\.account)).intersection(other.map(\.account))
        let pair = (
          one.filter { !both.contains($0.account) }, other.filter { !both.contains($0.account) }
        )
        if !pair.0.isEmpty, !pair.1.isEmpty { pairs.append(pair) }
      }
    }
    return pairs
  }

  /// Whether the policies were seen in turns, so that no single change of the parameter explains it.
  private static func areMixed(_ pair: Contradiction) -> Bool {
    func span(_ list: [Showing]) -> (from: Timestamp?, to: Timestamp?) {
      (list.map(\.from).min(), list.map(\.to).max())
    }
    guard case (let from?, let to?) = span(pair.one),
      case (let otherFrom?, let otherTo?) = span(pair.other)
    else { return false }
    return otherFrom < to && from < otherTo
  }

  private static func finding(
    _ pair: Contradiction, at address: IPAddress, _ population: Population, _ profile: Profile
  ) -> Finding {
    let all = pair.one + pair.other
    let from = all.map(\.from).min() ?? population.capture.start
    let parts = [pair.one, pair.other].map { words($0, population) }
    let policies = [pair.one[0], pair.other[0]].map(\.policy.rawValue)
    let shown = [pair.one[0], pair.other[0]].compactMap {
      list(of: $0.account, population, profile).tallies[$0.policy]?.first
    }
    return population.finding(
      summary, from: from, to: all.map(\.to).max(),
      summary: """
        \(address) treats a second registration differently: \(parts[0]), \(parts[1])
        """,
      explanation: """
        SS_ENDPOINT_REGISTER_REPLACE is one setting for all accounts, and both were seen in turns, \
        so that it was not changed in between. \(shown.map(\.what).joined(separator: ", ")). Something else decides for some of the accounts.
        """,
      remedy: """
        Look at what the accounts treated otherwise have in common: addresses they may register \
        from, a limit of registrations, another kind of account, or another server that answers at \
        \(address). Then put the value of SS_ENDPOINT_REGISTER_REPLACE into the profile.
        """,
      parameter: ParameterComparison(
        "SS_ENDPOINT_REGISTER_REPLACE",
        configured: profile.isOn(.endpointRegisterReplace).map { $0 ? "On" : "Off" },
        observed: policies.joined(separator: " and ")),
      evidence: shown.flatMap(\.evidence).uniqued, count: count(all))
  }

  /// Who is treated how: `kept for 1001@h`, `refused for 1002@h and 3 more`.
  private static func words(_ list: [Showing], _ population: Population) -> String {
    let what =
      switch list[0].policy {
      case .on: "it replaces the first"
      case .off: "it is refused"
      case .none: "both are kept"
      }
    let accounts = Set(list.map(\.account)).count
    let name = population.history.accounts[list[0].account].addressOfRecord
    return "\(what) for \(name)" + (accounts > 1 ? " and \(accounts - 1) more" : "")
  }
}
