import Capture
import Decode
public import Parameters
import Registrations

/// One address tries many accounts or many passwords.
public enum RegistrationScan: CaptureRule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registration-scan", level: .warning,
    title: "One address tries many accounts or many passwords",
    explanation: """
      Within SCAN_WINDOW the REGISTERs of one address are refused for SCAN_ACCOUNTS accounts or \
      more, or SCAN_FAILURES times with changing Call-IDs: wrong credentials, 403, 404, or \
      challenges that are never taken up.

      Many phones behind one address that succeed do not make it fire, nor does one client that \
      repeats itself (auth-failure-loop), nor 5xx, which is the registrar's own trouble.

      Undecided while an address asks for many accounts and the answers are not in the capture, \
      or where the capture ends in a row of failures that is half as long.
      """,
    needs: "REGISTERs with their answers", source: "RFC 3261 22, 26.1.1",
    parameters: [
      "SCAN_WINDOW", "SCAN_ACCOUNTS", "SCAN_FAILURES", "SS_REPLY_UNAUTHORIZED",
      "SS_AUTHENTICATION_MAX_RETRY", "SS_AUTHENTICATION_FAILED_SUSPEND",
    ])

  /// Judges the capture.
  public static func judge(_ population: Population, _ profile: Profile) -> Verdict {
    let crowd = Crowd(population)
    let scans = population.history.sources.filter { isScan($0, crowd) }
    if !scans.isEmpty {
      return .violated(scans.compactMap { finding($0, crowd, population, profile) })
    }
    let fewest = profile.count(.scanAccounts)
    if crowd.silent.values.contains(where: { $0 >= fewest }) {
      return .undecided("one address asks for many accounts and the answers are not in the capture")
    }
    let edge = population.capture.end + .nanoseconds(-profile.seconds(.scanWindow).wholeNanoseconds)
    let isRising = population.history.sources.contains {
      $0.bursts.isEmpty && $0.accounts(since: edge) * 2 >= fewest
        && crowd.accepted[$0.source] == nil
    }
    if isRising { return .undecided("the capture ends in a row of refused registrations") }
    return crowd.judged > 0 ? .held(tests: crowd.judged) : .notObserved
  }

  /// Which addresses the accounts' REGISTERs came from last, and how they fared.
  private struct Crowd {
    var accepted: [IPAddress: Int] = [:]
    /// Accounts none of whose REGISTERs has an answer in the capture.
    var silent: [IPAddress: Int] = [:]
    var judged = 0

    init(_ population: Population) {
      let suspects = Set(population.history.sources.map(\.source))
      for member in population.members {
        // Field by field: handed on, an account would be copied.
        guard population.history.accounts[member.account].accepted > 0 else {
          add(population.history.accounts[member.account])
          continue
        }
        judged += 1
        let source = population.history.accounts[member.account].source.address
        if !suspects.isEmpty, suspects.contains(source) { accepted[source, default: 0] += 1 }
      }
    }

    private mutating func add(_ account: borrowing Account) {
      let source = account.source.address
      if !account.failureSeries.isEmpty || account.openChallenges > 0 {
        judged += 1
      } else if account.unknownOutcomes > 0 {
        silent[source, default: 0] += 1
      }
    }
  }

  /// Whether it is no office or proxy whose phones succeed after all: those fail once or twice each.
  private static func isScan(_ source: SourceFailures, _ crowd: Crowd) -> Bool {
    let accounts = source.bursts.kept.map(\.accounts).max() ?? 0
    guard accounts > 0 else { return false }
    let accepted = crowd.accepted[source.source] ?? 0
    let isPersistent = source.failures > 4 * max(accounts, accepted)
    return isPersistent || accepted * 2 < accounts
  }

  private static func finding(
    _ source: SourceFailures, _ crowd: Crowd, _ population: Population, _ profile: Profile
  ) -> Finding? {
    let bursts = source.bursts.kept.sorted { $0.from.time < $1.from.time }
    guard let first = bursts.first,
      let last = bursts.max(by: { $0.to.time < $1.to.time })
    else { return nil }
    let accounts = bursts.map(\.accounts).max() ?? 0
    let count = bursts.reduce(0) { $0 + $1.failures }
    let names = [first.firstAccount, last.lastAccount].map {
      population.history.accounts[$0].addressOfRecord
    }
    let span = Wording.span(last.to.time - first.from.time)
    let accepted = crowd.accepted[source.source] ?? 0
    let isSearch = accounts > 1
    return population.finding(
      Self.summary, from: first.from.time, to: last.to.time,
      summary: """
        \(source.source) \(isSearch ? "tries one account after the other" : "tries many passwords"): \
        \(count) refused REGISTERs in \(span)
        """,
      explanation: """
        \(isSearch ? "From \(names[0]) to \(names[1]), \(accounts) or more different accounts in a row" : "All for \(names[0])"), \
        none of which belongs to a device registered from there. \
        \(accepted > 0 ? "\(Wording.count(accepted, "account")) did register from this address: look whether a password was guessed." : "None of them was let in.")
        """,
      remedy: isSearch
        ? """
        Unless it is a device of your own, block \(source.source) in the packet filter before the \
        switch. Set SS_REPLY_UNAUTHORIZED to Off, so that strangers learn nothing, keep \
        SS_AUTHENTICATION_MAX_RETRY low, and use long passwords.
        """
        : """
        Ask whose device \(source.source) is before anything else: one of your own with a wrong \
        password looks the same, and is mended by setting its password right. If nobody knows it, \
        block it in the packet filter before the switch, keep SS_AUTHENTICATION_MAX_RETRY low, and \
        use a long password for \(names[0]).
        """,
      parameter: isSearch
        ? ParameterComparison(
          "SS_REPLY_UNAUTHORIZED",
          configured: profile.isOn(.replyUnauthorized).map { $0 ? "On" : "Off" }, observed: "On",
          recommended: "Off") : nil,
      evidence: [
        Evidence(first.from, "REGISTER for \(names[0]), refused"),
        Evidence(last.to, "REGISTER for \(names[1]), refused, the last of the row"),
      ], count: count)
  }
}
