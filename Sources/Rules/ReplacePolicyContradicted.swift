import Capture
public import Parameters
import Registrations

/// A second registration fares otherwise than SS_ENDPOINT_REGISTER_REPLACE says.
public enum ReplacePolicyContradicted: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "replace-policy-contradicted", level: .warning,
    title: "A second registration fares otherwise than the replace policy says",
    explanation: """
      The profile says that SS_ENDPOINT_REGISTER_REPLACE is On, and a second device was refused, \
      or both were kept; or it says Off, and a second device was accepted while the first binding \
      was valid. Or accounts of one switch show different policies in turns, though the parameter \
      is one for all of them; that is one finding without an account.

      Does not fire for one device that moves or has several Contacts, nor for registrations of \
      the switch at another server.

      Undecided where a refusal may have another reason, a second Contact may be the same device, \
      or the policies follow one another, so that the parameter may have been changed.
      """,
    needs: "a second registration while a binding is valid",
    source: "VOS3000 Registration Replace (SS_ENDPOINT_REGISTER_REPLACE)",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "INTERVAL_TOLERANCE_FLOOR"])

  /// What it looks at.
  public static let scope = Scope([.severalBindings, .failures, .changes, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .inbound, let isOn = profile.isOn(.endpointRegisterReplace) else {
      return .notObserved
    }
    let list = ReplacePolicyReading.List(subject, profile)
    let events = [list.tallies[.none], list.tallies[isOn ? .off : .on]].compactMap(\.self)
    if let finding = finding(events, isOn, subject) { return .violated([finding]) }
    if let why = list.doubtOfKeeping ?? (isOn ? list.doubtOfRefusal : nil) {
      return .undecided(why)
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = list.tallies[isOn ? .on : .off]?.count ?? 0
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ events: [ReplacePolicyReading.Tally], _ isOn: Bool, _ subject: Subject
  ) -> Finding? {
    let ends = events.flatMap { [$0.earliest, $0.latest] }.sorted { $0.from < $1.from }
    guard let first = ends.first, let last = ends.last else { return nil }
    let count = events.reduce(0) { $0 + $1.count }
    let word = isOn ? "On" : "Off"
    let meaning =
      isOn ? "a new registration replaces the live one" : "a new registration is refused"
    return subject.finding(
      Self.summary, from: first.from, to: last.from,
      summary: "\(subject.name): \(first.what), though SS_ENDPOINT_REGISTER_REPLACE is \(word)",
      explanation: """
        With SS_ENDPOINT_REGISTER_REPLACE \(word) \(meaning). \
        \(first.policy == .none ? "Here the registrar keeps several devices side by side." : "Here it behaves as with \(first.policy.rawValue).") \
        The parameter is one for all accounts.
        """,
      remedy: """
        Look up SS_ENDPOINT_REGISTER_REPLACE on the switch and put its value into the profile; \
        set it to \(word) if that is what you want.\
        \(first.policy == .none ? " A registrar that keeps both is not this switch, or another release of it." : "")
        """,
      parameter: ParameterComparison(
        "SS_ENDPOINT_REGISTER_REPLACE", configured: word, observed: first.policy.rawValue,
        recommended: nil),
      evidence: (first.evidence + (count > 1 ? last.evidence : [])).uniqued,
      count: count)
  }
}
