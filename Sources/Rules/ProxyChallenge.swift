import Capture
public import Parameters
import Registrations

/// A registrar challenges REGISTER with 407, and the client cannot handle it.
public enum ProxyChallenge: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "proxy-challenge", level: .notice,
    title: "REGISTER is challenged with 407, and the client does not get through",
    explanation: """
      The registrar challenges REGISTER with 407 (Proxy-Authenticate) instead of 401, and the \
      client answers without credentials or is challenged again and again. Only proxies may use \
      407; some phones loop or give up on it.

      A client that answers 407 with credentials and is let in does not make it fire. Undecided \
      where the capture ends, or the client stops, with a challenge that nobody took up.
      """,
    needs: "challenges to REGISTER", source: "RFC 3261 22.1, 22.3",
    parameters: ["AUTH_LOOP_FAILURES"])

  /// What it looks at.
  public static let scope = Scope([.failures, .unaccepted], otherwise: .accepted)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let series = subject.failureSeries.filter {
      $0.kind == .authentication && $0.last?.status == 407
    }
    let enough = profile.count(.authLoopFailures)
    let found = series.filter { $0.attempts.total >= enough }
    if !found.isEmpty { return .violated(found.compactMap { finding($0, subject) }) }
    if series.contains(where: { $0.success == nil }) {
      return .undecided("a 407 was answered in vain fewer times than a loop takes")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return subject.account.accepted > 0 ? .held(tests: subject.account.accepted) : .notObserved
  }

  private static func finding(_ series: FailureSeries, _ subject: Subject) -> Finding? {
    guard let first = series.first, let last = series.last else { return nil }
    let isBare = series.withoutCredentials >= series.attempts.total
    var evidence = [Evidence(first.request, "REGISTER")]
    if let answer = first.answer { evidence.append(Evidence(answer, "challenged with 407")) }
    if let answer = last.answer, answer != first.answer {
      evidence.append(Evidence(answer, "407 again"))
    }
    if let success = series.success { evidence.append(Evidence(success, "accepted")) }
    return subject.finding(
      Self.summary, from: first.request.time, to: series.success?.time ?? last.request.time,
      summary: """
        \(subject.name) is challenged with 407 by \(series.registrar) and does not get through: \
        \(series.attempts.total) times
        """,
      explanation: """
        \(Wording.agent(series.userAgent)) at \(series.source) \
        \(isBare ? "never sends credentials, as if it did not understand the challenge" : "sends credentials and is challenged again"). \
        A registrar should challenge with 401; 407 is a proxy's.
        """,
      remedy: subject.direction == .outbound
        ? """
        Compare user name and password of this registration with what the provider gave; if they \
        are right, ask it to challenge REGISTER with 401, which every client understands.
        """
        : """
        Let the switch challenge with 401 (SS_SIP_AUTHENTICATION_CODE, in other versions \
        SS_AUTHCHALLENGEMODE); if the device fails then as well, its credentials are wrong.
        """,
      parameter: subject.inbound(
        ParameterComparison(
          "SS_SIP_AUTHENTICATION_CODE", observed: "407", recommended: "401")),
      evidence: evidence, count: series.attempts.total)
  }
}
