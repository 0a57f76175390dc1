import Capture
import Decode
public import Parameters
import Registrations

/// Only the switch's keepalives hold a device's mapping open.
public enum KeepaliveOneSided: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "keepalive-one-sided", level: .notice,
    title: "Only keepalives of the switch hold the pinhole open, which not every NAT honours",
    explanation: """
      The switch sends keepalives to a device behind a NAT, and the device itself is silent for \
      longer than NAT_SAFE_IDLE again and again. A NAT must refresh a mapping on packets from \
      inside; on packets from outside it may.

      Does not fire where the device answers probes or keepalives, or sends its own.

      Undecided when fewer than two silences of the device are in the capture.
      """,
    needs: "keepalives of the switch to a device behind NAT", source: "RFC 4787 REQ-6",
    parameters: [
      "NAT_SAFE_IDLE", "FEWEST_SILENCES", "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR",
    ])

  /// What it looks at.
  public static let scope = Scope(
    [.oneSidedKeepalives, .severalBindings], otherwise: .mutualKeepalives)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard let upkeep = subject.upkeep, upkeep.switchKeepalives > 0 else { return .notObserved }
    // A device that answers keepalives sends as many itself.
    if 2 * upkeep.deviceKeepalives >= upkeep.switchKeepalives {
      return .held(tests: upkeep.deviceKeepalives)
    }
    guard let isTooLong = upkeep.isSilentTooLong(profile) else {
      return .undecided(Upkeep.tooShort)
    }
    return isTooLong ? .violated([finding(upkeep, subject)]) : .held(tests: 1)
  }

  private static func finding(_ upkeep: Upkeep, _ subject: Subject) -> Finding {
    let usual = Wording.span(upkeep.usualSilence)
    var evidence = upkeep.evidence
    if let pulse = upkeep.observed.compactMap({ $0.flow?.pulse }).last {
      evidence.append(Evidence(pulse.last, "keepalive of the switch"))
    }
    return subject.finding(
      Self.summary, from: upkeep.observed[0].binding.from.time, to: upkeep.ended,
      summary: "\(subject.name) is silent for \(usual) at a time; only the switch sends keepalives",
      explanation: """
        \(Wording.agent(upkeep.best.observed.binding.userAgent)) at \(upkeep.best.flow.remote) sends \
        nothing between its registrations. The \
        \(Wording.count(upkeep.switchKeepalives, "keepalive")) of the switch may not refresh the \
        mapping in its NAT. \(upkeep.lifetime.sentence)
        """,
      remedy: """
        Nothing to do as long as calls arrive. To be safe switch on the keepalive of the device, \
        every \(upkeep.lifetime.recommendedKeepalive) s or less, or probe it with OPTIONS, whose \
        answer comes from inside.
        """,
      evidence: evidence)
  }
}
