import Capture
public import Parameters
import Registrations

/// The switch waits too long after a failed registration.
public enum RetryTooSlow: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "retry-too-slow", level: .warning,
    title: "Failed registrations are repeated later than configured",
    explanation: """
      The next attempt after a failed registration elsewhere comes later than \
      SS_SIP_USER_AGENT_RETRY_DELAY, or where nobody set it later than its documented maximum. \
      The wait counts from the answer, or from the end of Timer F where there was none.

      A wait in which REGISTERs may be missing from the capture is undecided.
      """,
    needs: "a failed registration of the switch elsewhere and the next attempt",
    source: "SIP Outbound Registration Parameters",
    parameters: [RetryPolicy.name, "INTERVAL_TOLERANCE"])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let runs = subject.account.failureRuns
    let policy = RetryPolicy(profile)
    let slow = runs.filter { $0.retries.kept.contains { $0.shortest > policy.slowest } }
    if slow.contains(where: \.mayMissAttempts) {
      return .undecided("REGISTERs in between may be missing from the capture")
    }
    if !slow.isEmpty { return .violated(slow.compactMap { finding($0, subject, policy) }) }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = runs.reduce(0) { $0 + $1.retries.total }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ run: FailureRun, _ subject: Subject, _ policy: RetryPolicy
  ) -> Finding? {
    let late = run.retries.kept.filter { $0.shortest > policy.slowest }
    guard let first = late.first, let last = late.last,
      let longest = late.map(\.shortest).max()
    else { return nil }
    return subject.finding(
      Self.summary, episodes: late.map { Episode(from: $0.by, to: $0.next.time) },
      summary: """
        \(subject.name) waits \(Wording.span(longest)) after a failure before it tries \
        \(run.registrar) again
        """,
      explanation: """
        \(Wording.count(late.count, "wait")) of \(run.retries.total) came too long, although \
        \(policy.words). The registration is missing for that time even when the upstream is back.
        """,
      remedy: """
        Set SS_SIP_USER_AGENT_RETRY_DELAY to 30 to 45 s for a primary trunk and 60 s for others, \
        and see whether it is obeyed; look whether the switch was stopped in between.
        """,
      parameter: ParameterComparison(
        RetryPolicy.name, configured: policy.delay.map(RetryPolicy.number),
        observed: RetryPolicy.number(longest), recommended: "\(policy.range.lowerBound) to 60"),
      evidence: evidence(first, last), count: late.count)
  }

  private static func evidence(_ first: Retry, _ last: Retry) -> [Evidence] {
    var list = [
      Evidence(first.failure.answer ?? first.failure.request, "failed"),
      Evidence(first.next, "the next attempt, \(Wording.span(first.shortest)) later"),
    ]
    if last.next != first.next {
      list.append(Evidence(last.next, "the next attempt after the last such wait"))
    }
    return list
  }
}
