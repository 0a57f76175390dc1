import Capture
public import Parameters
import Registrations

/// A client is challenged again and again and never gets through.
public enum AuthFailureLoop: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "auth-failure-loop", level: .error,
    title: "REGISTER is challenged again and again without a success",
    explanation: """
      Three times or more in a row (AUTH_LOOP_FAILURES) credentials are sent and challenged \
      again, or challenges are followed by another REGISTER without credentials, or every nonce \
      is called stale, with no 2xx in between. The class says which.

      Does not fire for one challenge, one retry and a 2xx, which is how registration works, nor \
      for a single stale=true.
      """,
    needs: "REGISTERs with their challenges", source: "RFC 3261 22.1, 22.2, 22.3; RFC 2617 3.2.1",
    parameters: [
      "SS_SIP_AUTHENTICATION_RETRY", "SS_AUTHENTICATION_MAX_RETRY", "AUTH_LOOP_FAILURES",
    ])

  /// What it looks at.
  public static let scope = Scope(
    [.failures, .unheard, .unaccepted], otherwise: .acceptedOrRecovered)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let enough = profile.count(.authLoopFailures)
    let series = subject.failureSeries.filter { $0.kind == .authentication }
    let loops = series.filter { $0.attempts.total >= enough }
    if !loops.isEmpty { return .violated(loops.compactMap { finding($0, subject, profile) }) }
    if subject.account.unheardChallenges > 0 {
      return .undecided("the device repeats what was answered: the answers do not reach it")
    }
    if let why = subject.doubtOfFailures ?? subject.missingAnswers { return .undecided(why) }
    if series.contains(where: { $0.success == nil && isCutShort($0, subject, profile) }) {
      return .undecided("the capture ends shortly after credentials were refused")
    }
    let tests = subject.account.accepted + subject.account.recovered + series.count
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func isCutShort(
    _ series: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> Bool {
    guard let last = series.last else { return false }
    return last.request.time + profile.seconds(.credentialsGrace) > subject.capture.end
  }

  private static func finding(
    _ series: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> Finding? {
    guard let first = series.first, let last = series.last else { return nil }
    let end = last.answer ?? last.request
    let count = series.attempts.total
    let failing = Wording.span(end.time - first.request.time)
    let reading = CredentialsReading(
      series, subject.direction, profile,
      isSuspended: SuspensionReading.explains(series, subject, profile))
    return subject.finding(
      Self.summary, from: first.request.time, to: series.success?.time ?? end.time,
      summary: """
        \(subject.name) was challenged \(count) times within \(failing) without a success: \
        \(reading.cause)
        """,
      explanation: """
        \(Wording.agent(series.userAgent)) at \(series.source) \(reading.behaviour) \
        \(Wording.times(count)); the registrar answered \(series.status) each time\
        \(series.realm.isEmpty ? "" : " (realm \"\(series.realm)\")"). \(reading.reason) \
        \(pace(series)) \(outcome(series))
        """,
      remedy: reading.remedy,
      parameter: subject.inbound(
        ParameterComparison(
          "SS_AUTHENTICATION_MAX_RETRY",
          configured: profile.count(.authenticationMaxRetry).map { "\($0)" }, observed: "\(count)")),
      evidence: evidence(series), count: count)
  }

  private static func pace(_ series: FailureSeries) -> String {
    guard let median = series.gaps.median else { return "" }
    if median < 0.5 { return "It answers each challenge at once." }
    return "It tries again after \(Wording.span(.milliseconds(Int64(median * 1000))))."
  }

  private static func outcome(_ series: FailureSeries) -> String {
    series.success == nil
      ? "It had not succeeded when the capture ended." : "Then it succeeded."
  }

  private static func evidence(_ series: FailureSeries) -> [Evidence] {
    let kept = series.attempts.kept
    var list: [Evidence] = []
    for attempt in kept.prefix(2) + (kept.count > 2 ? kept.suffix(1) : []) {
      let what = attempt.hadCredentials ? "with credentials" : "without credentials"
      list.append(Evidence(attempt.request, "REGISTER \(what)"))
      if let answer = attempt.answer { list.append(Evidence(answer, "\(attempt.status) again")) }
    }
    if let success = series.success { list.append(Evidence(success, "200 OK")) }
    return list
  }
}
