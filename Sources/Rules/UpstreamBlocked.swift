import Capture
import Decode
public import Parameters
import Registrations

/// An upstream shut the switch out after a row of fast attempts.
public enum UpstreamBlocked: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "upstream-blocked", level: .error,
    title: "After fast attempts the upstream answers with 403 or not at all",
    explanation: """
      Attempts to register elsewhere fail and are repeated too soon RETRY_RUN times or more (as \
      for retry-too-fast), and then the upstream's answers turn into 403 or into silence: it, or \
      a packet filter before it, took the attempts for an attack and blocks the switch.

      A provider that answered 403 or nothing from the start has not changed its mind. Undecided \
      where the capture ends in such a row.
      """,
    needs: "several failed registrations of the switch elsewhere in quick succession",
    source: "SIP Outbound Registration Parameters; RFC 3261 21.4.4",
    parameters: [RetryPolicy.name, "RETRY_RUN"])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let enough = profile.count(.retryRun)
    let runs = subject.account.failureRuns.filter { $0.fastRetries >= enough }
    let blocked = runs.filter { hasTurned($0) }
    if blocked.contains(where: \.mayMissAttempts) {
      return .undecided("a REGISTER or its answer is not in the capture")
    }
    if !blocked.isEmpty { return .violated(blocked.map { finding($0, subject, profile) }) }
    if runs.contains(where: { $0.success == nil && !isShut($0.first) }) {
      return .undecided("the capture ends in a row of early attempts")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = subject.account.failureRuns.reduce(0) { $0 + $1.attempts }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func isShut(_ attempt: FailedAttempt) -> Bool {
    attempt.status == 403 || attempt.answer == nil
  }

  private static func hasTurned(_ run: FailureRun) -> Bool {
    isShut(run.last) && !isShut(run.first)
  }

  private static func finding(
    _ run: FailureRun, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let policy = RetryPolicy(profile)
    let turned = run.last.answer == nil ? "silence" : "403"
    let shut = run.retries.kept.map(\.failure).first(where: isShut) ?? run.last
    var evidence = [
      Evidence(run.first.request, "REGISTER, the first that failed"),
      Evidence(shut.request, "REGISTER that met \(turned)"),
    ]
    if let answer = run.first.answer { evidence.append(Evidence(answer, "\(run.first.status)")) }
    if let answer = shut.answer { evidence.append(Evidence(answer, "\(shut.status)")) }
    return subject.finding(
      Self.summary, from: shut.request.time, to: run.success?.time,
      summary: """
        \(run.registrar) seems to have blocked \(run.source.address): after \
        \(run.fastRetries) attempts too soon \(subject.name) meets \(turned)
        """,
      explanation: """
        It first answered \(run.first.status) and changed to \(turned) during \
        \(Wording.count(run.attempts, "attempt")), of which \(run.fastRetries) came sooner than \
        they should (\(policy.words)).
        """,
      remedy: """
        Set SS_SIP_USER_AGENT_RETRY_DELAY to 60 to 120 first, then ask the provider to lift the \
        block on \(run.source.address); otherwise it comes back.
        """,
      parameter: ParameterComparison(
        RetryPolicy.name, configured: policy.delay.map(RetryPolicy.number),
        observed: run.retries.kept.map(\.longest).min().map(RetryPolicy.number),
        recommended: "60 to 120"),
      evidence: evidence, count: run.attempts)
  }
}
