import Capture
import Decode
public import Parameters
import Registrations

/// The switch probes a device less often than it is set to.
public enum ProbeIntervalExceeded: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "probe-interval-exceeded", level: .warning,
    title: "The switch probes a device less often than SS_ENDPOINTTIMETOLIVE says",
    explanation: """
      Where the switch sends OPTIONS to a binding at all, most gaps between them are longer than \
      SS_ENDPOINTTIMETOLIVE beyond tolerance.

      Does not fire for a round left out now and then, nor for a pause while the device was not \
      registered. No probes at all are no fault: the parameter may act outside SIP.

      Undecided with fewer than FEWEST_PROBES probes, the last gap too long.
      """,
    needs: "three OPTIONS to one binding",
    source: "Lightweight Registration Interval (V2.1.9.07)",
    parameters: [
      "SS_ENDPOINTTIMETOLIVE", "FEWEST_PROBES", "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR",
    ])

  /// What it looks at.
  public static let scope = Scope([.slowProbes, .outbound], otherwise: .probeGaps)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .inbound, let configured = profile.seconds(.endpointTimeToLive)
    else { return .notObserved }
    var tests = 0
    var isCutShort = false
    for observed in subject.bindings {
      // The sample alone, since a copy of the flow costs more than all else here.
      guard let gaps = observed.flow?.probeGaps, gaps.count > 0 else { continue }
      // Nearly always: nothing to be allowed for.
      if Int64(gaps.longest) <= configured.components.seconds * 1000 {
        tests += gaps.count + 1 < profile.count(.fewestProbes) ? 0 : gaps.sampled
        continue
      }
      guard let flow = observed.flow else { continue }
      let (late, seen) = gaps.longer(than: profile.allowing(configured))
      if flow.probes < profile.count(.fewestProbes) {
        isCutShort = isCutShort || late > 0
      } else if late + 1 >= profile.count(.fewestProbes) && 2 * late > seen {
        return .violated([finding(observed, flow, configured, subject)])
      } else {
        tests += seen
      }
    }
    if isCutShort { return .undecided("too few probes to tell their interval") }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ observed: ObservedBinding, _ flow: Flow, _ configured: Duration, _ subject: Subject
  ) -> Finding {
    let gap = Duration.milliseconds(Int64((flow.probeGaps.median ?? 0) * 1000))
    let longest = Wording.span(.milliseconds(Int64(flow.probeGaps.longest)))
    let expected = Int64(configured.inSeconds)
    return subject.finding(
      Self.summary, from: observed.binding.from.time, to: flow.lastProbe?.time,
      summary: """
        \(subject.name) is probed every \(Wording.span(gap)); SS_ENDPOINTTIMETOLIVE is \(expected) s
        """,
      explanation: """
        \(Wording.count(flow.probes, "probe")) went to \(flow.remote), with gaps of up to \
        \(longest). A device that fails is found offline that much later.
        """,
      remedy: """
        If SS_ENDPOINTTIMETOLIVE of the switch is not \(expected), give its value to regsift with \
        -p. If it is, look at the load of the switch: its rounds take longer than they should.
        """,
      parameter: ParameterComparison(
        "SS_ENDPOINTTIMETOLIVE", configured: "\(expected)",
        observed: "\(Int64(gap.inSeconds.rounded()))"),
      evidence: [
        Evidence(observed.binding.from, "registered from \(observed.binding.source)")
      ] + (flow.lastProbe.map { [Evidence($0, "the last OPTIONS to \(flow.remote)")] } ?? []),
      count: flow.probes)
  }
}
