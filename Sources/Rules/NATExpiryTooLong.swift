import Capture
import Decode
public import Parameters
import Registrations

/// The registration of a device behind a NAT lasts longer than its mapping.
public enum NATExpiryTooLong: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "nat-expiry-too-long", level: .warning,
    title: "A device behind a NAT is granted a longer registration than its pinhole is held open",
    explanation: """
      A device behind a NAT is granted more than SS_ENDPOINT_NAT_EXPIRE, or more than the \
      silence after which its mapping was seen to be gone, and nothing else holds its flow open.

      Does not fire where keepalives or answers to probes keep its silences short.

      Undecided when the 2xx does not tell the granted time, or the capture is too short to show \
      what holds the flow open.
      """,
    needs: "an accepted registration of a device behind NAT",
    source: "VOS3000 SS_ENDPOINT_NAT_EXPIRE; RFC 4787 REQ-5",
    parameters: ["SS_ENDPOINT_NAT_EXPIRE", "NAT_SAFE_IDLE", "FEWEST_SILENCES"])

  /// What it looks at.
  public static let scope = Scope(
    [.longGrant, .measuredNAT, .severalBindings], otherwise: .flowsBehindNAT)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard let upkeep = subject.upkeep, var longest = upkeep.observed.first else {
      return .notObserved
    }
    for other in upkeep.observed.dropFirst()
    where other.binding.grantedSeconds > longest.binding.grantedSeconds {
      longest = other
    }
    let bounds = [profile.seconds(.endpointNATExpire), upkeep.lifetime.shortestClosed]
    guard let bound = bounds.compactMap({ $0 }).min(),
      Duration.seconds(Int64(longest.binding.grantedSeconds)) > bound
    else { return .held(tests: upkeep.observed.count) }
    if isHeldOpen(upkeep, profile) { return .held(tests: upkeep.observed.count) }
    guard let isTooLong = upkeep.isSilentTooLong(profile) else {
      return .undecided(Upkeep.tooShort)
    }
    guard isTooLong else { return .held(tests: upkeep.observed.count) }
    let source = longest.binding.grantSource
    guard source == .contact || source == .header else {
      return .undecided("the answer does not tell the granted time")
    }
    return .violated([finding(longest.binding, upkeep, subject, profile)])
  }

  /// Whether the switch's keepalives come soon enough.
  private static func isHeldOpen(_ upkeep: Upkeep, _ profile: Profile) -> Bool {
    guard let gaps = upkeep.best.flow.pulse?.gaps, gaps.count > 0 else { return false }
    let bound = max(upkeep.lifetime.harmless, profile.seconds(.natKeepAlivePeriod) ?? .zero)
    return gaps.longer(than: profile.allowing(bound)).count == 0
  }

  private static func finding(
    _ binding: Binding, _ upkeep: Upkeep, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let granted = binding.grantedSeconds
    let configured = profile.seconds(.endpointNATExpire).map { "\(Int64($0.inSeconds))" }
    let expiry = upkeep.lifetime.recommendedExpiry
    let usual = Wording.span(upkeep.usualSilence)
    return subject.finding(
      Self.summary, from: upkeep.observed[0].binding.from.time, to: upkeep.ended,
      summary:
        "\(subject.name) is behind a NAT and granted \(granted) s, silent for \(usual) at a time",
      explanation: """
        The device at \(binding.source) (\(Wording.agent(binding.userAgent))) is behind a NAT; \
        SS_ENDPOINT_NAT_EXPIRE is \(configured ?? "not known"). \(upkeep.others) \
        \(upkeep.lifetime.sentence)
        """,
      remedy: remedy(upkeep.lifetime),
      parameter: ParameterComparison(
        "SS_ENDPOINT_NAT_EXPIRE", configured: configured, observed: "\(granted)",
        recommended: "\(expiry)"),
      evidence: [Evidence(binding.refreshed, "200 OK grants \(granted) s")] + upkeep.evidence)
  }

  private static func remedy(_ lifetime: Lifetime) -> String {
    let keepalive = lifetime.recommendedKeepalive
    let cure =
      lifetime.isHeldByRecommendedExpiry
      ? "or leave it and have the device send a keepalive every \(keepalive) s."
      : """
      and have the device send a keepalive every \(keepalive) s, since refreshes alone leave longer \
      gaps.
      """
    return """
      Set SS_ENDPOINT_NAT_EXPIRE to \(lifetime.recommendedExpiry) so that the device refreshes \
      more often, \(cure) If the switch should grant less already, find out why it does not take \
      this device for one behind NAT.
      """
  }
}

extension Upkeep {
  /// What else was seen to hold the mapping open.
  fileprivate var others: String {
    deviceKeepalives + switchKeepalives == 0
      ? "Nothing else holds its mapping open between its registrations."
      : "The keepalives on its flow come too seldom to hold its mapping open."
  }
}
