import Capture
import Decode
public import Parameters
import Registrations

/// The switch's keepalives come too seldom to hold a mapping open.
public enum KeepaliveTooSlow: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "keepalive-too-slow", level: .warning,
    title: "Keepalives of the switch come slower than configured or than the NAT forgets",
    explanation: """
      The gaps between the switch's keepalives to a binding are longer than \
      SS_SIP_NAT_KEEP_ALIVE_PERIOD beyond tolerance, or as long as the silence after which the \
      mapping was seen to be gone: at least FEWEST_SILENCES of them, and more than half.

      A single late keepalive does not make it fire.

      Undecided when one late gap is all the capture holds.
      """,
    needs: "three keepalives of the switch to one device",
    source: "VOS3000 SIP NAT Keep Alive (V2.1.9.07)",
    parameters: [
      "SS_SIP_NAT_KEEP_ALIVE_PERIOD", "FEWEST_SILENCES", "INTERVAL_TOLERANCE",
      "INTERVAL_TOLERANCE_FLOOR",
    ], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope(
    [.slowKeepalives, .measuredNAT, .outbound], otherwise: .keepaliveGaps)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    // What an upstream sends the switch is not the switch's to set.
    guard subject.direction == .inbound else { return .notObserved }
    var tests = 0
    var isCutShort = false
    for observed in subject.bindings.reversed() {
      guard let flow = observed.flow, let pulse = flow.pulse, pulse.gaps.count > 0,
        let limit = limit(subject, profile)
      else { continue }
      let (late, seen) = pulse.gaps.longer(than: limit)
      if late >= profile.count(.fewestSilences) && 2 * late > seen {
        return .violated([finding(pulse, observed.binding, flow, subject, profile)])
      }
      tests += seen
      isCutShort = isCutShort || (seen == 1 && late == 1)
    }
    if isCutShort { return .undecided("the capture holds one gap between keepalives") }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func limit(_ subject: Subject, _ profile: Profile) -> Duration? {
    let configured = profile.seconds(.natKeepAlivePeriod).map { profile.allowing($0) }
    return [configured, subject.pinhole?.shortestClosed].compactMap { $0 }.min()
  }

  private static func finding(
    _ pulse: KeepalivePulse, _ binding: Binding, _ flow: Flow, _ subject: Subject,
    _ profile: Profile
  ) -> Finding {
    let gap = Duration.milliseconds(Int64((pulse.gaps.median ?? 0) * 1000))
    let configured = profile.seconds(.natKeepAlivePeriod)
    let safe =
      subject.pinhole?.recommendedKeepalive ?? Int64(profile.seconds(.natSafeIdle).inSeconds)
    let asked =
      configured.map { "; SS_SIP_NAT_KEEP_ALIVE_PERIOD is \(Int64($0.inSeconds)) s" } ?? ""
    return subject.finding(
      Self.summary, from: pulse.first.time, to: pulse.last.time,
      summary: "\(subject.name) gets a keepalive every \(Wording.span(gap)) only\(asked)",
      explanation: """
        The gaps between the switch's keepalives to \(flow.remote) \
        (\(Wording.agent(binding.userAgent))) are up to \
        \(Wording.span(.milliseconds(Int64(pulse.gaps.longest)))). \
        \(subject.pinhole?.sentence ?? "") A NAT that forgets sooner cuts the device off.
        """,
      remedy: """
        Set SS_SIP_NAT_KEEP_ALIVE_PERIOD to \(safe). If it is set so already, a round takes longer \
        than the period because there are many devices: raise SS_SIP_NAT_KEEP_ALIVE_SEND_ONE_TIME \
        or lower SS_SIP_NAT_KEEP_ALIVE_SEND_INTERVAL.
        """,
      parameter: ParameterComparison(
        "SS_SIP_NAT_KEEP_ALIVE_PERIOD", configured: configured.map { "\(Int64($0.inSeconds))" },
        observed: "\(Int64(gap.inSeconds.rounded()))", recommended: "\(safe)"),
      evidence: [
        Evidence(pulse.first, "first keepalive to \(flow.remote)"),
        Evidence(pulse.last, "last keepalive to \(flow.remote)"),
      ], count: pulse.gaps.count + 1)
  }
}
