import Capture
import Decode
public import Parameters
import Registrations

/// A device or its path was away for a while and came back by itself.
public enum TransientOutage: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "transient-outage", level: .warning,
    title: "A registered device did not answer for a while, then answered again on the same flow",
    explanation: """
      Two or more requests into a valid binding's flow stay unanswered and later ones are \
      answered again through the same flow. A closed NAT mapping does not reopen from outside, \
      so the device or its path was away, and no mapping was lost.

      Does not fire for a single unanswered request (packet loss), nor where the device's own \
      packet reopened its NAT mapping (nat-pinhole-lost).
      """,
    needs: "requests into the flow before, during and after",
    source: "RFC 3261 17.1.2.2 (Timer F); RFC 4787 REQ-6",
    parameters: ["UNANSWERED_REQUESTS"])

  /// What it looks at.
  public static let scope = Scope([.outages, .openRequests, .severalBindings], otherwise: .answers)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = subject.outages
    let outages = readings.filter { if case .transient = $0.cause { true } else { false } }
    if !outages.isEmpty { return .violated(outages.map { finding($0, subject) }) }
    if readings.contains(where: { $0.cause.leavesPinholeOpen }) {
      return .undecided("requests are unanswered when the capture or the binding ends")
    }
    return OutageReading.verdictWithoutOutage(subject, readings)
  }

  private static func finding(_ reading: OutageReading, _ subject: Subject) -> Finding {
    var summary =
      "\(subject.name) did not answer for \(Wording.span(reading.duration)), then did again"
    if reading.run.invites > 0 {
      summary += "; \(Wording.count(reading.run.invites, "call")) lost"
    }
    let refusal = reading.run.firstRefusal.map {
      ", \($0.reporter) reported \(Wording.reason($0.reason))"
    }
    return subject.finding(
      Self.summary, from: reading.from, to: reading.to, summary: summary,
      explanation: """
        \(Wording.count(reading.run.requests, "request")) to \(reading.flow.remote) got no \
        answer\(refusal ?? ""), then the same flow worked again without a new registration: the \
        device or the path to it was away.
        """,
      remedy: """
        Look for a network interruption or an overloaded device at \(reading.flow.remote.address) at \
        that time; other accounts with the same span point to a common path.
        """,
      evidence: reading.evidence)
  }
}
