import Capture
import Decode
public import Parameters
import Registrations

/// The switch or an endpoint restarted and did not remove its old registration before.
public enum UnregisterMissing: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "unregister-missing", level: .warning,
    title: "A restart without removing the old registration first",
    explanation: """
      A device begins a new series of REGISTERs (new Call-ID, CSeq not going on) from the same \
      address while its old binding is valid, and no REGISTER with Expires 0 came before: \
      whatever was called in between went to a stopped device, and an old Contact stays.

      A new Call-ID alone is no restart: the device must have kept its Call-ID before and keep \
      the new one, or have a new Contact on the same socket while the old one is refreshed no \
      more.

      Does not fire where the old binding had run out, where attempts failed before (some clients \
      go on with another Call-ID), for clients that take a new Call-ID each time, nor where the \
      old series goes on: then it is a second device.

      Undecided where the series are too short to tell a restart from such a habit.
      """,
    needs: "two series of REGISTERs of one device", source: "RFC 3261 10.2, 10.2.2, 10.2.4",
    parameters: ["SS_SIP_USER_AGENT_SEND_UNREGISTER"], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .changes, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let habit = subject.bindings.contains { $0.binding.takesFreshCallIDs }
    let restarts =
      habit ? [] : subject.account.restarts.kept.filter { !$0.isContradicted }
    let found = restarts.filter { isCertain($0, subject) }
    if !found.isEmpty { return .violated([finding(found, subject, profile)]) }
    if !restarts.isEmpty { return .undecided("a new Call-ID may be a restart or a habit") }
    if let why = subject.missingAnswers { return .undecided(why) }
    let returns = subject.account.changes.kept.count { $0.kind == .returned }
    return returns > 0 ? .held(tests: returns) : .notObserved
  }

  private static func isCertain(_ restart: SeriesRestart, _ subject: Subject) -> Bool {
    let isHabitBroken = restart.wasKept && restart.wentOn
    guard restart.hasOtherContact else { return isHabitBroken }
    // A second device would have refreshed the old Contact by then.
    guard subject.capture.end >= restart.previousExpires else { return false }
    return isHabitBroken || restart.source == restart.previousSource
  }

  private static func finding(
    _ restarts: [SeriesRestart], _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let first = restarts[0]
    let isOwn = subject.direction == .outbound
    let calls = restarts.reduce(0) { $0 + lostCalls($1, subject) }
    let times = restarts.count > 1 ? " \(Wording.times(restarts.count))" : ""
    return subject.finding(
      Self.summary,
      episodes: restarts.map {
        Episode(from: $0.start.time, to: $0.hasOtherContact ? $0.previousExpires : $0.accepted.time)
      },
      summary: """
        \(subject.name) restarted\(times) without unregistering\
        \(calls > 0 ? "; \(Wording.count(calls, "call")) lost" : "")
        """,
      explanation: """
        \(Wording.agent(first.userAgent)) at \(first.source.address) began a new series of \
        REGISTERs (new Call-ID, CSeq not going on) \
        \(Wording.span(first.previousExpires - first.start.time)) before its old registration \
        would have run out, and sent no REGISTER with Expires 0 before. Calls between its stop and \
        its return went nowhere. \(consequence(first))
        """,
      remedy: isOwn
        ? """
        Set SS_SIP_USER_AGENT_SEND_UNREGISTER to On and stop the switch in order; if it is On, the \
        switch crashed or was killed: look at its log at that time.
        """
        : """
        Have the device unregister when it restarts, if it can; a power cut or a crash leaves it \
        no time. A shorter grant and probing (SS_ENDPOINTTIMETOLIVE) limit how long calls go astray.
        """,
      parameter: isOwn
        ? ParameterComparison(
          "SS_SIP_USER_AGENT_SEND_UNREGISTER",
          configured: profile.isOn(.userAgentSendUnregister).map { $0 ? "On" : "Off" },
          observed: "Off", recommended: "On") : nil,
      evidence: restarts.prefix(2).flatMap(evidence).uniqued, count: restarts.count)
  }

  private static func consequence(_ restart: SeriesRestart) -> String {
    restart.hasOtherContact
      ? """
      The old Contact \(restart.previousContact) stays registered beside the new one until it \
      runs out.
      """
      : "The new registration took the old one's place."
  }

  /// Calls to the old registration that failed before the new series began.
  private static func lostCalls(_ restart: SeriesRestart, _ subject: Subject) -> Int {
    subject.outages.reduce(0) { calls, reading in
      reading.run.first.time > restart.last.time && reading.run.first.time < restart.start.time
        ? calls + reading.run.invites : calls
    }
  }

  private static func evidence(_ restart: SeriesRestart) -> [Evidence] {
    [
      Evidence(
        restart.last,
        "200 OK to \(restart.previousSource) grants \(restart.grantedSeconds) s: the old series"),
      Evidence(restart.start, "REGISTER from \(restart.source): a new series"),
      Evidence(restart.accepted, "200 OK: accepted while the old one was valid"),
    ]
  }
}
