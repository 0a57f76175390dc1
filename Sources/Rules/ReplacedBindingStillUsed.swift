import Capture
import Decode
public import Parameters
import Registrations

/// The switch sends calls or probes to a Contact that another registration has replaced.
public enum ReplacedBindingStillUsed: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "replaced-binding-still-used", level: .error,
    title: "Calls or probes still go to a Contact that was replaced",
    explanation: """
      Another device's registration replaced a binding, and the switch goes on sending INVITE, \
      OPTIONS or other requests outside of dialogs to the old Contact: calls ring at a device \
      that no longer owns the account.

      Does not fire for requests within a call or subscription that is still up, nor where the \
      old device has registered again.

      Undecided for requests so close after the replacement that they may have crossed it, and \
      where the registrar lists several Contacts side by side.
      """,
    needs: "a replacement, and requests to the old or the new Contact",
    source: "RFC 3261 10.3; VOS3000 Registration Replace",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE"], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .severalBindings, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let uses = subject.account.replacedUses
    let found = uses.compactMap { finding($0, subject) }
    if !uses.isEmpty, let doubt = subject.doubtOfReplacement { return .undecided(doubt) }
    if !found.isEmpty { return .violated(found) }
    if !uses.isEmpty {
      return .undecided("requests to the old Contact may have crossed the replacement")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return tests(subject) > 0 ? .held(tests: tests(subject)) : .notObserved
  }

  /// Replacements after which a request was sent to the account at all.
  private static func tests(_ subject: Subject) -> Int {
    guard subject.bindings.count > 1 else { return 0 }
    return subject.bindings.enumerated().count { index, old in
      old.binding.end == .replaced
        && subject.bindings[(index + 1)...].contains { $0.flow?.requests ?? 0 > 0 }
    }
  }

  private static func finding(_ use: ReplacedUse, _ subject: Subject) -> Finding? {
    guard let first = use.first, let last = use.last else { return nil }
    let change = subject.account.changes.kept.last { $0.moment.time == use.replaced }
    let new = change.map { "\($0.next.source) (\(Wording.agent($0.next.userAgent)))" }
    var summary = """
      \(subject.name): \(Wording.count(use.requests, "request")) went to \(use.source) after its \
      binding was replaced
      """
    if use.invites > 0 { summary += ", \(Wording.count(use.invites, "call")) among them" }
    var evidence = use.firstInvite.map { [Evidence($0, "INVITE to \(use.source)")] } ?? []
    evidence.append(Evidence(first, "request to \(use.source)"))
    if let change {
      evidence.append(Evidence(change.moment, "200 OK: replaces \(use.source)"))
    }
    evidence.append(Evidence(last, "last request to \(use.source)"))
    return subject.finding(
      Self.summary, from: first.time, to: last.time, summary: summary,
      explanation: """
        \(new ?? "Another device") took the account's binding over, \
        \(Wording.span(first.time - use.replaced)) before the switch sent the first of these \
        requests to the old Contact. \(consequence(use))
        """,
      remedy: """
        Remove the old registration of \(use.source) on the switch by hand, and look whether the \
        switch holds that address elsewhere (a static gateway or a second account). If it happens \
        at every replacement, restart its registration service and report it to the vendor.
        """,
      parameter: subject.inbound(
        ParameterComparison("SS_ENDPOINT_REGISTER_REPLACE", observed: "On")),
      evidence: evidence.uniqued, count: use.requests)
  }

  private static func consequence(_ use: ReplacedUse) -> String {
    use.invites > 0
      ? "Calls ring at the old device, or are lost, and do not reach the new one."
      : "The switch still holds the old Contact; a call may be sent there."
  }
}
