import Capture
import Decode
public import Parameters
import Registrations

/// A device that is up answers no OPTIONS.
public enum ProbeIgnored: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "probe-ignored", level: .notice,
    title: "A device never answers OPTIONS although it is up: filtered or not supported",
    explanation: """
      None of FEWEST_PROBES or more OPTIONS to a binding is answered, but the device goes on sending its \
      own requests through the same flow.

      Any answer shows that probes arrive, a 404 or 405 as well.

      Undecided when the device is not heard after the probes, or when its NAT may have closed \
      the way in between.
      """,
    needs: "three OPTIONS to one flow", source: "RFC 3261 11",
    parameters: ["SS_ENDPOINTTIMETOLIVE", "FEWEST_PROBES", "NAT_SURELY_OPEN"])

  /// What it looks at.
  public static let scope = Scope(.ignoredProbes, otherwise: .answeredProbes)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let needed = profile.count(.fewestProbes)
    var answered = 0
    var isInDoubt = false
    for observed in subject.bindings {
      guard let flow = observed.flow, flow.probes >= needed else { continue }
      if flow.answeredProbes > 0 {
        answered += flow.answeredProbes
        continue
      }
      let ignored = subject.outages.filter {
        $0.binding.path == observed.binding.path && $0.cause == .requestsIgnored
      }
      let requests = ignored.reduce(0) { $0 + $1.run.requests }
      if let first = ignored.first, let last = ignored.last, requests >= needed {
        return .violated([finding(first, last, requests, subject)])
      }
      isInDoubt = true
    }
    if isInDoubt { return .undecided("no probe is answered, but why is not to be seen") }
    return answered > 0 ? .held(tests: answered) : .notObserved
  }

  private static func finding(
    _ first: OutageReading, _ last: OutageReading, _ requests: Int, _ subject: Subject
  ) -> Finding {
    let flow = first.flow
    return subject.finding(
      Self.summary, from: first.run.first.time, to: last.run.last.time,
      summary:
        "\(subject.name) answers none of \(Wording.count(requests, "probe")) although it is up",
      explanation: """
        \(Wording.agent(first.binding.userAgent)) at \(flow.remote) sends requests of its own \
        through the same flow but never answers OPTIONS: it does not support them, or something \
        filters them. The switch may take it for offline.
        """,
      remedy: subject.direction == .outbound
        ? """
        Let the switch answer OPTIONS of the upstream, or ask the provider to take it out of the \
        check so that it is not taken offline for it.
        """
        : """
        Let the device answer OPTIONS (some call it "SIP ping" or "qualify"), or take it out of \
        the check with SS_ENDPOINTTIMETOLIVE so that it is not taken offline for it.
        """,
      evidence: first.evidence, count: requests)
  }
}
