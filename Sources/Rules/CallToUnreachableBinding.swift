import Capture
import Decode
public import Parameters
import Registrations

/// Calls are sent to a device that is known not to answer.
public enum CallToUnreachableBinding: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "call-to-unreachable-binding", level: .error,
    title: "A call is sent to a device although an earlier request there had failed",
    explanation: """
      An INVITE goes into a flow after a probe or another request there had failed (Timer F ran \
      out or an ICMP error came), and stays unanswered too. The documented behaviour is to \
      refuse such a call at once with 480.

      Does not fire for a call sent before the first failure could be known, nor after the \
      device was heard again.

      Undecided when the call may still be answered as the capture ends, or why nothing answers \
      cannot be told.
      """,
    needs: "a call after an earlier failure",
    source: "VOS3000 SS_ENDPOINTTIMETOLIVE; RFC 3261 21.4.18",
    parameters: ["SS_ENDPOINTTIMETOLIVE", "TRANSACTION_TIMEOUT"])

  /// What it looks at.
  public static let scope = Scope(.outages)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = subject.outages
    guard !readings.isEmpty else { return .notObserved }
    let hopeless = readings.filter { $0.run.hopelessInvites > 0 && $0.isCertain }
    if !hopeless.isEmpty { return .violated(hopeless.compactMap { finding($0, subject) }) }
    if readings.contains(where: { $0.run.hopelessInvites + $0.run.undecidedInvites > 0 }) {
      return .undecided("whether the device could be reached for a call is not to be seen")
    }
    let calls = readings.reduce(0) { $0 + $1.run.invites }
    return calls > 0 ? .held(tests: calls) : .notObserved
  }

  private static func finding(_ reading: OutageReading, _ subject: Subject) -> Finding? {
    let run = reading.run
    guard let hopeless = run.hopeless, let known = run.failureKnown else { return nil }
    let calls = Wording.count(run.hopelessInvites, "call")
    var evidence = [
      Evidence(
        run.first, "\(Wording.method(run.firstMethod)) to \(reading.flow.remote): no answer"),
      Evidence(hopeless.first, "INVITE to \(reading.flow.remote) all the same: no answer"),
    ]
    if let refusal = run.firstRefusal {
      let words = "ICMP \(Wording.reason(refusal.reason)) from \(refusal.reporter)"
      evidence.append(Evidence(refusal.moment, words))
    }
    if hopeless.last != hopeless.first {
      evidence.append(Evidence(hopeless.last, "the last such INVITE"))
    }
    return subject.finding(
      Self.summary, from: hopeless.first.time, to: hopeless.last.time,
      summary: "\(subject.name): \(calls) sent to a device that had stopped answering",
      explanation: """
        That \(reading.flow.remote) did not answer was known \
        \(Wording.span(hopeless.first.time - known)) before the first of these calls. The callers \
        heard nothing until the switch gave up; 480 at once lets them be diverted.
        """,
      remedy: subject.direction == .outbound
        ? """
        Have the provider divert calls at once after an unanswered probe. Then see why the switch \
        does not answer at \(reading.flow.remote).
        """
        : """
        Let the switch take devices offline after a failed probe (SS_ENDPOINTTIMETOLIVE), so that \
        calls are refused or diverted at once. Then see why the device does not answer.
        """,
      evidence: evidence, count: run.hopelessInvites)
  }
}

extension OutageReading {
  /// Whether it is known that requests did not reach the device.
  var isCertain: Bool {
    switch cause {
    case .pinholeLost, .notHeardAgain, .restarted, .moved, .transient: true
    case .packetLoss, .requestsIgnored, .undecided: false
    }
  }
}
