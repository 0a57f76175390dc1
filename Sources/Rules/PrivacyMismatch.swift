import Capture
import Decode
public import Parameters
import Registrations

/// The switch asks an upstream for another privacy than it is configured to, or now for one, now
/// for another.
public enum PrivacyMismatch: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "privacy-mismatch", level: .warning,
    title: "The Privacy header of outbound registrations is not the configured one",
    explanation: """
      A REGISTER of the switch at an upstream carries a Privacy header other than \
      SS_SIP_USER_AGENT_PRIVACY says: id for Id, none for None, no such header for Ignore, which \
      is the documented default. Where the header varies from one REGISTER to the next at least \
      one of them is wrong.

      Letter case and blanks in the header do not matter. Does not fire for devices that register \
      at the switch.

      Undecided where the snap length cuts the headers off, or the REGISTERs are not in the capture.
      """,
    needs: "a REGISTER of the switch at an upstream",
    source: "SIP Outbound Registration Parameters; SIP Privacy Header; RFC 3323 4.2; RFC 3325 9.3",
    parameters: [name])

  private static let name = "SS_SIP_USER_AGENT_PRIVACY"

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound,
      let configured = profile.entry(named: name)?.value?.description
    else { return .notObserved }
    let account = subject.account
    guard account.requests > 0 else {
      return account.answersWithoutRequest > 0
        ? .undecided("the REGISTERs are not in the capture") : .notObserved
    }
    let wanted = configured == "Ignore" ? "" : Self.folded(configured)
    let uses = uses(of: subject)
    let wrong = uses.filter { use in use.value.map { folded($0) != wanted } ?? false }
    if !wrong.isEmpty {
      return .violated([finding(wrong, uses, configured, subject, profile)])
    }
    if uses.contains(where: { $0.value == nil }) {
      return .undecided("the headers of REGISTERs are cut off by the snap length")
    }
    return .held(tests: account.requests)
  }

  /// One kind of header the REGISTERs carried.
  private struct Use {
    /// `nil` where it was cut off.
    var value: String?
    var first: Moment
    var last: Moment
    var count: Int
  }

  /// What the device that registered last carried; a single kind where it never had the header.
  private static func uses(of subject: Subject) -> [Use] {
    let account = subject.account
    let seen = account.privacies.filter { $0.source == account.source.address }
    guard !seen.isEmpty else {
      let first =
        subject.bindings.first { !$0.binding.isOnlyListed }?.binding.fromRequest
        ?? subject.failureSeries.first?.first?.request ?? account.firstSeen
      return [Use(value: "", first: first, last: account.lastSeen, count: account.requests)]
    }
    let others = seen.reduce(0) { $0 + ($1.value == "" ? 0 : $1.count) }
    return seen.map {
      Use(
        value: $0.value, first: $0.first, last: $0.last,
        // Those before the first with a header were not counted.
        count: $0.value == "" ? max($0.count, account.requests - others) : $0.count)
    }
  }

  /// A value without what makes no difference (RFC 3261 7.3.1).
  private static func folded(_ value: String) -> String {
    value.lowercased().filter { !$0.isWhitespace }
  }

  private static func words(_ use: Use) -> String {
    guard let value = use.value, !value.isEmpty else { return "no Privacy header" }
    return "Privacy: \(value)"
  }

  private static func finding(
    _ wrong: [Use], _ uses: [Use], _ configured: String, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let told = uses.filter { $0.value != nil }
    let isMixed = Set(told.compactMap(\.value).map(folded)).count > 1
    let first = wrong.min { $0.first.time < $1.first.time } ?? wrong[0]
    let end = told.max { $0.last.time < $1.last.time }
    let isOver = !wrong.contains { $0.last.time == end?.last.time }
    let seen = Wording.list(told.map(words))
    let isSet = profile.entry(named: name)?.source != .documented
    return subject.finding(
      Self.summary, from: first.first.time,
      to: isOver ? wrong.map(\.last.time).max() : nil,
      summary: """
        \(subject.name) registers at \(subject.account.registrar) with \
        \(isMixed ? "changing headers: \(seen)" : seen); \(name) is \(configured)
        """,
      explanation: """
        \(configured == "Ignore" ? "With Ignore the switch sends no Privacy header." : "With \(configured) the switch sends Privacy: \(folded(configured)).") \
        "id" asks the upstream to withhold the caller's number, "none" not to. An upstream that \
        gets another header than agreed may refuse the registration, or hide a number that should \
        be shown.
        """,
      remedy: """
        Look up \(name) on the switch: set it to what the upstream asks for\
        \(isSet ? "" : ", and put its value into the profile"). If it is \(configured), another \
        program registers this account from \(subject.account.source.address), or something on the \
        way changes the header.
        """,
      parameter: ParameterComparison(
        name, configured: configured, observed: isMixed ? "changing" : observed(wrong[0])),
      evidence: evidence(wrong, told), count: wrong.reduce(0) { $0 + $1.count })
  }

  /// What the parameter would have to be for such headers.
  private static func observed(_ use: Use) -> String {
    switch folded(use.value ?? "") {
    case "": "Ignore"
    case "id": "Id"
    case "none": "None"
    default: use.value ?? ""
    }
  }

  private static func evidence(_ wrong: [Use], _ told: [Use]) -> [Evidence] {
    var list: [Evidence] = []
    for use in told {
      list.append(Evidence(use.first, "REGISTER with \(words(use))"))
      let isWrong = wrong.contains { $0.first == use.first }
      if isWrong, use.count > 1, use.last.time > use.first.time, use.value != "" {
        list.append(Evidence(use.last, "the last REGISTER with \(words(use))"))
      }
    }
    return list.uniqued
  }
}
