import Capture
import Parameters
import Registrations

/// How much of an outage was the upstream's and how much the wait for the next attempt, and when
/// the registration would have been back with another delay.
///
/// The upstream refused up to the last failure and accepted from the success on; when in between it
/// came back nobody saw. So every answer is a span: the upstream back right after the last
/// failure, or only just before the success.
public struct Failover: Hashable, Sendable {
  /// One delay and what it would have made of the same outage.
  public struct Row: Hashable, Sendable {
    /// The delay.
    public let delay: Duration
    /// When the registration would have been back, after the first failed attempt, at the earliest.
    public let earliest: Duration
    /// The same at the latest.
    public let latest: Duration
    /// Attempts up to the success, itself included, at the least.
    public let fewest: Int
    /// The same at the most.
    public let most: Int
  }

  /// From the first failed attempt to the last transmission that failed: the upstream was away for that long at least.
  public let upstream: Duration
  /// From then to the attempt that succeeded: at most this was waiting for the next attempt.
  public let waiting: Duration
  /// What a failed attempt took on average until it was known to have failed.
  public let attempt: Duration
  /// The delays compared, shortest first.
  public let rows: [Row]

  /// The delays of the documented example (SIP Outbound Registration Parameters).
  private static let examples = [30, 60, 120, 300]

  /// `nil` while nothing has succeeded.
  init?(_ run: FailureRun, _ policy: RetryPolicy, _ profile: Profile) {
    guard let success = run.successRequest else { return nil }
    let first = run.first.request.time
    upstream = run.lastTried - first
    waiting = success.time - run.lastTried
    let silent = run.failures(of: .unreachable)
    let answers = [run.first, run.last].compactMap { failure in
      failure.answer.map { $0.time - failure.request.time }
    }
    let answered = answers.reduce(.zero, +) * (run.attempts - silent) / max(answers.count, 1)
    attempt =
      (profile.seconds(.transactionTimeout) * silent + answered) / max(run.attempts, 1)
    var delays = Set(Self.examples.map { Duration.seconds($0) })
    if let delay = policy.delay { delays.insert(delay) }
    let back = success.time - first
    rows = delays.sorted().map { [upstream, attempt] delay in
      Self.row(delay, lost: upstream, back: back, attempt: attempt)
    }
  }

  /// Attempts come every `delay` and `attempt`, the first at 0: those up to `lost` fail, those from
  /// `back` on succeed.
  private static func row(
    _ delay: Duration, lost: Duration, back: Duration, attempt: Duration
  ) -> Row {
    let period = max(bounded(delay + attempt), 1)
    let early = bounded(lost) / period + 1
    let late = max((bounded(back) + period - 1) / period, early)
    return Row(
      delay: delay, earliest: .nanoseconds(early * period), latest: .nanoseconds(late * period),
      fewest: Int(early) + 1, most: Int(late) + 1)
  }

  /// Nanoseconds of a span, ten years at most: a clock that ran wrong may claim centuries, with which
  /// there is no reckoning.
  private static func bounded(_ span: Duration) -> Int64 {
    min(max(span, .zero), .seconds(10 * 365 * 86_400)).wholeNanoseconds
  }

  /// The arithmetic in sentences.
  var sentences: String {
    let table = rows.map { row in
      let span = Self.range(Wording.span(row.earliest), Wording.span(row.latest))
      let attempts = Self.range("\(row.fewest)", "\(row.most)")
      return "delay \(Wording.span(row.delay)): \(span), \(attempts) attempts"
    }
    return """
      \(share) Against the same upstream the registration would have been back so long after the \
      first failure: \(table.joined(separator: "; ")).
      """
  }

  private var share: String {
    guard upstream >= .seconds(1) else {
      return """
        When the upstream was ready again nobody saw: up to \(Wording.span(waiting)) of the outage \
        may have been nothing but the wait for the next attempt.
        """
    }
    return """
      The upstream let nobody in for \(Wording.span(upstream)) at least; \
      \(Wording.span(waiting)) at most was nothing but the wait for the next attempt.
      """
  }

  private static func range(_ low: String, _ high: String) -> String {
    low == high ? low : "\(low) to \(high)"
  }
}
