import Capture
import Decode
public import Parameters
import Registrations

/// After a run of wrong passwords the registrar refuses right ones for a while.
public enum RegistrationSuspended: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registration-suspended", level: .warning,
    title: "After failed logins right credentials are refused for a while, then work again",
    explanation: """
      At least AUTH_LOOP_FAILURES credentials of an account are refused, then the registrar shuts \
      the account out, and after CREDENTIALS_GRACE or more it accepts it again, without a change \
      on the device. That the credentials were right shows in one of these ways: the registrar \
      refuses without asking for them, where it asked before; the device was accepted before and \
      after, and another device of the account sent the wrong ones; or the device was accepted \
      before, and the answer to the same credentials turned from a challenge into 403.

      A password that is wrong and then put right does not make it fire, nor 5xx answers, nor \
      another device that holds the account's place (replace-refused), nor an upstream that shuts \
      the switch out (upstream-blocked).

      Undecided where the capture ends before the account is accepted again, where the password \
      may have been changed, and for silence that does not last as SS_AUTHENTICATION_FAILED_SUSPEND \
      says or meets everybody.
      """,
    needs: "a run of refused credentials and what follows it",
    source: "VOS3000 Authentication Retry Limits (V2.1.9.07)",
    parameters: [
      "SS_AUTHENTICATION_FAILED_SUSPEND", "SS_AUTHENTICATION_MAX_RETRY", "AUTH_LOOP_FAILURES",
      "CREDENTIALS_GRACE", "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR",
    ])

  /// What it looks at.
  public static let scope = Scope([.failures, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = SuspensionReading.all(in: subject, profile)
    let found = readings.filter { $0.doubt == nil }.compactMap { finding($0, subject, profile) }
    if !found.isEmpty { return .violated(found) }
    if let doubt = readings.first?.doubt { return .undecided(doubt) }
    if let why = subject.missingAnswers { return .undecided(why) }
    guard !subject.failureSeries.isEmpty, subject.direction == .inbound else {
      return .notObserved
    }
    let enough = profile.count(.authLoopFailures)
    let runs = subject.failureSeries.count { $0.rejectedCredentials >= enough && $0.success != nil }
    return runs > 0 ? .held(tests: runs) : .notObserved
  }

  private static func finding(
    _ reading: SuspensionReading, _ subject: Subject, _ profile: Profile
  ) -> Finding? {
    let refused = reading.refused
    guard let first = refused.first, let last = refused.last, let success = refused.success else {
      return nil
    }
    // What the other device sends later may stand between the refusals.
    let lastWrong = reading.run?.last?.answer?.time ?? first.request.time
    let begun = min(lastWrong, first.request.time)
    let least = max(last.request.time - begun, .zero)
    let most = success.time - begun
    let culprit =
      reading.isOthersFault
      ? reading.run.map { "\(Wording.agent($0.userAgent)) at \($0.source.address)" }
        ?? "another device" : "the same device"
    let logins = Wording.count(reading.rejected, "failed login")
    return subject.finding(
      Self.summary, from: begun, to: success.time,
      summary: """
        \(subject.name) was shut out for up to \(Wording.span(most)) after \(logins), whatever \
        the password
        """,
      explanation: """
        \(Wording.agent(refused.userAgent)) at \(refused.source) \(proof(reading)) The \(logins) \
        before were sent by \(culprit). \(Wording.span(least)) after the last of them it was \
        still refused, after \(Wording.span(most)) it was accepted.
        """,
      remedy: """
        \(cure(reading, culprit)) A suspended account comes back by itself when \
        SS_AUTHENTICATION_FAILED_SUSPEND is over; shorten that, or raise \
        SS_AUTHENTICATION_MAX_RETRY, only if people mistype often.
        """,
      parameter: ParameterComparison(
        "SS_AUTHENTICATION_FAILED_SUSPEND",
        configured: profile.seconds(.authenticationFailedSuspend).map(RetryPolicy.number),
        observed: "\(RetryPolicy.number(least)) to \(RetryPolicy.number(most))"),
      evidence: evidence(reading), count: refused.attempts.total)
  }

  private static func cure(_ reading: SuspensionReading, _ culprit: String) -> String {
    reading.isOthersFault
      ? "Put the password right on \(culprit), or take the account out of it: it starts the next suspension."
      : "Nothing, if the password was put right on the device; do not let it try with a wrong one."
  }

  private static func proof(_ reading: SuspensionReading) -> String {
    let refused = reading.refused
    let times = Wording.times(refused.attempts.total)
    switch refused.kind {
    case .unanswered:
      return "got no answer \(times), while the registrar answered others."
    case .refused:
      return """
        was refused \(times) with \(refused.status) \(refused.reason) without being asked for \
        credentials.
        """
    default:
      return """
        had been accepted before and was then refused \(times) with \(refused.status) \
        \(refused.reason) to its credentials.
        """
    }
  }

  private static func evidence(_ reading: SuspensionReading) -> [Evidence] {
    var list: [Evidence] = []
    if let answer = reading.run?.first?.answer {
      list.append(Evidence(answer, "credentials refused for the first time"))
    }
    if let answer = reading.run?.last?.answer, let first = reading.refused.first,
      answer.time <= first.request.time
    {
      list.append(Evidence(answer, "credentials refused, last of the run"))
    }
    for attempt in [reading.refused.first, reading.refused.last].compactMap({ $0 }) {
      let answer = attempt.status == 0 ? "no answer" : "\(attempt.status)"
      let what = attempt.hadCredentials ? "with credentials" : "without credentials"
      list.append(Evidence(attempt.answer ?? attempt.request, "\(answer) to REGISTER \(what)"))
    }
    if let success = reading.refused.success {
      list.append(Evidence(success, "200 OK: accepted again"))
    }
    return list.uniqued
  }
}
