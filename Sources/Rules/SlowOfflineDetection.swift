import Capture
import Decode
public import Parameters
import Registrations

/// The switch takes too long to give up on a device that is gone.
public enum SlowOfflineDetection: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "slow-offline-detection", level: .warning,
    title: "The switch goes on sending to a dead device longer than one probe should take",
    explanation: """
      A device is gone (stale-binding), and the switch still sends it calls or probes later than \
      SS_ENDPOINTTIMETOLIVE and Timer F after its last sign of life: it has not given it up.

      Does not fire where nothing is sent to it any more by then.

      Undecided when the capture ends sooner, or does not tell whether the device is gone.
      """,
    needs: "a stale binding", source: "VOS3000 SS_ENDPOINTTIMETOLIVE; RFC 3261 17.1.2.2",
    parameters: [
      "SS_ENDPOINTTIMETOLIVE", "TRANSACTION_TIMEOUT", "INTERVAL_TOLERANCE",
      "INTERVAL_TOLERANCE_FLOOR",
    ])

  /// What it looks at.
  public static let scope = Scope(.outages)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard !subject.outages.isEmpty, subject.direction == .inbound,
      let interval = profile.seconds(.endpointTimeToLive)
    else { return .notObserved }
    let limit = profile.allowing(interval + profile.seconds(.transactionTimeout))
    var tests = 0
    var doubt: String?
    var slow: [OutageReading] = []
    for reading in subject.outages {
      switch reading.cause {
      case .notHeardAgain, .restarted, .moved:
        tests += 1
        if delay(reading) > limit {
          slow.append(reading)
        } else if reading.to == nil, subject.capture.end - lastLife(reading) <= limit {
          doubt = "the capture ends before the switch has to give up"
        }
      case .undecided(let why): doubt = why
      default: break
      }
    }
    if !slow.isEmpty { return .violated(slow.map { finding($0, limit, subject, profile) }) }
    if let doubt { return .undecided(doubt) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// From the last sign of life until the switch last tried.
  private static func delay(_ reading: OutageReading) -> Duration {
    reading.run.last.time - lastLife(reading)
  }

  /// A device that was heard by an earlier run only may have gone on until this one began.
  private static func lastLife(_ reading: OutageReading) -> Timestamp {
    max(reading.run.lastLife.time, reading.capture.start)
  }

  private static func finding(
    _ reading: OutageReading, _ limit: Duration, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let run = reading.run
    let span = Wording.span(delay(reading))
    let calls = run.invites > 0 ? ", \(Wording.count(run.invites, "call")) among them," : ""
    let interval = profile.seconds(.endpointTimeToLive).map { "\(Int64($0.inSeconds))" }
    return subject.finding(
      Self.summary, from: lastLife(reading) + limit, to: run.last.time,
      summary: "\(subject.name): the switch still tried \(span) after the device's last packet",
      explanation: """
        \(Wording.count(run.requests, "request")) to \(reading.flow.remote)\(calls) stayed without \
        an answer. One probe and its timeout should take \(Wording.span(limit)) with \
        SS_ENDPOINTTIMETOLIVE at \(interval ?? "its value"), tolerance included.
        """,
      remedy: """
        Check that SS_ENDPOINTTIMETOLIVE is in effect for this endpoint, so that calls are refused \
        or diverted once a probe has failed; a shorter SS_ENDPOINT_EXPIRE limits the time as well.
        """,
      parameter: ParameterComparison("SS_ENDPOINTTIMETOLIVE", configured: interval),
      evidence: [
        Evidence(run.lastLife, "last packet from \(reading.flow.remote)"),
        Evidence(run.last, "still sent to \(reading.flow.remote): no answer"),
      ], count: run.requests)
  }
}
