import Capture
public import Parameters
import Registrations

/// Several devices are registered for one account side by side.
public enum DuplicateRegistration: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "duplicate-registration", level: .notice,
    title: "Two or more devices are registered for one account at once",
    explanation: """
      The registrar keeps the Contacts of different devices for one account: calls ring at all of \
      them. That is wanted for a desk phone and a softphone, and worth knowing otherwise.

      Devices are told apart by their instance, else by Call-ID, user agent and address, and by \
      both being refreshed or heard side by side. Does not fire for one device with several \
      transports or flows, for a device that left its old Contact behind, nor for one that \
      replaced the other.

      Undecided when the capture ends before the older one is heard again.
      """,
    needs: "two bindings of one account", source: "RFC 3261 10.3; RFC 5626 3.1",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "INTERVAL_TOLERANCE_FLOOR"])

  /// What it looks at.
  public static let scope = Scope([.severalBindings, .unaccepted], otherwise: .acceptedAgain)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let pairs = SideBySide.List(subject, profile)
    if pairs.count > 0 { return .violated([finding(pairs, subject)]) }
    if let doubt = pairs.doubt { return .undecided(doubt) }
    if let why = subject.missingAnswers { return .undecided(why) }
    return subject.account.accepted > 1
      ? .held(tests: subject.account.accepted - 1) : .notObserved
  }

  private static func finding(_ pairs: SideBySide.List, _ subject: Subject) -> Finding {
    let end = subject.capture.end
    let names = pairs.names
    let count = names.count
    let shown = count > 4 ? names.prefix(4) + ["\(count - 4) more"] : names[...]
    return subject.finding(
      Self.summary,
      episodes: pairs.spans.spans.map { Episode(from: $0.from, to: $0.to < end ? $0.to : nil) },
      summary: "\(subject.name) is registered by \(count) devices at once",
      explanation: """
        The registrar keeps them side by side: \(Wording.list(Array(shown))). A call rings at \
        each of them.
        """,
      remedy: """
        Nothing, if this is wanted. Otherwise take the account out of the device that should not \
        have it, or change its password.\
        \(subject.direction == .inbound ? " SS_ENDPOINT_REGISTER_REPLACE keeps one device only." : "")
        """,
      evidence: evidence(pairs.first), count: count)
  }

  private static func evidence(_ pairs: [SideBySide]) -> [Evidence] {
    var list: [Evidence] = []
    for pair in pairs {
      for binding in [pair.older.binding, pair.newer.binding] {
        list.append(Evidence(binding.from, "200 OK to \(binding.source)"))
      }
    }
    return list.uniqued
  }
}
