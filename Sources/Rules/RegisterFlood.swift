import Capture
public import Parameters
import Registrations

/// A device registers far more often than its granted time needs.
public enum RegisterFlood: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "register-flood", level: .error,
    title: "A device registers again and again although it is registered",
    explanation: """
      Successful registrations of one binding follow one another at less than FLOOD_INTERVAL and \
      less than FLOOD_SHARE of the granted expiry, FLOOD_RUN times in a row.

      Retransmissions do not count, challenge and retry are one registration, and a device that \
      refreshes a short grant in time is not a flood.
      """,
    needs: "several accepted registrations of one binding", source: "RFC 3261 10.2.4",
    parameters: ["FLOOD_INTERVAL", "FLOOD_SHARE", "FLOOD_RUN", "SS_SIP_USER_AGENT_EXPIRE"])

  /// What it looks at.
  public static let scope = Scope([.rush, .unaccepted], otherwise: .refreshes)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let enough = profile.count(.floodRun)
    let rushed = subject.bindings.filter(\.binding.wasRushed)
    let floods = rushed.filter { $0.binding.rush?.registrations ?? 0 >= enough }
    if !floods.isEmpty { return .violated(floods.compactMap { finding($0.binding, subject) }) }
    if rushed.contains(where: { isCutShort($0.binding, subject, profile) }) {
      return .undecided("the capture ends in a row of early registrations")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    let refreshes = subject.bindings.reduce(0) { $0 + $1.binding.refreshes }
    return refreshes > 0 ? .held(tests: refreshes) : .notObserved
  }

  private static func isCutShort(
    _ binding: Binding, _ subject: Subject, _ profile: Profile
  ) -> Bool {
    guard let rush = binding.rush else { return false }
    return binding.end == nil && rush.isRunning
      && rush.registrations >= profile.count(.floodRun) - 1
      && subject.capture.end - binding.refreshed.time < profile.seconds(.floodInterval)
  }

  private static func finding(_ binding: Binding, _ subject: Subject) -> Finding? {
    guard let rush = binding.rush, let from = rush.from, let to = rush.to else { return nil }
    let span = to.time - from.time
    let isOwn = subject.direction == .outbound
    let interval = Wording.span(.nanoseconds(span.wholeNanoseconds / Int64(max(rush.longest, 1))))
    return subject.finding(
      Self.summary, from: from.time, to: to.time,
      summary: """
        \(subject.name) registers every \(interval) although \(rush.grantedSeconds) s are granted: \
        \(rush.registrations) times in \(Wording.span(span))
        """,
      explanation: """
        \(Wording.agent(binding.userAgent)) at \(binding.source) was accepted each time and needs \
        one refresh in \(Wording.span(.seconds(Int64(rush.grantedSeconds / 2)))). The shortest gap \
        was \(Wording.span(rush.shortest)). Such load hides other devices' registrations and may \
        get the source blocked.
        """,
      remedy: isOwn
        ? "Set SS_SIP_USER_AGENT_EXPIRE of this registration to 120 or more."
        : """
        Set a sensible registration period on the device (half of the granted \
        \(rush.grantedSeconds) s); restart it if it repeats in a loop.
        """,
      parameter: isOwn
        ? ParameterComparison(
          "SS_SIP_USER_AGENT_EXPIRE", observed: "\(rush.grantedSeconds)", recommended: "120") : nil,
      evidence: [
        Evidence(from, "200 OK grants \(rush.grantedSeconds) s, first of the row"),
        Evidence(to, "200 OK, last of the row"),
      ], count: rush.registrations)
  }
}
