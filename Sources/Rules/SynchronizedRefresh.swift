import Capture
import Decode
public import Parameters
import Registrations

/// Many accounts refresh at the same moment, round after round.
public enum SynchronizedRefresh: CaptureRule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "synchronized-refresh", level: .warning,
    title: "Many accounts refresh at the same moment, round after round",
    explanation: """
      SYNCHRONIZED_ACCOUNTS accounts, or SYNCHRONIZED_SHARE of those of one registrar (of \
      SYNCHRONIZED_FEWEST at least), were accepted within the same SYNCHRONIZED_WINDOW, and the \
      time before as well: they started together and have the same period, so that the registrar \
      gets all of them at once and a lost packet or a slow answer meets all of them.

      Among many accounts some meet by chance: fires only where they are SYNCHRONIZED_EXCESS times \
      as many as an even spread would bring together. Lines that registered together once and \
      then spread out are no herd. Undecided while the capture holds one common round only.
      """,
    needs: "two registrations each of several accounts",
    source: "RFC 3261 10.2.4; SIP Outbound Registration Parameters",
    parameters: [
      "SYNCHRONIZED_WINDOW", "SYNCHRONIZED_ACCOUNTS", "SYNCHRONIZED_SHARE", "SYNCHRONIZED_FEWEST",
      "SYNCHRONIZED_EXCESS", "SS_SIP_USER_AGENT_EXPIRE",
    ])

  /// One account's last two accepted registrations; there are as many as accounts.
  private struct Round {
    let last: Timestamp
    @OrSpare var before: Timestamp?
    private let place: UInt32
    private let binding: UInt16
    let direction: Direction

    init(_ binding: borrowing Binding, at position: Int, of member: Population.Member) {
      last = binding.refreshed.time
      _before = OrSpare(wrappedValue: binding.refreshedBefore)
      place = UInt32(truncatingIfNeeded: member.account)
      self.binding = UInt16(clamping: position)
      direction = member.direction
    }

    var account: Int { Int(place) }
    var period: Double { before.map { (last - $0).inSeconds } ?? 0 }

    /// The packet of the last one.
    func answer(in history: History) -> Moment {
      history.currentBindings(of: account)[Int(binding)].refreshed
    }
  }

  /// Judges the capture.
  public static func judge(_ population: Population, _ profile: Profile) -> Verdict {
    var findings: [Finding] = []
    var isCutShort = false
    var tests = 0
    for (registrar, rounds) in rounds(population).sorted(by: { $0.registrar < $1.registrar }) {
      let needed = needed(of: rounds.count, profile)
      guard rounds.count >= profile.count(.synchronizedFewest) else { continue }
      if let herd = herd(rounds, needed, profile) {
        findings.append(finding(herd, of: rounds.count, registrar, population, profile))
        continue
      }
      tests += rounds.count { $0.before != nil }
      // Without a second round there is no period, and nothing that would be chance.
      let fresh = rounds.lazy.filter { $0.before == nil }.map(\.last)
      if areTogether(Array(fresh), needed, profile) { isCutShort = true }
    }
    if !findings.isEmpty { return .violated(findings) }
    if isCutShort { return .undecided("accounts registered together and were not refreshed since") }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func rounds(
    _ population: Population
  ) -> [(registrar: Endpoint, rounds: [Round])] {
    var rounds: [[Round]] = []
    var registrars = Numbering<Endpoint>()
    for member in population.members {
      let bindings = population.history.currentBindings(of: member.account)
      // By index: a loop over the bindings would copy each.
      for place in bindings.indices where !bindings[place].isOnlyListed {
        let number = registrars.number(of: bindings[place].registrar)
        if number == rounds.count { rounds.append([]) }
        // Most captures have one registrar. An array that doubles would for a moment take thrice
        // of what it needs.
        if rounds.count == 1, rounds[0].isEmpty {
          rounds[0].reserveCapacity(population.members.count)
        }
        rounds[number].append(Round(bindings[place], at: place, of: member))
      }
    }
    return zip(registrars.keys, rounds).map { ($0, $1) }
  }

  private static func needed(of accounts: Int, _ profile: Profile) -> Int {
    let share = (accounts * profile.count(.synchronizedShare) + 99) / 100
    return max(
      min(share, profile.count(.synchronizedAccounts)), profile.count(.synchronizedFewest))
  }

  /// Those that were together in both rounds; `nil` where they are too few or may be chance.
  private static func herd(_ all: [Round], _ needed: Int, _ profile: Profile) -> [Round]? {
    let window = profile.seconds(.synchronizedWindow)
    let refreshed = all.lazy.filter { $0.before != nil }
    let most = TimeCrowd(refreshed.map { $0.last }, window).most
    guard most >= needed else { return nil }
    let rounds = Array(refreshed)
    guard !isChance(most, rounds, profile) else { return nil }
    let ordered = rounds.sorted { ($0.last, $0.account) < ($1.last, $1.account) }
    let last = group(ordered, window) { $0.last }
    guard last.count >= needed else { return nil }
    let sorted = last.sorted { ($0.before ?? $0.last) < ($1.before ?? $1.last) }
    let both = group(sorted, window) { $0.before ?? $0.last }
    guard both.count >= needed, !isChance(both.count, rounds, profile) else { return nil }
    return both
  }

  /// Whether so many of these times lie within one window.
  private static func areTogether(
    _ times: [Timestamp], _ needed: Int, _ profile: Profile
  ) -> Bool {
    let window = profile.seconds(.synchronizedWindow)
    let crowd = TimeCrowd(times, window)
    if crowd.least >= needed { return true }
    guard crowd.most >= needed else { return false }
    let ordered = times.sorted()
    return ordered.indices.dropFirst(needed - 1).contains {
      ordered[$0] - ordered[$0 - needed + 1] <= window
    }
  }

  /// The most members within one window; `rounds` are in order of `time`.
  private static func group(
    _ rounds: [Round], _ window: Duration, _ time: (Round) -> Timestamp
  ) -> [Round] {
    var first = 0
    var best = 0..<0
    for index in rounds.indices {
      while time(rounds[index]) - time(rounds[first]) > window { first += 1 }
      if index + 1 - first > best.count { best = first..<(index + 1) }
    }
    return Array(rounds[best])
  }

  /// Whether an even spread over the period would bring nearly as many together.
  private static func isChance(_ number: Int, _ rounds: [Round], _ profile: Profile) -> Bool {
    let periods = rounds.map(\.period).filter { $0 > 0 }
    guard let longest = periods.max() else { return false }
    func isUsual(_ period: Double) -> Bool {
      let usual = Double(rounds.count) * profile.seconds(.synchronizedWindow).inSeconds / period
      return Double(number) < usual * Double(profile.count(.synchronizedExcess))
    }
    // What the longest period would bring together, the usual one does as well.
    return isUsual(longest) || isUsual(periods.sorted()[periods.count / 2])
  }

  private static func finding(
    _ herd: [Round], of accounts: Int, _ registrar: Endpoint, _ population: Population,
    _ profile: Profile
  ) -> Finding {
    let ordered = herd.sorted { $0.last < $1.last }
    let first = ordered[0]
    let last = ordered[ordered.count - 1]
    let start = herd.compactMap(\.before).min() ?? first.last
    let isOwn = herd.allSatisfy { $0.direction == .outbound }
    let period = Wording.span(.milliseconds(Int64(first.period * 1000)))
    let spread = Wording.span(last.last - first.last)
    let names = [first, last].map { population.history.accounts[$0.account].addressOfRecord }
    return population.finding(
      Self.summary, from: start, to: last.last,
      summary: """
        \(herd.count) of \(accounts) accounts at \(registrar) refresh together every \(period)
        """,
      explanation: """
        Their last refreshes were accepted within \(spread), from \(names[0]) to \(names[1]), and \
        those before together as well. All started at one time with the same period. One lost \
        moment at \(registrar) meets all of them.
        """,
      remedy: isOwn
        ? """
        Restart the registrations one after the other, or give them different periods \
        (SS_SIP_USER_AGENT_EXPIRE 300 to 600, staggered per trunk).
        """
        : """
        Restart groups of devices some minutes apart, or give them different registration periods; \
        many devices have a setting that varies the period at random.
        """,
      parameter: isOwn
        ? ParameterComparison(
          "SS_SIP_USER_AGENT_EXPIRE",
          configured: profile.entry(named: "SS_SIP_USER_AGENT_EXPIRE")?.value?.description,
          recommended: "300 to 600, different for each") : nil,
      evidence: [
        Evidence(first.answer(in: population.history), "200 OK to \(names[0]), first of the round"),
        Evidence(last.answer(in: population.history), "200 OK to \(names[1]), last of the round"),
      ], count: herd.count)
  }
}
