import Capture
import Decode
import Parameters
import Registrations

/// One point of a deployment that a capture can confirm.
public struct ChecklistItem: Sendable {
  /// What the capture says of it.
  public enum Answer: Sendable {
    /// Seen to be so, and what shows it.
    case confirmed(String)
    /// Seen not to be so; the rule whose finding says it.
    case contradicted(String)
    /// Nothing in this capture tells, and why.
    case notVisible(String)
  }

  /// A fixed word for scripts.
  public let name: String
  /// The question, for people.
  public let text: String
  /// What the capture says.
  public let answer: Answer
}

/// What the accounts show that no single finding tells: gathered account by account.
struct ChecklistTally: Sendable {
  /// A span of time at one upstream server.
  struct Span: Sendable {
    var upstream: IPAddress
    var from: Timestamp
    var to: Timestamp

    /// What is left of it outside of those of `others` that are at the same upstream.
    func without(_ others: [Span]) -> [Span] {
      let same = others.filter { $0.upstream == upstream }.map { (from: $0.from, to: $0.to) }
      return Intervals([(from, to)]).subtracting(Intervals(same)).spans.map {
        Span(upstream: upstream, from: $0.from, to: $0.to)
      }
    }
  }

  /// Spans kept: a switch has a few dozen trunks.
  private static let mostSpans = 1000
  private var outboundAccepted = 0
  private var recoveries = 0
  private var deviceKeepalives = 0
  private var answeredProbes = 0
  private var refreshedBehindNAT = 0
  private var outages: [Span] = []
  private var registered: [Span] = []

  mutating func take(_ glance: borrowing Glance, _ subject: Subject?) {
    for place in glance.bindings.indices where glance.bindings[place].binding.isBehindNAT {
      guard let flow = glance.bindings[place].flow else { continue }
      deviceKeepalives += flow.deviceKeepalives
      answeredProbes += flow.answeredProbes
      refreshedBehindNAT += glance.bindings[place].binding.refreshes
    }
    guard let subject, subject.direction == .outbound else { return }
    outboundAccepted += subject.account.accepted
    recoveries += subject.failureSeries.count { $0.success != nil }
    takeSpans(subject)
  }

  private mutating func takeSpans(_ subject: Subject) {
    var lost: [Span] = []
    for run in subject.account.failureRuns where !run.mayMissAttempts {
      let first = run.first.request.time
      let span = Span(
        upstream: run.registrar.address, from: max(first, run.registeredUntil ?? first),
        to: (run.success ?? run.removal)?.time ?? subject.capture.end)
      if span.from < span.to { lost.append(span) }
    }
    outages += lost.prefix(max(Self.mostSpans - outages.count, 0))
    for observed in subject.bindings where registered.count < Self.mostSpans {
      let upstream = observed.binding.registrar.address
      let valid = Span(
        upstream: upstream, from: observed.binding.from.time,
        to: min(observed.binding.validUntil, subject.capture.end))
      // A binding that is refreshed too late is one and the same all the time.
      registered += valid.without(lost)
    }
  }

  /// Outages of one upstream in which the switch was registered at another one.
  private var backedUp: Int {
    outages.count { outage in
      registered.contains {
        $0.upstream != outage.upstream && $0.from < outage.to && outage.from < $0.to
      }
    }
  }

  private var backup: ChecklistItem.Answer {
    guard !outages.isEmpty else { return .notVisible("no upstream failed") }
    guard Set(registered.map(\.upstream)).count > 1 else {
      return .notVisible("registered at one upstream only")
    }
    return backedUp > 0
      ? .confirmed("registered at another upstream in \(backedUp) of \(outages.count) outages")
      : .contradicted("registered at no other upstream in \(outages.count) outages")
  }

  /// Answers every point, with the findings that contradict it.
  func items(
    _ effective: EffectiveParameters, _ findings: [Finding], _ told: FindingTally,
    _ history: History
  ) -> [ChecklistItem] {
    let calls = CallsInOutages(outages, registered, history)
    func contradiction(_ rules: [String]) -> ChecklistItem.Answer? {
      rules.first { told.count(of: $0) > 0 }.map { .contradicted($0) }
    }
    func parameter(_ name: String) -> ChecklistItem.Answer {
      guard let observed = effective.values[name] else {
        return .notVisible("no packet shows \(name)")
      }
      guard let agrees = observed.agrees else {
        return .notVisible("\(observed.basis): \(observed.value)")
      }
      if !agrees {
        return .contradicted("\(name) is \(observed.value) on the wire")
      }
      return .confirmed("\(name) is \(observed.value) on the wire (seen \(observed.support) times)")
    }
    func seen(_ count: Int, _ what: String, else why: String) -> ChecklistItem.Answer {
      count > 0 ? .confirmed("\(what) \(count) times") : .notVisible(why)
    }
    return [
      ChecklistItem(
        name: "outbound-expiry", text: "Expiry mode and value of outbound registrations",
        answer: contradiction(["outbound-expiry-out-of-range", "outbound-refresh-off-schedule"])
          ?? parameter("SS_SIP_USER_AGENT_EXPIRE")),
      ChecklistItem(
        name: "retry-delay", text: "Retry delay on the wire equals the configured one",
        answer: contradiction(["retry-too-fast", "retry-too-slow", "retry-not-constant"])
          ?? parameter("SS_SIP_USER_AGENT_RETRY_DELAY")),
      ChecklistItem(
        name: "unregister", text: "Registrations are removed when the switch restarts",
        answer: contradiction(["unregister-missing"])
          ?? parameter("SS_SIP_USER_AGENT_SEND_UNREGISTER")),
      ChecklistItem(
        name: "credentials", text: "Credentials are accepted upstream",
        answer: contradiction(outboundCredentialRules(findings, told))
          ?? seen(outboundAccepted, "accepted", else: "none was accepted")),
      ChecklistItem(
        name: "recovery", text: "A failed outbound registration comes back",
        answer: contradiction(["retry-abandoned", "upstream-blocked"])
          ?? seen(recoveries, "came back", else: "none failed and came back")),
      ChecklistItem(
        name: "backup-registered", text: "Another upstream is registered while one fails",
        answer: backup),
      ChecklistItem(
        name: "backup-used", text: "Calls go over another upstream while one fails",
        answer: calls.isBackupUsed),
      ChecklistItem(
        name: "failover", text: "Calls over the other upstream are answered",
        answer: calls.isFailoverWorking),
      ChecklistItem(
        name: "refresh-before-nat-timeout", text: "Devices register again before their NAT forgets",
        answer: contradiction(["nat-pinhole-lost", "nat-expiry-too-long"])
          ?? seen(
            refreshedBehindNAT, "refreshed behind NAT without a loss",
            else: "no device behind NAT refreshed")),
      ChecklistItem(
        name: "keepalive", text: "Something keeps flows behind NAT open",
        answer: contradiction(["keepalive-missing", "keepalive-too-slow"])
          ?? seen(
            deviceKeepalives + answeredProbes, "keepalives and answered probes",
            else: "none was seen")),
    ]
  }

  private func outboundCredentialRules(
    _ findings: [Finding], _ told: FindingTally
  ) -> [String] {
    let rules = ["credentials-rejected", "auth-failure-loop"].filter { told.outbound($0) > 0 }
    // By index: a loop over the findings would copy each.
    let first = findings.indices.first {
      findings[$0].direction == .outbound && rules.contains(findings[$0].rule)
    }
    // None of them may have been kept.
    return first.map { [findings[$0].rule] } ?? rules
  }
}
