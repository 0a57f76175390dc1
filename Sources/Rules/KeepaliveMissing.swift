import Capture
import Decode
public import Parameters
import Registrations

/// A device behind a NAT is silent for longer than its mapping is sure to last.
public enum KeepaliveMissing: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "keepalive-missing", level: .warning,
    title: "Nothing holds the pinhole of a device behind a NAT open between its registrations",
    explanation: """
      The device is behind a NAT, and at least FEWEST_SILENCES of its silences, and half of them, \
      are longer than NAT_SAFE_IDLE, without a keepalive in either direction.

      Answers to OPTIONS count as its packets. Does not fire where this capture shows that the \
      NAT keeps its mapping for longer than those silences.

      Undecided when fewer than two silences are in the capture.
      """,
    needs: "a binding behind NAT and two silences of its device",
    source: "RFC 4787 REQ-5; RFC 5626 4.4.2; VOS3000 SIP NAT Keep Alive",
    parameters: [
      "NAT_SAFE_IDLE", "FEWEST_SILENCES", "SS_SIP_NAT_KEEP_ALIVE_PERIOD", "INTERVAL_TOLERANCE",
      "INTERVAL_TOLERANCE_FLOOR",
    ], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope(
    [.noKeepalives, .measuredNAT, .severalBindings], otherwise: .flowsBehindNAT,
    doubt: (.hardlyWatched, Upkeep.tooShort))

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard let upkeep = subject.upkeep else { return .notObserved }
    if upkeep.deviceKeepalives + upkeep.switchKeepalives > 0 { return .held(tests: 1) }
    guard let isTooLong = upkeep.isSilentTooLong(profile) else {
      return .undecided(Upkeep.tooShort)
    }
    return isTooLong ? .violated([finding(upkeep, subject, profile)]) : .held(tests: 1)
  }

  private static func finding(
    _ upkeep: Upkeep, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let usual = Wording.span(upkeep.usualSilence)
    let safe = upkeep.lifetime.recommendedKeepalive
    let device = Wording.agent(upkeep.best.observed.binding.userAgent)
    return subject.finding(
      Self.summary, from: upkeep.observed[0].binding.from.time, to: upkeep.ended,
      summary: "\(subject.name) is behind a NAT and silent for \(usual) at a time: no keepalive",
      explanation: """
        \(device) at \(upkeep.best.flow.remote) sends nothing between its registrations and no \
        keepalive reaches it. Many NATs forget a mapping after 30 to 120 s without a packet \
        from inside; calls cannot reach the device from then on. \(upkeep.lifetime.sentence)
        """,
      remedy: """
        Switch on the keepalive of the device, every \(safe) s or less (CRLF, STUN or OPTIONS). \
        If it has none, have the switch send its own: SS_SIP_NAT_KEEP_ALIVE_MESSAGE not empty and \
        SS_SIP_NAT_KEEP_ALIVE_PERIOD \(safe).
        """,
      parameter: ParameterComparison(
        "SS_SIP_NAT_KEEP_ALIVE_PERIOD",
        configured: profile.seconds(.natKeepAlivePeriod).map { "\(Int64($0.inSeconds))" },
        observed: "none", recommended: "\(safe)"),
      evidence: upkeep.evidence)
  }
}
