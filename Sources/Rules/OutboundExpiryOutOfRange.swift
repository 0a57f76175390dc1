import Capture
public import Parameters
import Registrations

/// The switch asks an upstream for a time that it cannot be set to ask for.
public enum OutboundExpiryOutOfRange: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "outbound-expiry-out-of-range", level: .warning,
    title: "The expiry asked of an upstream is outside the documented range",
    explanation: """
      A registration of the switch elsewhere asks for an expiry outside the range that \
      SS_SIP_USER_AGENT_EXPIRE can be set to. A very short one makes a flood of REGISTERs and \
      overlaps the retransmissions of a lost one (32 s); a very long one leaves an outage \
      unnoticed.

      Expires 0, which removes a registration, does not count. A registration that asks for \
      nothing is not tested.
      """,
    needs: "an accepted registration of the switch elsewhere that asks for an expiry",
    source: "SIP Outbound Registration Parameters; RFC 3261 10.2.1.1",
    parameters: [name])

  private static let name = "SS_SIP_USER_AGENT_EXPIRE"

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound,
      case .seconds(let range?, _) = profile.entry(named: name)?.parameter.kind
    else { return .notObserved }
    let asking = subject.bindings.map(\.binding).filter { $0.requestedSeconds ?? 0 > 0 }
    let outside = asking.filter { !range.contains(Int($0.requestedSeconds ?? 0)) }
    if let first = outside.first, let last = outside.last {
      return .violated([finding(first, last, outside.count, range, subject, profile)])
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return asking.isEmpty ? .notObserved : .held(tests: asking.count)
  }

  private static func finding(
    _ first: Binding, _ last: Binding, _ count: Int, _ range: ClosedRange<Int>,
    _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let asked = Int(last.requestedSeconds ?? 0)
    let isShort = asked < range.lowerBound
    return subject.finding(
      Self.summary, from: first.fromRequest.time, to: last.refreshed.time,
      summary: """
        \(subject.name) asks \(last.registrar) for \(asked) s; the switch can be set to \
        \(range.lowerBound) to \(range.upperBound) s
        """,
      explanation: """
        \(last.grantedSeconds) s were granted. \(isShort ? "So short a time makes a REGISTER every few seconds, and one that is lost cannot be repeated before it is over." : "So long a time leaves the upstream sending calls to a switch that is gone.") \
        Either another program registers this account, or the documented range does not hold for \
        this version.
        """,
      remedy: """
        Set SS_SIP_USER_AGENT_EXPIRE to 120 to 300 behind NAT, to 600 to 3600 in a data centre, or \
        to Auto Negotiation for a carrier.
        """,
      parameter: ParameterComparison(
        name, configured: profile.entry(named: name)?.value?.description, observed: "\(asked)",
        recommended: isShort ? "120" : "3600"),
      evidence: [
        Evidence(first.fromRequest, "REGISTER asks for \(first.requestedSeconds ?? 0) s"),
        Evidence(first.from, "the answer"),
      ], count: count)
  }
}
