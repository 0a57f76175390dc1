import Capture
import Decode
public import Parameters
import Registrations

/// A device is refused because another one holds the account's binding.
public enum ReplaceRefused: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "replace-refused", level: .error,
    title: "A REGISTER from a new place is refused while the old binding is valid",
    explanation: """
      A REGISTER with right credentials comes from another address or port than the account's \
      valid binding and is refused with 4xx or 5xx: the registrar keeps the first device until \
      its binding runs out (SS_ENDPOINT_REGISTER_REPLACE Off). If the first device is dead, the \
      account cannot be reached until then.

      Does not fire for a challenge (401, 407), for 423, for answers that blame the REGISTER \
      itself, nor where the holder of the binding is refused the same way.

      Undecided for a 403 to a device that was never accepted, which may have a wrong password, \
      and for a 5xx while nobody shows that the registrar works.
      """,
    needs: "a refusal while another binding is valid",
    source: "VOS3000 Registration Replace; RFC 3261 10.3",
    parameters: ["SS_ENDPOINT_REGISTER_REPLACE", "SS_ENDPOINT_EXPIRE"])

  /// What it looks at.
  public static let scope = Scope([.failures, .changes, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let readings = NewcomerReading.all(in: subject)
    let refused = readings.filter { $0.doubt == nil }
    if !refused.isEmpty { return .violated(refused.compactMap { finding($0, subject, profile) }) }
    if let doubt = readings.first?.doubt { return .undecided(doubt) }
    if let why = subject.missingAnswers { return .undecided(why) }
    let accepted = subject.account.changes.kept.count { $0.kind == .replaced || $0.kind == .moved }
    return accepted > 0 ? .held(tests: accepted) : .notObserved
  }

  private static func finding(
    _ reading: NewcomerReading, _ subject: Subject, _ profile: Profile
  ) -> Finding? {
    let (series, holder) = (reading.series, reading.holder)
    guard let first = series.first, let last = series.last else { return nil }
    let count = series.attempts.total
    let isDead = isDead(holder, since: first.request.time, subject)
    var evidence = [
      Evidence(holder.refreshed, "200 OK to \(holder.source): the binding that is kept"),
      Evidence(first.request, "REGISTER from \(series.source)"),
    ]
    if let answer = first.answer { evidence.append(Evidence(answer, "\(first.status): refused")) }
    if count > 1, let answer = last.answer {
      evidence.append(Evidence(answer, "\(last.status): refused for the last time"))
    }
    if let success = series.success { evidence.append(Evidence(success, "accepted at last")) }
    let left = max(holder.expires - last.request.time, .zero)
    return subject.finding(
      // While the holder's device answers, calls reach the account: only the last refusal is known.
      Self.summary, from: first.request.time,
      to: series.success?.time ?? (isDead ? nil : last.answer?.time),
      summary: """
        \(subject.name) cannot register from \(series.source): \(holder.source) holds the \
        binding\(isDead ? " and does not answer" : "") (\(series.status), \(Wording.times(count)))
        """,
      explanation: """
        \(Wording.agent(series.userAgent)) at \(series.source) was refused with \
        \(series.status) \(series.reason) while the binding of \(owner(holder)) was valid. \
        \(consequence(isDead, left))\(series.success == nil ? "" : " Then it was accepted.")
        """,
      remedy: remedy(isDead, holder, subject.direction),
      parameter: subject.inbound(
        ParameterComparison(
          "SS_ENDPOINT_REGISTER_REPLACE",
          configured: profile.isOn(.endpointRegisterReplace).map { $0 ? "On" : "Off" },
          observed: "Off", recommended: "On")),
      evidence: evidence, count: count)
  }

  private static func owner(_ holder: BindingHolder) -> String {
    holder.isSameDevice
      ? "its own old place \(holder.source)"
      : "\(Wording.agent(holder.userAgent)) at \(holder.source)"
  }

  private static func consequence(_ isDead: Bool, _ left: Duration) -> String {
    isDead
      ? """
      The old one does not answer any more: the account cannot be reached until its binding runs \
      out, \(Wording.span(left)) after the last attempt.
      """
      : "The registrar keeps the first binding until it runs out, \(Wording.span(left)) after the last attempt."
  }

  private static func remedy(
    _ isDead: Bool, _ holder: BindingHolder, _ direction: Direction
  ) -> String {
    if direction == .outbound {
      return """
        Ask the provider to remove the binding of \(holder.source), or to let a new registration \
        take the place of the old one; use the account in one place only.
        """
    }
    let release = "To let it in at once, remove the binding of \(holder.source) on the switch."
    return """
      Set SS_ENDPOINT_REGISTER_REPLACE to On if a new device may take over (it applies to all \
      accounts). \(release)\(isDead ? "" : " If both devices are in use, give each an account of its own.")
      """
  }

  /// Whether the holder's device did not answer while the other one was refused.
  private static func isDead(
    _ holder: BindingHolder, since time: Timestamp, _ subject: Subject
  ) -> Bool {
    subject.outages.contains { reading in
      guard reading.binding.source == holder.source, reading.to.map({ $0 > time }) ?? true else {
        return false
      }
      switch reading.cause {
      case .notHeardAgain, .restarted, .moved, .pinholeLost: return true
      default: return false
      }
    }
  }
}
