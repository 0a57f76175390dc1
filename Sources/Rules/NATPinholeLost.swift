import Capture
import Decode
public import Parameters
import Registrations

/// A device behind a NAT stays registered but cannot be reached, because its NAT forgot the mapping.
public enum NATPinholeLost: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "nat-pinhole-lost", level: .error,
    title: "A registered device behind a NAT cannot be reached: its NAT closed the pinhole",
    explanation: """
      A valid binding behind NAT gets no answer to requests into its flow, and the device turns \
      out to have been alive: the same device (Call-ID series or instance) is heard later from \
      another mapped address or port, or its own packet reopens the flow, after which requests \
      are answered again.

      Does not fire for a single lost probe on a flow that stays the same, for a device that \
      was off (it comes back with a new Call-ID series), or for a device that never answers \
      OPTIONS although its flow stays open.

      Undecided when the device is not heard again in the capture (see stale-binding), and for \
      captures taken on the device's own side of the NAT.
      """,
    needs: "a request into the flow after the device was silent",
    source: "RFC 4787 REQ-5 and REQ-6; RFC 5626 4.4; VOS3000 SIP NAT Keep Alive",
    parameters: [
      "SS_SIP_NAT_KEEP_ALIVE_PERIOD", "SS_ENDPOINT_NAT_EXPIRE", "UNANSWERED_REQUESTS",
      "NAT_SAFE_IDLE",
    ])

  /// What it looks at.
  public static let scope = Scope(
    [.outages, .openRequests, .severalBindings, .seenFromInside], otherwise: .answersBehindNAT)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = subject.outages
    let losses = readings.filter { $0.cause == .pinholeLost }
    if !losses.isEmpty { return .violated([finding(losses, subject, profile)]) }
    let isBehindNAT = { (observed: ObservedBinding) in
      observed.binding.isBehindNAT && observed.flow != nil
    }
    guard subject.bindings.contains(where: isBehindNAT) else { return .notObserved }
    if readings.contains(where: { $0.cause.leavesPinholeOpen }) {
      return .undecided("requests stay unanswered and the device is not heard again")
    }
    if !subject.bindings.contains(where: { isBehindNAT($0) && !$0.binding.isSeenFromInside }) {
      return .undecided("captured on the device's side of the NAT")
    }
    return OutageReading.verdictWithoutOutage(subject, readings)
  }

  private static func finding(
    _ losses: [OutageReading], _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let first = losses[0]
    let last = losses[losses.count - 1]
    let total = losses.reduce(Duration.zero) { $0 + $1.duration }
    let calls = losses.reduce(0) { $0 + $1.run.invites }
    let lifetime = subject.pinhole ?? Lifetime(profile)
    let safe = lifetime.recommendedKeepalive
    var summary = "\(subject.name) could not be reached for \(Wording.span(total))"
    if losses.count > 1 { summary += " in \(losses.count) episodes" }
    summary += ": its NAT closed the pinhole"
    if calls > 0 { summary += "; \(Wording.count(calls, "call")) lost" }
    let idle = losses.map { $0.run.first.time - $0.run.lastLife.time }.min() ?? .zero
    let requests = losses.reduce(0) { $0 + $1.run.requests }
    let refusal = losses.compactMap(\.run.firstRefusal).first.map {
      " and \($0.reporter) reported \(Wording.reason($0.reason))"
    }
    var explanation = """
      The device stayed registered and alive, but \(Wording.span(idle)) after its last packet \
      \(Wording.count(requests, "request")) to its mapped address (\(first.flow.remote)\
      \(losses.count > 1 ? " at first" : "")) got no answer\(refusal ?? ""). \
      \(last.returned(last)) \(lifetime.sentence)
      """
    if calls > 0 {
      explanation += " In that time \(Wording.count(calls, "call")) to it failed."
    }
    return subject.finding(
      Self.summary, episodes: losses.map { Episode(from: $0.from, to: $0.to) }, summary: summary,
      explanation: explanation,
      remedy: subject.direction == .outbound ? outboundRemedy(safe) : remedy(safe),
      parameter: subject.inbound(
        ParameterComparison(
          "SS_SIP_NAT_KEEP_ALIVE_PERIOD",
          configured: profile.seconds(.natKeepAlivePeriod).map { "\(Int64($0.inSeconds))" },
          observed: nil, recommended: "\(safe)")),
      evidence: losses.count > 2
        ? losses[0].evidence + losses[losses.count - 1].evidence : losses.flatMap(\.evidence),
      count: losses.count)
  }

  private static func outboundRemedy(_ safe: Int64) -> String {
    """
    Let the switch send something to the upstream at least every \(safe) s, such as the OPTIONS \
    online check of the gateway, or register that often (\(OutboundRefreshes.name) fixed, refreshed \
    at about half of it). Otherwise raise the UDP timeout on the NAT router to 300 s, or give the \
    switch a public address.
    """
  }

  private static func remedy(_ safe: Int64) -> String {
    """
    Have the device send something at least every \(safe) s (SIP keepalive or "NAT keepalive" on \
    the phone; RFC 5626 advises 24-29 s on UDP), or let it register that often. On the switch set \
    SS_SIP_NAT_KEEP_ALIVE_PERIOD to \(safe) and SS_ENDPOINT_NAT_EXPIRE no higher than needed. \
    A keepalive sent by the switch alone may not hold every NAT open (RFC 4787 REQ-6). \
    Otherwise raise the UDP timeout on the NAT router to 300 s.
    """
  }
}
