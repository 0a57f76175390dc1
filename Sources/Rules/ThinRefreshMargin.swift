import Capture
public import Parameters
import Registrations

/// Refreshes come so late that one lost transaction lets the binding lapse.
public enum ThinRefreshMargin: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "thin-refresh-margin", level: .notice,
    title: "Refreshes come less than Timer F before the expiry",
    explanation: """
      THIN_MARGIN_RUN refreshes in a row begin less than TRANSACTION_TIMEOUT before the granted \
      time runs out: when one is lost, the client learns of it only after the binding has lapsed.

      Does not fire where the granted time itself is under twice that, which leaves no choice, \
      nor for single late refreshes.

      Undecided when the capture ends within such a row.
      """,
    needs: "several refreshes of one binding", source: "RFC 3261 10.2.4, 17.1.2.2 (Timer F)",
    parameters: ["TRANSACTION_TIMEOUT", "THIN_MARGIN_RUN"])

  /// What it looks at.
  public static let scope = Scope([.thinMargin, .unaccepted], otherwise: .refreshes)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let enough = profile.count(.thinMarginRun)
    var found: [Finding] = []
    var isCutShort = false
    var tests = 0
    for observed in subject.bindings {
      let binding = observed.binding
      tests += binding.refreshes
      guard let row = binding.thinMargin else { continue }
      if row.longest >= enough {
        found.append(finding(row, binding, subject))
      } else if row.isRunning, binding.end == nil || binding.end == .unknown {
        isCutShort = true
      }
    }
    if !found.isEmpty { return .violated(found) }
    if isCutShort { return .undecided("the capture ends within a row of late refreshes") }
    if tests == 0, let why = subject.missingAnswers { return .undecided(why) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  private static func finding(
    _ row: ThinMargins, _ binding: Binding, _ subject: Subject
  ) -> Finding {
    subject.finding(
      Self.summary, from: row.from.time, to: row.to.time,
      summary: """
        \(subject.name) refreshes only \(Wording.span(row.shortest)) before its \
        \(row.grantedSeconds) s are over
        """,
      explanation: """
        \(Wording.agent(binding.userAgent)) at \(binding.source) refreshed \
        \(Wording.times(row.longest)) in a row so late. A lost REGISTER is known to be lost after \
        32 s (Timer F): by then the binding would be gone and calls to it fail.
        """,
      remedy: """
        Have the device refresh at half of the granted time \
        (\(Wording.span(.seconds(Int64(row.grantedSeconds / 2))))) or at least a minute before the end.
        """,
      evidence: [
        Evidence(row.from, "200 OK, first late refresh of the row"),
        Evidence(row.to, "200 OK, last late refresh of the row"),
      ].uniqued, count: row.longest)
  }
}
