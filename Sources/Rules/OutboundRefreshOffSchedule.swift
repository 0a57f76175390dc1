import Capture
public import Parameters
import Registrations

/// The switch refreshes its registration at another time than its expiry parameter makes it.
public enum OutboundRefreshOffSchedule: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "outbound-refresh-off-schedule", level: .warning,
    title: "The switch refreshes its registration upstream at another time than it is set to",
    explanation: """
      Negotiated expiry: FEWEST_REFRESHES refreshes or more, and half of those there are, come \
      after the time the upstream granted: late, or following the value asked for although less \
      was granted. Fixed expiry: the usual time between refreshes is not REFRESH_SHARE of \
      SS_SIP_USER_AGENT_EXPIRE, give or take REFRESH_SPREAD and INTERVAL_TOLERANCE. That is \
      tested only where somebody set the parameter to a number, for registrations that ask for it.

      A fixed registration that is granted less and refreshed in time holds. A refresh that failed \
      and was repeated does not count, nor one around which REGISTERs are missing from the capture.

      Undecided where most refreshes are of that kind, where the capture holds one late refresh \
      and no other, or where the client of refreshes at a wrong time takes a new Call-ID for each, \
      which tells of another program than this switch and hides what is missing.
      """,
    needs: "two refreshes of a registration of the switch elsewhere",
    source: "SIP Outbound Registration Parameters; RFC 3261 10.2.4",
    parameters: [
      OutboundRefreshes.name, "REFRESH_SHARE", "REFRESH_SPREAD", "FEWEST_REFRESHES",
      "EXPIRY_SLACK", "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR",
    ])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let refreshes = OutboundRefreshes(subject, profile)
    let wrong = refreshes.fixed.filter(\.isOff)
    if refreshes.isAnotherProgram, refreshes.areLateByHabit || !wrong.isEmpty {
      return .undecided(
        "the client takes a new Call-ID for each refresh: it may be another program")
    }
    if refreshes.areLateByHabit { return .violated([late(refreshes, subject, profile)]) }
    if let first = wrong.first(where: \.isCertain) {
      return .violated([offSchedule(first, subject, profile)])
    }
    if !wrong.isEmpty {
      return .undecided("refreshes failed in between, or are missing from the capture, or are few")
    }
    if refreshes.total <= refreshes.late.count, !refreshes.late.isEmpty {
      return .undecided("the capture holds one refresh, after the granted time")
    }
    if let why = refreshes.doubt { return .undecided(why) }
    if let why = subject.missingAnswers { return .undecided(why) }
    return refreshes.total >= refreshes.enough ? .held(tests: refreshes.total) : .notObserved
  }

  private static func late(
    _ refreshes: OutboundRefreshes, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let (first, last) = (refreshes.late[0], refreshes.late[refreshes.late.count - 1])
    let interval = last.next.time - last.granted.time
    let granted = last.grantedSeconds
    let asked = last.requestedSeconds.map { $0 > granted ? $0 : granted }
    let follows = asked.map { $0 > granted } ?? false
    let evidence = [first, last].flatMap { lapse in
      [
        Evidence(lapse.granted, "200 OK grants \(lapse.grantedSeconds) s"),
        Evidence(
          lapse.next, "next REGISTER, \(Wording.span(lapse.next.time - lapse.granted.time)) later"),
      ]
    }
    return subject.finding(
      summary, episodes: refreshes.late.map { Episode(from: $0.expired, to: $0.next.time) },
      summary: """
        \(subject.name) is granted \(granted) s by \(subject.account.registrar) and refreshed \
        after \(Wording.span(interval)): \(Wording.times(refreshes.late.count)) too late
        """,
      explanation: """
        \(follows ? "The switch asked for \(asked ?? 0) s and keeps to its own value, though the upstream granted less." : "The switch waits for longer than it was granted.") \
        From \(granted) s after each answer to the next REGISTER the upstream has no registration \
        and sends no calls.
        """,
      remedy: """
        Set \(OutboundRefreshes.name) to Auto Negotiation, so that the switch goes by the time \
        granted, or to no more than \(granted), which it refreshes at about half. See that the \
        registration has no period of its own in the registration management.
        """,
      parameter: ParameterComparison(
        OutboundRefreshes.name, configured: refreshes.configured,
        observed: follows ? asked.map { "\($0)" } : nil,
        recommended: "Auto Negotiation"),
      evidence: evidence.uniqued, count: refreshes.late.count)
  }

  private static func offSchedule(
    _ reading: FixedRefreshes, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let (binding, name) = (reading.binding, OutboundRefreshes.name)
    let usual = Wording.span(reading.usual)
    let isEarly = reading.usual < reading.due
    return subject.finding(
      summary, from: binding.from.time, to: binding.refreshed.time,
      summary: """
        \(subject.name) is refreshed every \(usual); with \(name) \(reading.fixed) it would be \
        every \(Wording.span(reading.due))
        """,
      explanation: """
        The REGISTERs to \(binding.registrar) ask for \(reading.fixed) s, and a fixed expiry is \
        refreshed at about half of it. \
        \(isEarly ? "Sooner than that only burdens the upstream." : "So late a refresh, when it is lost, leaves little time for another before the registration is over.")
        """,
      remedy: """
        Look up \(name) on the switch and the period of this registration in the registration \
        management, and put the value into the profile: Auto Negotiation refreshes just before the \
        end. If it is \(reading.fixed), another program registers this account from \
        \(binding.source).
        """,
      parameter: ParameterComparison(name, configured: "\(reading.fixed)"),
      evidence: [
        Evidence(binding.from, "200 OK grants the registration"),
        Evidence(
          binding.refreshed,
          "the last of \(Wording.count(binding.refreshes, "refresh", "refreshes"))"),
      ].uniqued, count: binding.refreshes)
  }
}
