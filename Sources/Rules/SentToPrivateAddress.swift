import Capture
import Decode
public import Parameters
import Registrations

/// The switch sends to the private address in a Contact, which it cannot reach.
public enum SentToPrivateAddress: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "sent-to-private-address", level: .error,
    title: "The switch sends to a device's private Contact address instead of its public one",
    explanation: """
      A device registered from a public address with a private one in its Contact, and the \
      switch sends OPTIONS, calls or keepalives to the private address. They do not arrive.

      Does not fire on a private interconnect, where the REGISTER itself comes from a private \
      address, nor where such requests are answered: there is a way then.

      Undecided after a single request, and while one may still be answered when the capture ends.
      """,
    needs: "a request or keepalive to the device",
    source: "RFC 3581; VOS3000 request address (0 socket, 1 source IP, 2 Contact)",
    parameters: ["UNANSWERED_REQUESTS"])

  /// What it looks at.
  public static let scope = Scope(.strays, otherwise: .sentBehindNAT)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard let stray = subject.account.strays.first else {
      var sent = 0
      for observed in subject.bindings where observed.binding.isBehindNAT {
        sent += (observed.flow?.requests ?? 0) + (observed.flow?.switchKeepalives ?? 0)
      }
      return sent > 0 ? .held(tests: sent) : .notObserved
    }
    let flow = subject.strayFlow
    if let answered = flow?.answered, answered > 0 { return .held(tests: answered) }
    let requests = flow?.runs.kept.reduce(0) { $0 + $1.requests } ?? 0
    guard requests + stray.keepalives >= profile.count(.unansweredRequests) else {
      return .undecided("too little was sent to the private address to tell")
    }
    return .violated([finding(stray, flow, requests, subject)])
  }

  private static func finding(
    _ stray: Stray, _ flow: Flow?, _ requests: Int, _ subject: Subject
  ) -> Finding {
    let calls = flow?.runs.kept.reduce(0) { $0 + $1.invites } ?? 0
    let source = subject.account.source
    var evidence = [
      Evidence(stray.first, "sent to the private Contact address \(stray.contact)")
    ]
    if stray.last != stray.first {
      evidence.append(Evidence(stray.last, "still sent to \(stray.contact)"))
    }
    if let binding = subject.bindings.last?.binding {
      evidence.append(Evidence(binding.refreshed, "registered from \(binding.source)"))
    }
    let lost = calls > 0 ? "; \(Wording.count(calls, "call")) lost" : ""
    var sent: [String] = []
    if requests > 0 { sent.append(Wording.count(requests, "request")) }
    if stray.keepalives > 0 { sent.append(Wording.count(stray.keepalives, "keepalive")) }
    return subject.finding(
      Self.summary, from: stray.first.time, to: stray.last.time,
      summary: "\(subject.name) is sent to at \(stray.contact), a private address\(lost)",
      explanation: """
        The device registered from \(source), but \(Wording.list(sent)) went to \(stray.contact), \
        the address in its Contact, which only its own network knows, and nothing came back. \
        Calls sent there do not arrive.
        """,
      remedy: """
        Set the request address of this phone or gateway on the switch to "socket" (where the \
        REGISTER came from) instead of "Contact".
        """,
      evidence: evidence, count: requests + stray.keepalives)
  }
}
