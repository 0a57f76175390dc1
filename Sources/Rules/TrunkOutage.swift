import Capture
import Decode
public import Parameters
import Registrations

/// A registration of the switch elsewhere was lost for a time.
public enum TrunkOutage: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "trunk-outage", level: .error,
    title: "The switch was without its registration at an upstream server",
    explanation: """
      Attempts of the switch to register elsewhere failed, and no binding was valid in the \
      meantime. Tells from when to when, how many attempts there were, of what they failed \
      (unreachable, refused, credentials, server error), and how much of the time was the \
      upstream's and how much the wait for the next attempt; once it is over also when it would \
      have been over with another SS_SIP_USER_AGENT_RETRY_DELAY.

      Failures during which the old binding stayed valid do not make it fire, nor does an attempt \
      that is repeated with success within INTERVAL_TOLERANCE_FLOOR. Undecided where a REGISTER \
      or its answer is missing from the capture.
      """,
    needs: "a failed registration of the switch elsewhere",
    source: "RFC 3261 10.2.7; SIP Outbound Registration Parameters",
    parameters: [
      RetryPolicy.name, "SS_SIP_USER_AGENT_EXPIRE", "INTERVAL_TOLERANCE_FLOOR",
      "TRANSACTION_TIMEOUT",
    ])

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    let runs = subject.account.failureRuns
    var found: [Finding] = []
    var isUncertain = false
    for run in runs {
      guard let outage = outage(run, subject, profile) else { continue }
      if run.mayMissAttempts {
        isUncertain = true
      } else {
        found.append(finding(run, outage, subject, profile))
      }
    }
    if !found.isEmpty { return .violated(found) }
    if isUncertain { return .undecided("a REGISTER or its answer is not in the capture") }
    if let why = subject.missingAnswers { return .undecided(why) }
    if subject.account.pending > 0 && !subject.account.isRegistered(at: subject.capture.end) {
      return .undecided("the capture ends before the answer was due")
    }
    return subject.account.accepted > 0 ? .held(tests: subject.account.accepted) : .notObserved
  }

  /// The time of the run in which no binding was valid; `nil` where it is too short to matter.
  private static func outage(
    _ run: FailureRun, _ subject: Subject, _ profile: Profile
  ) -> Episode? {
    let end = (run.success ?? run.removal)?.time
    let from = max(run.first.request.time, run.registeredUntil ?? run.first.request.time)
    let lasted = (end ?? subject.capture.end) - from
    return lasted > profile.seconds(.intervalToleranceFloor) ? Episode(from: from, to: end) : nil
  }

  private static func finding(
    _ run: FailureRun, _ outage: Episode, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let cause = FailureRun.Cause.allCases.max { run.failures(of: $0) < run.failures(of: $1) }
    let policy = RetryPolicy(profile)
    let failover = Failover(run, policy, profile)
    let lasted = Wording.span((outage.to ?? subject.capture.end) - outage.from)
    var finding = subject.finding(
      Self.summary, from: outage.from, to: outage.to,
      summary: """
        \(subject.name) had no registration at \(run.registrar) for \(lasted)\
        \(outage.to == nil ? ", and has none yet" : ""): \(words(cause))
        """,
      explanation: """
        \(Wording.count(run.attempts, "attempt")) failed (\(answers(run))). \
        \(failover?.sentences ?? unfinished(run, subject))
        """,
      remedy: remedy(cause, failover, run), parameter: parameter(run, failover, policy),
      evidence: evidence(run), count: run.attempts)
    finding.failover = failover
    return finding
  }

  private static func words(_ cause: FailureRun.Cause?) -> String {
    switch cause {
    case .credentials: "credentials refused"
    case .server: "server error upstream"
    case .refused: "refused by the upstream"
    case .unreachable, nil: "the upstream is unreachable"
    }
  }

  private static func answers(_ run: FailureRun) -> String {
    let names: [(FailureRun.Cause, String)] = [
      (.unreachable, "no answer"), (.credentials, "credentials refused"),
      (.server, "server error"), (.refused, "refused"),
    ]
    let counted = names.compactMap { cause, name -> String? in
      let number = run.failures(of: cause)
      return number == 0 ? nil : "\(name) \(Wording.times(number))"
    }
    let status = run.last.status == 0 ? "" : "; last answer \(run.last.status)"
    return Wording.list(counted) + status
  }

  private static func unfinished(_ run: FailureRun, _ subject: Subject) -> String {
    if run.removal != nil { return "Then the switch removed the registration." }
    let silent = subject.capture.end - run.last.request.time
    return """
      The last attempt was \(Wording.span(silent)) before the capture ended; until then the \
      upstream had accepted none.
      """
  }

  private static func remedy(
    _ cause: FailureRun.Cause?, _ failover: Failover?, _ run: FailureRun
  ) -> String {
    let first =
      switch cause {
      case .credentials:
        "Compare user name, password and realm of this registration with what the provider issued."
      case .server:
        "Ask the provider what its server did in that time, with the frames named."
      case .refused:
        """
        Ask the provider why it answers \(run.last.status): account blocked, address of the switch \
        not allowed, wrong domain.
        """
      case .unreachable, nil:
        """
        Check the way to \(run.registrar): is it routed, does a packet filter drop it, does the \
        provider block the switch's address.
        """
      }
    guard let failover, failover.waiting > failover.upstream else { return first }
    return first + " Most of the outage may have been waiting: shorten the retry delay as well."
  }

  private static func parameter(
    _ run: FailureRun, _ failover: Failover?, _ policy: RetryPolicy
  ) -> ParameterComparison? {
    let waits = run.retries.kept.map(\.shortest).sorted()
    guard !waits.isEmpty else { return nil }
    let median = waits[waits.count / 2]
    // A primary trunk is advised 30 to 45 s (SIP Outbound Registration Parameters).
    let least = Duration.seconds(policy.range.lowerBound)
    let isSlow = failover.map { $0.waiting > $0.upstream && median > least * 2 } ?? false
    return ParameterComparison(
      RetryPolicy.name, configured: policy.delay.map(RetryPolicy.number),
      observed: RetryPolicy.number(median),
      recommended: isSlow ? "\(policy.range.lowerBound)" : nil)
  }

  private static func evidence(_ run: FailureRun) -> [Evidence] {
    var list = [Evidence(run.first.request, "REGISTER to \(run.registrar), the first that failed")]
    if let answer = run.first.answer { list.append(Evidence(answer, "\(run.first.status)")) }
    if run.attempts > 1 {
      list.append(Evidence(run.last.request, "REGISTER, the last that failed"))
      if let answer = run.last.answer { list.append(Evidence(answer, "\(run.last.status)")) }
    }
    if let removal = run.removal { list.append(Evidence(removal, "REGISTER that removes it")) }
    if let success = run.success { list.append(Evidence(success, "registered again")) }
    return list
  }
}
