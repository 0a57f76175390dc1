import Capture
import Decode
public import Parameters
import Registrations

/// The switch goes on sending to a device whose binding is gone.
public enum ProbeAfterRemoval: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "probe-after-removal", level: .warning,
    title: "Probes or keepalives go on to a device whose binding is gone",
    explanation: """
      A binding was removed or replaced, or ran out, and OPTIONS or keepalives of the switch go \
      on into its flow for more than GHOST_INTERVALS of their intervals.

      Does not fire while another binding or another account uses the same flow.

      Undecided for a binding that ran out while its device still answers: its refresh may be \
      missing from the capture.
      """,
    needs: "the end of a binding that was probed", source: "VOS3000 SS_ENDPOINTTIMETOLIVE",
    parameters: ["GHOST_INTERVALS", "SS_ENDPOINTTIMETOLIVE", "SS_SIP_NAT_KEEP_ALIVE_PERIOD"],
    restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope(.ended)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    var tests = 0
    var doubt: String?
    var findings: [Finding] = []
    for (index, observed) in subject.bindings.enumerated() {
      let binding = observed.binding
      guard let end = binding.end, end != .unknown, let flow = observed.flow,
        flow.probes > 0 || flow.pulse != nil, !flow.isShared
      else { continue }
      let ended = binding.validUntil
      tests += 1
      let isTaken = subject.bindings[(index + 1)...].contains { $0.binding.path == binding.path }
      guard !isTaken, !flow.hasNeighbours, let last = flow.lastSent,
        last.time > ended + flow.interval(profile) * profile.count(.ghostIntervals)
      else { continue }
      // A device that answers is alive: its refresh may be missing here.
      if binding.unknownSince != nil || (end == .expired && flow.lastLife.time > ended) {
        doubt = "a refresh may be missing from the capture"
        continue
      }
      if binding.isCarriedOver {
        doubt = "another account may have come to this flow before this capture began"
        continue
      }
      findings.append(finding(observed, flow, ended, last, subject))
    }
    if !findings.isEmpty { return .violated(findings) }
    if let doubt { return .undecided(doubt) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ observed: ObservedBinding, _ flow: Flow, _ ended: Timestamp, _ last: Moment,
    _ subject: Subject
  ) -> Finding {
    let binding = observed.binding
    let words =
      switch binding.end {
      case .removed: "removed"
      case .expired: "not refreshed in time"
      default: "replaced"
      }
    let end =
      if binding.end != .expired, let moment = binding.ended {
        Evidence(moment, "the binding is \(words)")
      } else {
        Evidence(binding.refreshed, "last 200 OK, grants \(binding.grantedSeconds) s")
      }
    let span = Wording.span(last.time - ended)
    return subject.finding(
      Self.summary, from: ended, to: last.time,
      summary:
        "\(subject.name) was \(words), yet the switch sends to \(flow.remote) for \(span) more",
      explanation: """
        The binding over \(flow.remote) (\(Wording.agent(binding.userAgent))) was \(words) and the \
        switch still sent a probe or keepalive there \(span) later: it keeps a ghost of it.
        """,
      remedy: """
        Remove the endpoint's online record on the switch. If many accounts show this, restart the \
        registration service in a quiet hour and report it to the vendor: ghosts cost load and \
        may attract calls.
        """,
      evidence: [
        end,
        Evidence(last, "probe or keepalive to \(flow.remote)"),
      ])
  }
}

extension Flow {
  /// The last probe or keepalive.
  fileprivate var lastSent: Moment? {
    [self.lastProbe, self.pulse?.last].compactMap { $0 }.max { $0.time < $1.time }
  }

  /// How often it is probed or kept alive; what is configured where the capture does not tell.
  fileprivate func interval(_ profile: Profile) -> Duration {
    let seen = [self.probeGaps.median, self.pulse?.gaps.median].compactMap { $0 }.max()
    if let seen { return .milliseconds(Int64(seen * 1000)) }
    let configured = profile.seconds(self.pulse == nil ? .endpointTimeToLive : .natKeepAlivePeriod)
    return configured ?? profile.seconds(.transactionTimeout)
  }
}
