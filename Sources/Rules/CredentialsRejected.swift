import Capture
public import Parameters
import Registrations

/// Credentials were refused, the client gave up, and the account is left without a registration.
public enum CredentialsRejected: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "credentials-rejected", level: .error,
    title: "Credentials were refused and the account is left without a registration",
    explanation: """
      A REGISTER with credentials is challenged again without stale=true, or answered with 403, \
      the client gives up after fewer tries than a loop, and no registration of the account \
      follows. Says which of password, user name or realm the messages allow.

      A refresh that is refused leaves the registration as it is: then the fault begins when that \
      runs out. Holds where a success follows within CREDENTIALS_GRACE, or where another binding of \
      the account is valid. Undecided where the capture ends before that time has passed. What an \
      address that tries many accounts was refused (registration-scan) says nothing of an account \
      that is used elsewhere, and leaves it undecided where nobody uses it.
      """,
    needs: "a REGISTER with credentials and its answer", source: "RFC 3261 22.1, 21.4.4",
    parameters: ["SS_AUTHENTICATION_MAX_RETRY", "AUTH_LOOP_FAILURES", "CREDENTIALS_GRACE"])

  /// What it looks at.
  public static let scope = Scope([.failures, .unaccepted], otherwise: .accepted)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let grace = profile.seconds(.credentialsGrace)
    let limit = profile.count(.authLoopFailures)
    let series = subject.failureSeries.filter { series in
      series.rejectedCredentials > 0
        && (series.kind == .forbidden
          || series.kind == .authentication && series.attempts.total < limit)
    }
    var found: [Finding] = []
    var isCutShort = false
    var mayMiss = false
    // What fails again and again is told by auth-failure-loop.
    let isLoop = subject.failureSeries.contains {
      $0.kind == .authentication && $0.attempts.total >= limit
    }
    for one in series where !one.othersWereRegistered && !isLoop {
      if one.mayMissSuccess {
        mayMiss = true
        continue
      }
      guard let last = one.last?.request.time else { continue }
      // A refresh that is refused leaves the binding as it is, until it runs out.
      let left = max(one.registeredUntil ?? last, last)
      if let success = one.success ?? laterSuccess(subject, after: last) {
        if success.time - left > grace {
          found.append(contentsOf: finding(one, success, subject, profile))
        }
      } else if left + grace <= subject.capture.end {
        found.append(contentsOf: finding(one, nil, subject, profile))
      } else {
        isCutShort = true
      }
    }
    if !found.isEmpty { return .violated(found) }
    if mayMiss { return .undecided("a later REGISTER or its answer is not in the capture") }
    if isCutShort { return .undecided("the capture ends shortly after credentials were refused") }
    if let why = subject.doubtOfFailures ?? subject.missingAnswers { return .undecided(why) }
    let tests = subject.account.accepted + series.count
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// Another device may have registered the account in the meantime.
  private static func laterSuccess(_ subject: Subject, after time: Timestamp) -> Moment? {
    subject.bindings.map(\.binding.from).first { $0.time > time }
  }

  private static func finding(
    _ series: FailureSeries, _ success: Moment?, _ subject: Subject, _ profile: Profile
  ) -> [Finding] {
    guard let first = series.first, let last = series.last else { return [] }
    let isSuspended = SuspensionReading.explains(series, subject, profile)
    let reading = CredentialsReading(
      series, subject.direction, profile, isSuspended: isSuspended)
    let isForbidden = series.kind == .forbidden && !isSuspended
    let count = series.attempts.total
    var evidence = [Evidence(first.request, "REGISTER with credentials")]
    if let answer = first.answer { evidence.append(Evidence(answer, answerNote(series))) }
    if count > 1, let answer = last.answer {
      evidence.append(Evidence(answer, "refused for the last time"))
    }
    if let success { evidence.append(Evidence(success, "registered at last")) }
    let cause = isForbidden ? "403 \(series.reason)" : reading.cause
    var next = success == nil ? "no registration followed" : "the next success came late"
    if let end = series.registeredUntil, end > last.request.time {
      let wait = Wording.span(end - last.request.time)
      next = "the registration it still had ran out \(wait) later, and \(next)"
    }
    return [
      subject.finding(
        Self.summary, from: max(series.registeredUntil ?? first.request.time, first.request.time),
        to: success?.time,
        summary: "\(subject.name) was refused with its credentials and is not registered: \(cause)",
        explanation: """
          \(Wording.agent(series.userAgent)) at \(series.source) sent credentials \
          \(Wording.times(count)) and got \(series.status) \(series.reason); \(next). \
          \(isForbidden ? forbiddenReason : reading.reason)
          """,
        remedy: isForbidden ? forbiddenRemedy(subject.direction) : reading.remedy,
        evidence: evidence, count: count)
    ]
  }

  private static func answerNote(_ series: FailureSeries) -> String {
    "\(series.status) \(series.reason) although credentials were sent"
  }

  private static let forbiddenReason = """
    A 403 after credentials means a wrong password, or an account that is locked, disabled or not \
    allowed from this address.
    """

  private static func forbiddenRemedy(_ direction: Direction) -> String {
    """
    \(direction == .outbound ? "Ask the provider whether" : "Check on the switch that") the account \
    is enabled, not locked after failed logins, and allowed from this address; then compare user \
    name and password.
    """
  }
}
