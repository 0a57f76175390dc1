import Capture
import Decode
public import Parameters
import Registrations

/// After failures the switch stopped trying to register.
public enum RetryAbandoned: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "retry-abandoned", level: .error,
    title: "After failed attempts the switch no longer tries to register",
    explanation: """
      A registration elsewhere failed, and no attempt follows within the longest delay that \
      SS_SIP_USER_AGENT_RETRY_DELAY can be set to, although the registration was not removed. The \
      switch is documented to repeat for ever.

      Undecided where the capture ends earlier, or where REGISTERs are missing from it.
      """,
    needs: "a failed registration of the switch elsewhere and the time after it",
    source: "SIP Outbound Registration Parameters",
    parameters: [RetryPolicy.name, "INTERVAL_TOLERANCE"])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let runs = subject.account.failureRuns
    let policy = RetryPolicy(profile)
    let limit = Duration.seconds(policy.range.upperBound)
    let patience = limit + policy.tolerance(of: limit)
    let open = runs.filter { run in
      run.success == nil && run.removal == nil && run.last.request.time >= lastSuccess(subject)
    }
    guard let run = open.max(by: { $0.last.request.time < $1.last.request.time }) else {
      if let why = subject.missingAnswers { return .undecided(why) }
      let tests = runs.reduce(0) { $0 + $1.retries.total }
      return tests > 0 ? .held(tests: tests) : .notObserved
    }
    let silence = subject.capture.end - max(subject.account.lastSeen.time, failed(run, profile))
    if silence <= patience {
      return .undecided("the capture ends before the next attempt was due")
    }
    if run.mayMissAttempts { return .undecided("a REGISTER or its answer is not in the capture") }
    if subject.capture.tcpHosts.contains(run.source.address) {
      return .undecided("the switch also uses SIP over TCP, which is not analysed")
    }
    return .violated([finding(run, silence, subject, policy)])
  }

  private static func lastSuccess(_ subject: Subject) -> Timestamp {
    subject.account.lastAccepted?.time ?? subject.capture.start
  }

  private static func failed(_ run: FailureRun, _ profile: Profile) -> Timestamp {
    run.last.answer?.time ?? run.last.request.time + profile.seconds(.transactionTimeout)
  }

  private static func finding(
    _ run: FailureRun, _ silence: Duration, _ subject: Subject, _ policy: RetryPolicy
  ) -> Finding {
    let status = run.last.status == 0 ? "no answer" : "\(run.last.status)"
    var evidence = [Evidence(run.last.request, "the last REGISTER for this account")]
    if let answer = run.last.answer { evidence.append(Evidence(answer, status)) }
    return subject.finding(
      Self.summary, from: run.last.request.time, to: nil,
      summary: """
        \(subject.name) is no longer registered at \(run.registrar): the switch gave up \
        \(Wording.span(silence)) before the capture ended
        """,
      explanation: """
        After \(Wording.count(run.attempts, "failed attempt")), the last with \(status), nothing \
        was sent for this account any more, nor was it removed. \(policy.words), and the switch \
        is documented to go on for ever.
        """,
      remedy: """
        Start the registration again by hand (switch it off and on in the registration \
        management), and look in the log of the switch why it stopped.
        """,
      evidence: evidence, count: run.attempts)
  }
}
