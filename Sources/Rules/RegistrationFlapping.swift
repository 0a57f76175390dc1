import Capture
public import Parameters
import Registrations

/// An account's registration comes and goes, or changes hands, again and again.
public enum RegistrationFlapping: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registration-flapping", level: .error,
    title: "The account's registration changes hands or comes and goes again and again",
    explanation: """
      FLAPPING_CHANGES changes or more within FLAPPING_WINDOW. Three causes are told apart: \
      contest (two or more devices replace one another), toggle (one device registers and \
      removes itself, or lapses and comes back), move (one device whose address keeps changing). \
      A replacement, a move, a removal, a return and a lapse with its return count one each.

      Does not fire for a device behind a NAT whose port changes, for a single move or a \
      restart, nor for two devices that the registrar lists side by side.
      """,
    needs: "changes of who holds the binding",
    source: "RFC 3261 10.3; VOS3000 Registration Replace",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "FLAPPING_CHANGES", "FLAPPING_WINDOW"])

  /// What it looks at.
  public static let scope = Scope([.changes, .lapses, .unaccepted], otherwise: .acceptedAgain)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let episodes = FlappingEpisode.all(
      in: subject.account.changes, changes: profile.count(.flappingChanges),
      window: profile.seconds(.flappingWindow))
    if !episodes.isEmpty {
      return .violated(episodes.map { finding($0, subject, profile) })
    }
    let doubtful = subject.bindings.reduce(0) { count, observed in
      count
        + observed.binding.lapses.kept.count {
          $0.grantSource == .request || $0.grantSource == .assumed
        }
    }
    if doubtful >= profile.count(.flappingChanges) {
      return .undecided("the answers do not say what was granted")
    }
    if isCutShort(subject, profile) {
      return .undecided("the capture ends while changes come close together")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return subject.account.accepted > 1
      ? .held(tests: subject.account.accepted - 1) : .notObserved
  }

  /// One more change would have been enough, and its time was not over.
  private static func isCutShort(_ subject: Subject, _ profile: Profile) -> Bool {
    let window = profile.seconds(.flappingWindow)
    let recent = subject.account.changes.kept.filter {
      subject.capture.end - $0.moment.time < window
    }
    return recent.count >= profile.count(.flappingChanges) - 1
  }

  private static func finding(
    _ episode: FlappingEpisode, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let first = episode.changes[0]
    let last = episode.changes[episode.changes.count - 1]
    let span = last.moment.time - first.since
    let perHour = Int((Double(episode.total) * 3600 / max(span.inSeconds, 1)).rounded())
    let policy = profile.isOn(.endpointRegisterReplace).map { $0 ? "On" : "Off" }
    return subject.finding(
      Self.summary, from: first.since, to: last.moment.time,
      summary: """
        \(subject.name) \(episode.what) \(episode.total) times in \(Wording.span(span)) \
        (\(perHour) per hour)
        """,
      explanation: episode.story + driver(episode), remedy: episode.remedy(subject.direction),
      parameter: episode.cause == .contest
        ? subject.inbound(
          ParameterComparison("SS_ENDPOINT_REGISTER_REPLACE", configured: policy, observed: "On"))
        : nil,
      evidence: episode.evidence, count: episode.total)
  }

  /// Whose refresh interval drives it.
  private static func driver(_ episode: FlappingEpisode) -> String {
    guard episode.cause == .contest, let median = episode.medianGap, median >= 0.1 else {
      return ""
    }
    return """
       Each takes over when its own refresh is due: every \
      \(Wording.span(.milliseconds(Int64(median * 1000)))) on average.
      """
  }
}
