import Capture
public import Parameters
import Registrations

/// A call is cut off because another registration replaced the binding it ran on.
public enum CallDroppedByReregistration: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "call-dropped-by-reregistration", level: .warning,
    title: "A call was cut off when another device registered the account",
    explanation: """
      An answered call runs on a binding that another device's registration replaces, and the \
      switch sends BYE within CALL_DROP_WINDOW although no party has hung up. That is documented \
      behaviour of SS_ENDPOINT_REGISTER_REPLACE On, but the caller was cut off.

      Does not fire where a party on either leg hung up first, nor for a BYE long after the \
      replacement.

      Undecided where the other leg of the call cannot be found: its party may have hung up. Legs \
      with different Call-IDs are joined by both numbers and the time of their INVITEs.
      """,
    needs: "a call that is up while its binding is replaced",
    source: "VOS3000 Registration Replace; RFC 3261 15",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "CALL_DROP_WINDOW"])

  /// What it looks at.
  public static let scope = Scope(.rareFacts)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.account.hasCalls else { return .notObserved }
    let window = profile.seconds(.callDropWindow)
    let calls = subject.account.replacedCalls.kept
    let prompt = calls.filter { call in
      call.ended.map { $0.time <= call.replaced.time + window } ?? false
    }
    let dropped = prompt.filter { $0.outcome == .released }
    if !calls.isEmpty, let doubt = subject.doubtOfReplacement { return .undecided(doubt) }
    if !dropped.isEmpty { return .violated([finding(dropped, subject)]) }
    if prompt.contains(where: { $0.outcome == .releasedWithoutOtherLeg }) {
      return .undecided("the other leg of the call is not known: its party may have hung up")
    }
    let isCutShort = calls.contains {
      $0.outcome == .open && $0.replaced.time + window > subject.capture.end
    }
    if isCutShort { return .undecided("the capture ends right after the replacement") }
    return calls.isEmpty ? .notObserved : .held(tests: calls.count)
  }

  private static func finding(_ dropped: [ReplacedCall], _ subject: Subject) -> Finding {
    let count = dropped.count
    let first = dropped[0]
    let policy = """
      ; with SS_ENDPOINT_REGISTER_REPLACE Off the switch keeps the first device and its call instead.
      """
    let ended = first.ended ?? first.replaced
    let change = subject.account.changes.kept.last { $0.moment == first.replaced }
    let new = change.map { "\($0.next.source) (\(Wording.agent($0.next.userAgent)))" }
    var evidence = [
      Evidence(first.answered, "200 OK: the call is up"),
      Evidence(first.replaced, "200 OK to REGISTER: replaces \(first.source)"),
      Evidence(ended, "BYE of the switch to \(first.source)"),
    ]
    if let other = first.otherLegReleased {
      evidence.append(Evidence(other, "BYE of the switch to the other party"))
    }
    return subject.finding(
      Self.summary,
      episodes: dropped.map { Episode(from: $0.replaced.time, to: ($0.ended ?? $0.replaced).time) },
      summary: """
        \(subject.name): \(Wording.count(count, "call")) cut off when \(new ?? "another device") \
        registered
        """,
      explanation: """
        The call with \(first.source) had been up for \
        \(Wording.span(first.replaced.time - first.answered.time)) when its binding was \
        replaced. \(Wording.span(ended.time - first.replaced.time)) later the switch sent BYE; \
        nobody had hung up.
        """,
      remedy: """
        Give each device an account of its own. Where one account must move between devices, \
        register the second only while no call is up\
        \(subject.direction == .inbound ? policy : ".")
        """,
      parameter: subject.inbound(
        ParameterComparison("SS_ENDPOINT_REGISTER_REPLACE", observed: "On")),
      evidence: evidence.uniqued, count: count)
  }
}
