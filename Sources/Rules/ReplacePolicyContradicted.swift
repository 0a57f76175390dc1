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
      was valid.

      Does not fire for one device that moves or has several Contacts, nor for registrations of \
      the switch at another server.

      Undecided where a refusal may have another reason, or a second Contact may be the same \
      device.
      """,
    needs: "a second registration while a binding is valid",
    source: "VOS3000 Registration Replace (SS_ENDPOINT_REGISTER_REPLACE)",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "INTERVAL_TOLERANCE_FLOOR"])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .inbound, let isOn = profile.isOn(.endpointRegisterReplace) else {
      return .notObserved
    }
    let (pairs, doubt) = SideBySide.all(in: subject, profile)
    let newcomers = NewcomerReading.all(in: subject)
    let refused = newcomers.filter { $0.doubt == nil }
    let replaced = subject.account.changes.kept.filter {
      $0.kind == .replaced && !subject.account.listsSeveral
    }
    var events = pairs.map(kept)
    events += isOn ? refused.compactMap(Self.refused) : replaced.map(accepted)
    if !events.isEmpty { return .violated([finding(events, isOn, subject)]) }
    if let why = doubt ?? (isOn ? newcomers.first?.doubt : nil) { return .undecided(why) }
    if let why = subject.missingAnswers { return .undecided(why) }
    let tests = isOn ? replaced.count : refused.count
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// One second registration that fared otherwise.
  private struct Event {
    var time: Timestamp
    var what: String
    var policy: String
    var evidence: [Evidence]
  }

  private static func kept(_ pair: SideBySide) -> Event {
    let (old, new) = (pair.older.binding, pair.newer.binding)
    return Event(
      time: pair.from, what: "\(new.holderName) was accepted and \(old.holderName) kept",
      policy: "none",
      evidence: [
        Evidence(old.from, "200 OK to \(old.source)"),
        Evidence(new.from, "200 OK to \(new.source)"),
      ])
  }

  private static func refused(_ reading: NewcomerReading) -> Event? {
    guard let first = reading.series.first else { return nil }
    let series = reading.series
    var evidence = [Evidence(reading.holder.refreshed, "200 OK to \(reading.holder.source)")]
    if let answer = first.answer {
      evidence.append(Evidence(answer, "\(series.status) to \(series.source)"))
    }
    return Event(
      time: first.request.time,
      what:
        "\(series.source) was refused (\(series.status)) while \(reading.holder.source) was kept",
      policy: "Off", evidence: evidence)
  }

  private static func accepted(_ change: OwnershipChange) -> Event {
    Event(
      time: change.moment.time,
      what: "\(change.next.source) was accepted in the place of \(change.previous.source)",
      policy: "On",
      evidence: [Evidence(change.moment, "200 OK: replaces \(change.previous.source)")])
  }

  private static func finding(_ events: [Event], _ isOn: Bool, _ subject: Subject) -> Finding {
    let sorted = events.sorted { $0.time < $1.time }
    let (first, last) = (sorted[0], sorted[sorted.count - 1])
    let word = isOn ? "On" : "Off"
    let meaning =
      isOn ? "a new registration replaces the live one" : "a new registration is refused"
    return subject.finding(
      Self.summary, from: first.time, to: last.time,
      summary: "\(subject.name): \(first.what), though SS_ENDPOINT_REGISTER_REPLACE is \(word)",
      explanation: """
        With SS_ENDPOINT_REGISTER_REPLACE \(word) \(meaning). \
        \(first.policy == "none" ? "Here the registrar keeps several devices side by side." : "Here it behaves as with \(first.policy).") \
        The parameter is global: other accounts fare the same.
        """,
      remedy: """
        Look up SS_ENDPOINT_REGISTER_REPLACE on the switch and put its value into the profile; \
        set it to \(word) if that is what you want.\
        \(first.policy == "none" ? " A registrar that keeps both is not this switch, or another release of it." : "")
        """,
      parameter: ParameterComparison(
        "SS_ENDPOINT_REGISTER_REPLACE", configured: word, observed: first.policy,
        recommended: nil),
      evidence: (first.evidence + (sorted.count > 1 ? last.evidence : [])).uniqued,
      count: sorted.count)
  }
}
