import Capture
public import Parameters
import Registrations

/// A call goes on although the binding it ran on was replaced.
public enum ReplacedCallNotReleased: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "replaced-call-not-released", level: .warning,
    title: "A call on a replaced binding is never ended: a ghost call",
    explanation: """
      An answered call runs on a binding that another device's registration replaces, and no BYE \
      follows on its leg until the capture ends, more than CALL_DROP_WINDOW and \
      TRANSACTION_TIMEOUT later. The switch should end such calls; a call that nobody ends holds \
      a line and is charged.

      Does not fire where a BYE of the switch or of a party follows in the capture.

      Undecided when the capture ends earlier, or when more calls were up than are followed.
      """,
    needs: "a call that is up while its binding is replaced",
    source: "VOS3000 Registration Replace; RFC 3261 15",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "CALL_DROP_WINDOW", "TRANSACTION_TIMEOUT"],
    restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope(.rareFacts)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.account.hasCalls else { return .notObserved }
    let calls = subject.account.replacedCalls.kept
    if !calls.isEmpty, let doubt = subject.doubtOfReplacement { return .undecided(doubt) }
    let open = calls.filter { $0.outcome == .open }
    let wait = profile.seconds(.callDropWindow) + profile.seconds(.transactionTimeout)
    let ghosts = open.filter { $0.replaced.time + wait <= subject.capture.end }
    if !ghosts.isEmpty { return .violated([finding(ghosts, subject)]) }
    if !open.isEmpty { return .undecided("the capture ends soon after the replacement") }
    if subject.account.callsLeftOut > 0,
      subject.bindings.contains(where: { $0.binding.end == .replaced })
    {
      return .undecided("more calls were up at once than are followed")
    }
    return calls.isEmpty ? .notObserved : .held(tests: calls.count)
  }

  private static func finding(_ ghosts: [ReplacedCall], _ subject: Subject) -> Finding {
    let first = ghosts[0]
    return subject.finding(
      Self.summary, from: first.replaced.time, to: nil,
      summary: """
        \(subject.name): \(Wording.count(ghosts.count, "call")) on the replaced binding of \
        \(first.source) \(ghosts.count == 1 ? "was" : "were") not ended
        """,
      explanation: """
        The call had been up for \(Wording.span(first.replaced.time - first.answered.time)) when \
        another device took the binding over, and no BYE was seen in the \
        \(Wording.span(subject.capture.end - first.replaced.time)) since. If the old device is \
        gone, nobody will end it.
        """,
      remedy: """
        Look the call up on the switch and end it if nobody speaks. Session timers (RFC 4028) end \
        such calls by themselves; see that the switch uses them for this account.
        """,
      parameter: subject.inbound(
        ParameterComparison("SS_ENDPOINT_REGISTER_REPLACE", observed: "On")),
      evidence: [
        Evidence(first.invite, "INVITE"),
        Evidence(first.answered, "200 OK: the call is up"),
        Evidence(first.replaced, "200 OK to REGISTER: replaces \(first.source)"),
      ].uniqued, count: ghosts.count)
  }
}
