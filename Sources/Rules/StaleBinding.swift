import Capture
import Decode
public import Parameters
import Registrations

/// The switch holds a binding whose device does not answer and is not heard from.
public enum StaleBinding: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "stale-binding", level: .error,
    title: "A binding is still valid although its device no longer answers",
    explanation: """
      Requests into the flow of a valid binding (OPTIONS, INVITE, NOTIFY) stay unanswered \
      through Timer F, or draw ICMP errors, and nothing is heard from the device until the \
      binding or the capture ends, or until the account comes back as after a restart or move.

      Two requests in a row are needed, or one that was retransmitted, or an ICMP error; a \
      single lost probe is packet loss. Any answer shows the device alive, a 404 or 405 as well.

      Undecided when the only request is younger than 32 s at the end of the capture, and when \
      the device has answered no OPTIONS at all and is not due to refresh yet. Of a binding known \
      from an earlier run and not heard since, until a call or more than GHOST_INTERVALS requests \
      went there: it may have been removed in between.
      """,
    needs: "a request into the flow of a valid binding",
    source: "RFC 3261 17.1.2.2 (Timer F), 11; VOS3000 SS_ENDPOINTTIMETOLIVE",
    parameters: [
      "SS_ENDPOINTTIMETOLIVE", "SS_ENDPOINT_EXPIRE", "UNANSWERED_REQUESTS", "GHOST_INTERVALS",
    ])

  /// What it looks at.
  public static let scope = Scope([.outages, .openRequests, .severalBindings], otherwise: .answers)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = subject.outages
    let stale = readings.filter { reading in
      switch reading.cause {
      case .notHeardAgain, .restarted, .moved: true
      default: false
      }
    }
    if !stale.isEmpty { return .violated(stale.map { finding($0, subject, profile) }) }
    for reading in readings {
      if case .undecided(let why) = reading.cause { return .undecided(why) }
    }
    return OutageReading.verdictWithoutOutage(subject, readings)
  }

  private static func finding(
    _ reading: OutageReading, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let binding = reading.binding
    let span = Wording.span(reading.duration)
    var summary = "\(subject.name) did not answer for \(span) while its binding was valid"
    if reading.run.invites > 0 {
      summary += "; \(Wording.count(reading.run.invites, "call")) lost"
    }
    let held = reading.run.lastLife.time
    let until = min(binding.validUntil, reading.to ?? subject.capture.end)
    let heldFor = Wording.span(until - held)
    let explanation = """
      \(Wording.count(reading.run.requests, "request")) to \(reading.flow.remote) \
      (\(Wording.agent(binding.userAgent))) got no answer\(late(reading))\(reading.instead). \
      \(ending(reading)) \
      The switch held the binding for \(heldFor) after the device's last packet; it had granted \
      \(binding.grantedSeconds) s.
      """
    return subject.finding(
      Self.summary, from: reading.from, to: reading.to, summary: summary,
      explanation: explanation, remedy: remedy(reading, subject.direction),
      parameter: subject.inbound(
        ParameterComparison(
          "SS_ENDPOINTTIMETOLIVE",
          configured: profile.seconds(.endpointTimeToLive).map { "\(Int64($0.inSeconds))" },
          observed: reading.flow.probeGaps.median.map { "\(Int64($0.rounded()))" },
          recommended: nil)),
      evidence: reading.evidence)
  }

  private static func late(_ reading: OutageReading) -> String {
    let late = reading.run.overdue
    return late == 0
      ? "" : " and \(late) more \(late == 1 ? "is" : "are") late when the capture ends"
  }

  private static func ending(_ reading: OutageReading) -> String {
    switch reading.cause {
    case .restarted: "It came back with a new Call-ID: the device had been off or restarted."
    case .moved:
      "It came back from \(reading.successor?.source.description ?? "elsewhere"): it had moved."
    case _ where reading.run.firstRefusal?.reason == .portUnreachable:
      "Its host is up, but nothing listens on the port: the SIP program has stopped."
    case _ where reading.run.firstRefusal != nil:
      "The network says that the host cannot be reached: it is off, or its path is down."
    default:
      """
      It was not heard again\(reading.to == nil ? " before the capture ends" : "; its binding ran out"). \
      Whether the device is off\(reading.binding.isBehindNAT ? ", its NAT mapping is gone" : "") or \
      its path is down cannot be told from here.
      """
    }
  }

  private static func remedy(_ reading: OutageReading, _ direction: Direction) -> String {
    if direction == .outbound {
      return """
        The switch itself did not answer: check its SIP service at \(reading.flow.remote), and that \
        packet filters and NAT let the upstream's requests in. Until it registers again, have the \
        provider divert calls.
        """
    }
    if case .restarted = reading.cause {
      return """
        If this was not a planned restart, look at the device's power and software. Have it \
        unregister when it stops, and let the switch take devices offline after a failed probe, \
        so that calls are refused or diverted at once.
        """
    }
    if reading.run.firstRefusal?.reason == .portUnreachable {
      return """
        Start the SIP service on \(reading.flow.remote.address) again and find out why it stopped. Until it \
        registers, remove the binding on the switch so that calls are diverted.
        """
    }
    return """
      Check power, network and SIP service of the device at \(reading.flow.remote.address). Until it \
      registers again, remove the binding on the switch so that calls are diverted; a shorter \
      SS_ENDPOINT_EXPIRE or a probe (SS_ENDPOINTTIMETOLIVE) limits how long such bindings last.
      """
  }
}
