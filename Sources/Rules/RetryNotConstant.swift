import Capture
public import Parameters
import Registrations

/// The wait after a failed registration changes from attempt to attempt.
public enum RetryNotConstant: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "retry-not-constant", level: .notice,
    title: "The wait after a failed registration changes from attempt to attempt",
    explanation: """
      Two waits within one row of failures differ by more than INTERVAL_TOLERANCE. The switch is \
      documented to wait the same time always, so another client registers, a proxy stands in \
      between, or the documentation does not hold for this version.

      Jitter within the tolerance does not make it fire, nor does the time that is uncertain where \
      no answer came. Undecided while the capture shows one wait only and no success.
      """,
    needs: "three failed registrations in a row", source: "SIP Outbound Registration Parameters",
    parameters: [RetryPolicy.name, "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR"])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let runs = subject.account.failureRuns
    let policy = RetryPolicy(profile)
    let found = runs.compactMap { finding($0, subject, policy) }
    if !found.isEmpty { return .violated(found) }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = runs.reduce(0) { $0 + max($1.retries.total - 1, 0) }
    if tests > 0 { return .held(tests: tests) }
    return runs.contains { $0.success == nil }
      ? .undecided("the capture ends before waits could be compared") : .notObserved
  }

  private static func finding(
    _ run: FailureRun, _ subject: Subject, _ policy: RetryPolicy
  ) -> Finding? {
    let waits = run.retries.kept
    guard !run.mayMissAttempts, let longest = waits.max(by: { $0.shortest < $1.shortest }),
      let shortest = waits.min(by: { $0.longest < $1.longest }),
      longest.shortest > shortest.longest + policy.tolerance(of: shortest.longest),
      let first = waits.first, let last = waits.last
    else { return nil }
    let grows = zip(waits, waits.dropFirst()).allSatisfy { $0.shortest < $1.longest }
    return subject.finding(
      Self.summary, from: first.failure.request.time, to: last.next.time,
      summary: """
        \(subject.name) waits \(Wording.span(shortest.longest)) to \
        \(Wording.span(longest.shortest)) between failed attempts at \(run.registrar)
        """,
      explanation: """
        \(grows ? "The wait grows from attempt to attempt: the client backs off." : "The waits go up and down.") \
        The switch is documented to wait the same time after every failure (\(policy.words)).
        """,
      remedy: """
        Nothing is broken. Look which program registers this account from \(run.source), and \
        reckon with its longest wait when an outage is planned.
        """,
      parameter: ParameterComparison(
        RetryPolicy.name, configured: policy.delay.map(RetryPolicy.number),
        observed: """
          \(RetryPolicy.number(shortest.longest)) to \(RetryPolicy.number(longest.shortest))
          """),
      evidence: [
        Evidence(shortest.next, "next attempt after \(Wording.span(shortest.longest))"),
        Evidence(longest.next, "next attempt after \(Wording.span(longest.shortest))"),
      ], count: run.retries.total)
  }
}
