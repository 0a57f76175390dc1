import Capture
import Decode
public import Parameters
import Registrations

/// The switch tries again too soon after a failed registration.
public enum RetryTooFast: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "retry-too-fast", level: .error,
    title: "Failed registrations are repeated too soon",
    explanation: """
      After a failed registration elsewhere the next attempt comes sooner than \
      SS_SIP_USER_AGENT_RETRY_DELAY, RETRY_RUN times or more. Where nobody set the parameter only \
      its documented minimum counts. Upstreams take that for an attack and block the switch.

      Retransmissions, the answer to a challenge, a retry after 423 or after a stale nonce are no \
      attempts of their own. A client that gives up before Timer F fires has waited from its last \
      transmission on.
      """,
    needs: "failed registrations of the switch elsewhere, each with the next attempt",
    source: "RFC 3261 10.2.7; SIP Outbound Registration Parameters",
    parameters: [RetryPolicy.name, "RETRY_RUN", "INTERVAL_TOLERANCE"])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let runs = subject.account.failureRuns
    let enough = profile.count(.retryRun)
    let policy = RetryPolicy(profile)
    let fast = runs.filter { $0.fastRetries >= enough }
    if !fast.isEmpty { return .violated(fast.compactMap { finding($0, subject, policy) }) }
    if runs.contains(where: { $0.success == nil && $0.fastRetries > 0 }) {
      return .undecided("the capture ends in a row of early attempts")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = runs.reduce(0) { $0 + $1.retries.total }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ run: FailureRun, _ subject: Subject, _ policy: RetryPolicy
  ) -> Finding? {
    let fast = run.retries.kept.filter { $0.longest < policy.fastest }
    guard let first = fast.first, let last = fast.last,
      let shortest = fast.map(\.longest).min()
    else { return nil }
    let recommended = Int((policy.configured ?? policy.delay ?? .seconds(60)).inSeconds)
    return subject.finding(
      Self.summary, from: first.failure.request.time, to: last.next.time,
      summary: """
        \(subject.name) tries \(run.registrar) again after \(Wording.span(shortest)): \
        \(Wording.times(run.fastRetries)) too soon
        """,
      explanation: """
        \(Wording.count(run.attempts, "attempt")) failed and \
        \(run.fastRetries) of \(run.retries.total) waits were too short, although \(policy.words). \
        An upstream in trouble is burdened by that and may block \(run.source.address).
        """,
      remedy: """
        Set SS_SIP_USER_AGENT_RETRY_DELAY to \(recommended) and see whether it is obeyed; if it is \
        not, another client uses the account from \(run.source): find and stop it.
        """,
      parameter: ParameterComparison(
        RetryPolicy.name, configured: policy.delay.map(RetryPolicy.number),
        observed: RetryPolicy.number(shortest), recommended: "\(recommended)"),
      evidence: [
        Evidence(first.failure.answer ?? first.failure.request, "failed"),
        Evidence(first.next, "the next attempt, \(Wording.span(first.longest)) later"),
        Evidence(last.next, "the last that came too soon, after \(Wording.span(last.longest))"),
      ], count: run.fastRetries)
  }
}
