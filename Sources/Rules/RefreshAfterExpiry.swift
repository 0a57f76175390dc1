import Capture
public import Parameters
import Registrations

/// A device refreshes its registration only after the granted time has run out.
public enum RefreshAfterExpiry: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "refresh-after-expiry", level: .error,
    title: "The refresh comes after the granted expiry: unreachable in between",
    explanation: """
      The next REGISTER of a binding comes after the time granted in the last 2xx has run out. \
      From the expiry to that REGISTER the registrar has no binding and calls to the account fail.

      The granted time is that of the device's own Contact in the 2xx, else the 2xx's Expires \
      header. A refresh before the expiry is in time however late it is; EXPIRY_SLACK covers \
      rounding.

      Undecided where the 2xx does not say what was granted, where a refresh in between may be \
      missing from the capture (a REGISTER without answer, or a CSeq left out), and where nothing \
      of anybody was captured when the binding ran out: the clock may have been set. A device that \
      comes back with a new Call-ID long after the expiry was off: see binding-expired.
      """,
    needs: "two registrations of one binding", source: "RFC 3261 10.2.4, 10.3 step 8",
    parameters: [
      "SS_ENDPOINT_EXPIRE", "SS_ENDPOINT_NAT_EXPIRE", OutboundRefreshes.name, "EXPIRY_SLACK",
    ])

  /// What it looks at.
  public static let scope = Scope([.lapses, .unaccepted], otherwise: .refreshesInTime)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let slack = profile.seconds(.expirySlack)
    var found: [(binding: Binding, lapses: [Lapse])] = []
    var why: String?
    for observed in subject.bindings {
      let late = observed.binding.lapses.kept.filter {
        $0.next.time > $0.expired + slack && !isComeback($0)
      }
      let certain = late.filter { doubt($0) == nil }
      if let unsure = late.compactMap(doubt).first { why = why ?? unsure }
      if !certain.isEmpty { found.append((observed.binding, certain)) }
    }
    if !found.isEmpty { return .violated([finding(found, subject, profile)]) }
    if let why { return .undecided(why) }
    if let why = subject.missingAnswers { return .undecided(why) }
    let refreshes = subject.account.refreshesInTime
    return refreshes > 0 ? .held(tests: refreshes) : .notObserved
  }

  /// A device that was off begins a new series, long after its binding had run out.
  static func isComeback(_ lapse: Lapse) -> Bool {
    let gap = lapse.next.time - lapse.expired
    return !lapse.isSameSeries && gap > .seconds(Int64(max(lapse.grantedSeconds, 60)))
  }

  static func doubt(_ lapse: Lapse) -> String? {
    if lapse.mayMissRefresh { return "a refresh in between may be missing from the capture" }
    if lapse.mayBeOfClock {
      return "nothing of anybody was captured when the binding ran out: the clock may have been set"
    }
    switch lapse.grantSource {
    case .contact, .header: return nil
    case .request, .assumed: return "the answer does not say what was granted"
    }
  }

  private static func finding(
    _ found: [(binding: Binding, lapses: [Lapse])], _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let lapses = found.flatMap(\.lapses).sorted { $0.expired < $1.expired }
    let total = found.reduce(0) { $0 + max($1.lapses.count, $1.binding.lapses.total) }
    let first = lapses[0]
    let last = lapses[lapses.count - 1]
    let gaps = lapses.map { $0.next.time - $0.expired }
    let longest = gaps.max() ?? .zero
    let interval = first.next.time - first.granted.time
    let summary = """
      \(subject.name) refreshed too late \(Wording.times(total)): without a binding for \
      \(total > 1 ? "up to " : "")\(Wording.span(longest))
      """
    return subject.finding(
      Self.summary, episodes: lapses.map { Episode(from: $0.expired, to: $0.next.time) },
      summary: summary,
      explanation: """
        The registrar granted \(first.grantedSeconds) s and the next REGISTER came after \
        \(Wording.span(interval)). \(asked(first, interval)) In between the registrar had no \
        binding: calls to the account fail with 404 or 480.
        """,
      remedy: subject.direction == .outbound
        ? """
        Set \(OutboundRefreshes.name) on the switch to Auto Negotiation or to a fixed time of at \
        most \(first.grantedSeconds) s, the time \(found[0].binding.registrar) grants; fixed, the \
        switch refreshes at about half of it. Or ask the upstream to grant more than \
        \(Wording.span(interval)).
        """
        : """
        Make the device honour the granted time: refresh before \(first.grantedSeconds) s have \
        passed, usual is half of it. If it cannot, raise what the registrar grants \
        (SS_ENDPOINT_EXPIRE, behind NAT SS_ENDPOINT_NAT_EXPIRE) above \(Wording.span(interval)).
        """,
      parameter: parameter(found[0].binding, first, subject.direction, profile),
      evidence: evidence(first) + (lapses.count > 1 ? evidence(last) : []), count: total)
  }

  private static func parameter(
    _ binding: Binding, _ lapse: Lapse, _ direction: Direction, _ profile: Profile
  ) -> ParameterComparison {
    let name =
      direction == .outbound
      ? OutboundRefreshes.name
      : binding.isBehindNAT ? "SS_ENDPOINT_NAT_EXPIRE" : "SS_ENDPOINT_EXPIRE"
    return ParameterComparison(
      name, configured: profile.entry(named: name)?.value?.description,
      observed: "\(lapse.grantedSeconds)")
  }

  private static func asked(_ lapse: Lapse, _ interval: Duration) -> String {
    guard let asked = lapse.requestedSeconds, asked != lapse.grantedSeconds else {
      return "The device had asked for that same time and still came late."
    }
    // Clients refresh at half of the time they go by or later.
    let share = interval.inSeconds / Double(max(asked, 1))
    return (0.45...1).contains(share)
      ? "The device follows the \(asked) s it asked for, not the time granted."
      : "The device had asked for \(asked) s; it follows neither."
  }

  private static func evidence(_ lapse: Lapse) -> [Evidence] {
    let gap = Wording.span(lapse.next.time - lapse.expired)
    return [
      Evidence(lapse.granted, "200 OK grants \(lapse.grantedSeconds) s"),
      Evidence(lapse.next, "next REGISTER, \(gap) after the expiry"),
    ]
  }
}
