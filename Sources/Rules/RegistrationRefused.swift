import Capture
public import Parameters
import Registrations

/// The registrar refuses a REGISTER for a reason that is not its credentials.
public enum RegistrationRefused: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registration-refused", level: .error,
    title: "The registrar refuses the registration with a final error",
    explanation: """
      REGISTER is answered with 403 without credentials having been asked for, with 404, 480, \
      5xx, 6xx or another final error. One episode lasts until the next success; it has the \
      count, the reason phrase, Warning and Retry-After.

      401 and 407 (challenges) and 423 (negotiation of the expiry) are not refusals; 403 after \
      credentials is credentials-rejected. A single refusal followed by a success within \
      INTERVAL_TOLERANCE_FLOOR is a retry that worked.
      """,
    needs: "a REGISTER and its final answer", source: "RFC 3261 10.3, 21.4, 21.5, 21.6",
    parameters: ["INTERVAL_TOLERANCE_FLOOR"])

  /// What it looks at.
  public static let scope = Scope([.failures, .unaccepted], otherwise: .accepted)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    // A newcomer that is refused for the sake of the first device is told by replace-refused.
    let newcomers = NewcomerReading.all(in: subject).filter { $0.doubt == nil }
      .compactMap { $0.series.first?.request }
    let series = subject.failureSeries.filter { series in
      series.kind == .refused && !newcomers.contains { $0 == series.first?.request }
    }
    let floor = profile.seconds(.intervalToleranceFloor)
    let found = series.filter { !isRetryThatWorked($0, floor) }.compactMap {
      finding($0, subject, profile)
    }
    if !found.isEmpty { return .violated(found) }
    if let why = subject.doubtOfFailures ?? subject.missingAnswers { return .undecided(why) }
    let tests =
      subject.account.accepted
      + subject.failureSeries.count {
        $0.kind != .unanswered
      }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func isRetryThatWorked(_ series: FailureSeries, _ floor: Duration) -> Bool {
    guard series.attempts.total == 1, let first = series.first, let success = series.success else {
      return false
    }
    return success.time - first.request.time <= floor
  }

  private static func finding(
    _ series: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> Finding? {
    guard let first = series.first, let last = series.last else { return nil }
    let count = series.attempts.total
    let answer = "\(series.status) \(series.reason)"
    var evidence = [Evidence(first.request, "REGISTER")]
    if let moment = first.answer { evidence.append(Evidence(moment, "\(first.status): refused")) }
    if count > 1, let moment = last.answer {
      evidence.append(Evidence(moment, "\(last.status): refused for the last time"))
    }
    if let success = series.success { evidence.append(Evidence(success, "registered again")) }
    return subject.finding(
      Self.summary, from: first.request.time, to: series.success?.time,
      summary:
        "\(subject.name) is refused by \(series.registrar): \(answer), \(Wording.times(count))",
      explanation: """
        \(Wording.agent(series.userAgent)) at \(series.source) sent \
        \(Wording.count(count, "REGISTER")) and got \(answer).\(words(series)) \
        \(series.success == nil ? "No success followed in this capture." : "Then it was accepted.")
        """,
      remedy: SuspensionReading.explains(series, subject, profile)
        ? CredentialsReading(series, subject.direction, profile, isSuspended: true).remedy
        : subject.direction == .outbound
          ? outboundRemedy(series.status) : remedy(series.status),
      evidence: evidence, count: count)
  }

  private static func words(_ series: FailureSeries) -> String {
    var text = ""
    if !series.warning.isEmpty { text += " Warning: \(series.warning)." }
    if let seconds = series.retryAfter { text += " Retry-After: \(seconds) s." }
    return text
  }

  private static func outboundRemedy(_ status: UInt16) -> String {
    switch status {
    case 403:
      """
      The upstream refuses without asking for a password: ask the provider whether the account is \
      enabled and whether it expects the switch at this address.
      """
    case 404:
      """
      The upstream does not know this account: compare number and domain of this registration on \
      the switch with those that the provider gave.
      """
    case 500...599:
      """
      The upstream itself is in trouble or overloaded: tell the provider, with these times, and send \
      calls over another trunk meanwhile.
      """
    default: remedy(status)
    }
  }

  private static func remedy(_ status: UInt16) -> String {
    switch status {
    case 403:
      """
      The registrar refuses without asking for a password: check that the account is enabled and \
      that its source address is allowed on the switch (IP rule, blacklist, replace policy).
      """
    case 404:
      "The registrar does not know this account: check number and domain on the device and the switch."
    case 400:
      "The registrar could not read the REGISTER: compare it with one of a working device."
    case 500...599:
      """
      The registrar itself is in trouble or overloaded: look at its load, database and log at \
      that time; the device cannot mend it.
      """
    default:
      "Look up why the registrar answers \(status) for this account, with the frames named as example."
    }
  }
}
