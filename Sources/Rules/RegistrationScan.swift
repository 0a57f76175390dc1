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
      repeats itself (auth-failure-loop), nor 5xx, which is the registrar's own trouble. What the \
      address failed with is no fault of the accounts it tried: other rules leave that out, unless \
      it came from about as many ports as accounts, as the phones behind one NAT do.

      Undecided for many passwords for an account that no device of another kind has registered \
      elsewhere: its own device with a wrong password looks the same. Undecided while an address asks for many accounts and the answers are not in the capture, \
      or where the capture ends in a row of failures that is half as long. Undecided where no scan \
      was found and so many addresses were refused at a time that some had to be forgotten.
      """,
    needs: "REGISTERs with their answers", source: "RFC 3261 22, 26.1.1",
    parameters: [
      "SCAN_WINDOW", "SCAN_ACCOUNTS", "SCAN_FAILURES", "SS_REPLY_UNAUTHORIZED",
      "SS_AUTHENTICATION_MAX_RETRY", "SS_AUTHENTICATION_FAILED_SUSPEND",
    ])

  /// Judges the capture.
  public static func judge(_ population: Population, _ profile: Profile) -> Verdict {
    let crowd = Crowd(population)
    let readings = ScanReading.all(in: population.history, profile)
    let scans = readings.filter { $0.kind != .mayBeOwn }
    if !scans.isEmpty { return .violated(scans.compactMap { finding($0, population, profile) }) }
    if !readings.isEmpty {
      return .undecided("one address tries many passwords: it may be the account's own device")
    }
    let fewest = profile.count(.scanAccounts)
    if crowd.silent.values.contains(where: { $0 >= fewest }) {
      return .undecided("one address asks for many accounts and the answers are not in the capture")
    }
    let edge = population.capture.end + .nanoseconds(-profile.seconds(.scanWindow).wholeNanoseconds)
    let rising = Set(
      population.history.sources.filter {
        $0.bursts.isEmpty && $0.accounts(since: edge) * 2 >= fewest
      }.map(\.source))
    if !rising.subtracting(accepted(population, from: rising)).isEmpty {
      return .undecided("the capture ends in a row of refused registrations")
    }
    if population.history.counts.sourcesLeftOut > 0 {
      return .undecided("more addresses are refused at a time than are followed")
    }
    return crowd.judged > 0 ? .held(tests: crowd.judged) : .notObserved
  }

  /// Those of `addresses` from which an account's REGISTER came last that was let in.
  private static func accepted(
    _ population: Population, from addresses: Set<IPAddress>
  ) -> Set<IPAddress> {
    guard !addresses.isEmpty else { return [] }
    var accepted: Set<IPAddress> = []
    for member in population.members where population.history.accounts[member.account].accepted > 0
    {
      let source = population.history.accounts[member.account].source.address
      if addresses.contains(source) { accepted.insert(source) }
    }
    return accepted
  }

  /// How the accounts fared.
  private struct Crowd {
    /// Accounts none of whose REGISTERs has an answer in the capture.
    var silent: [IPAddress: Int] = [:]
    var judged = 0

    init(_ population: Population) {
      for member in population.members {
        // Field by field: handed on, an account would be copied.
        guard population.history.accounts[member.account].accepted > 0 else {
          add(population.history.accounts[member.account])
          continue
        }
        judged += 1
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

  private static func finding(
    _ scan: ScanReading, _ population: Population, _ profile: Profile
  ) -> Finding? {
    let bursts = scan.bursts
    guard let first = bursts.first,
      let last = bursts.max(by: { $0.to.time < $1.to.time })
    else { return nil }
    let accounts = bursts.map(\.accounts).max() ?? 0
    let count = bursts.reduce(0) { $0 + $1.failures }
    let names = [(first.firstAccount, first.from), (last.lastAccount, last.to)].map {
      population.history.hasKept($0, since: $1.time)
        ? population.history.accounts[$0].addressOfRecord : "an account forgotten since"
    }
    let span = Wording.span(last.to.time - first.from.time)
    let accepted = scan.accepted
    let isSearch = accounts > 1
    return population.finding(
      Self.summary, from: first.from.time, to: last.to.time,
      summary: """
        \(scan.source) \(isSearch ? "tries one account after the other" : "tries many passwords"): \
        \(count) refused REGISTERs in \(span)
        """,
      explanation: """
        \(isSearch ? "From \(names[0]) to \(names[1]), \(accounts) or more different accounts in a row" : "All for \(names[0])"), \
        none of which belongs to a device registered from there. \
        \(accepted > 0 ? "\(Wording.count(accepted, "account")) did register from this address: look whether a password was guessed." : "None of them was let in.")
        """,
      remedy: remedy(scan, names[0], isSearch),
      parameter: isSearch && !scan.mayBeManyPhones
        ? ParameterComparison(
          "SS_REPLY_UNAUTHORIZED",
          configured: profile.isOn(.replyUnauthorized).map { $0 ? "On" : "Off" }, observed: "On",
          recommended: "Off") : nil,
      evidence: [
        Evidence(first.from, "REGISTER for \(names[0]), refused"),
        Evidence(last.to, "REGISTER for \(names[1]), refused, the last of the row"),
      ], count: count)
  }

  private static func remedy(_ scan: ScanReading, _ account: String, _ isSearch: Bool) -> String {
    if scan.mayBeManyPhones {
      return """
        Ask whose address \(scan.source) is before anything else: the REGISTERs came from about as \
        many ports as accounts, as those of the phones of one office do, all with wrong \
        passwords. Their accounts are told as failing each. If nobody knows the address, block it \
        in the packet filter before the switch.
        """
    }
    if isSearch {
      return """
        Unless it is a device of your own, block \(scan.source) in the packet filter before the \
        switch. Set SS_REPLY_UNAUTHORIZED to Off, so that strangers learn nothing, keep \
        SS_AUTHENTICATION_MAX_RETRY low, and use long passwords.
        """
    }
    return """
      Ask whose device \(scan.source) is before anything else: a second one of your own with a \
      wrong password looks the same, and is mended by setting its password right. If nobody knows \
      it, block it in the packet filter before the switch, keep SS_AUTHENTICATION_MAX_RETRY low, \
      and use a long password for \(account).
      """
  }
}
