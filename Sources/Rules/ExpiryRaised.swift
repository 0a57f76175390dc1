import Capture
public import Parameters
import Registrations

/// A registrar grants more time than was asked for.
public enum ExpiryRaised: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "expiry-raised", level: .warning,
    title: "The registrar grants more time than the client asked for",
    explanation: """
      A 2xx grants a longer expiry than the REGISTER asked for. A registrar may shorten the time; \
      where it is too short for it, it answers 423 (RFC 3261 10.3). A client that goes by its own \
      value refreshes early and nothing is lost, but it stays registered long after it is gone.

      Does not fire where the client asked for nothing.

      Undecided where the 2xx does not say what it grants.
      """,
    needs: "a REGISTER that asks for a time, and its 2xx", source: "RFC 3261 10.2.4, 10.3 step 7",
    parameters: ["SS_ENDPOINT_EXPIRE", "SS_ENDPOINT_NAT_EXPIRE"])

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .unsaidGrant, .unaccepted], otherwise: .grants)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    if let raised = subject.account.raised.first { return .violated([finding(raised, subject)]) }
    var tests = 0
    var isUnsaid = false
    for observed in subject.bindings where observed.binding.requestedSeconds != nil {
      switch observed.binding.grantSource {
      case .contact, .header: tests += 1 + observed.binding.refreshes
      case .request, .assumed: isUnsaid = true
      }
    }
    if isUnsaid { return .undecided("the answers do not say what was granted") }
    if tests == 0, let why = subject.missingAnswers { return .undecided(why) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(_ raised: RaisedGrants, _ subject: Subject) -> Finding {
    let isOwn = subject.direction == .outbound
    var evidence = [
      Evidence(raised.first, "200 OK grants more than was asked")
    ]
    if raised.count > 1 {
      evidence.append(
        Evidence(
          raised.last, "200 OK grants \(raised.grantedSeconds) s for \(raised.requestedSeconds) s"))
    }
    return subject.finding(
      Self.summary, from: raised.first.time, to: raised.last.time,
      summary: """
        \(subject.name) asks for \(raised.requestedSeconds) s and is granted \
        \(raised.grantedSeconds) s, \(Wording.times(raised.count))
        """,
      explanation: """
        \(Wording.agent(raised.userAgent)) at \(raised.source) wanted a shorter registration than \
        it got. When it goes away without a word the account stays registered for up to \
        \(raised.grantedSeconds) s, and calls to it are lost for that long.
        """,
      remedy: isOwn
        ? """
        Set SS_SIP_USER_AGENT_EXPIRE of this registration to \(raised.grantedSeconds) or to \
        negotiation, or have the upstream grant what is asked.
        """
        : """
        Let the registrar grant what is asked, or refuse it with 423 and Min-Expires; on the \
        device ask for the time the registrar wants (\(raised.grantedSeconds) s).
        """,
      parameter: isOwn
        ? ParameterComparison("SS_SIP_USER_AGENT_EXPIRE", observed: "\(raised.requestedSeconds)")
        : nil,
      evidence: evidence, count: raised.count)
  }
}
