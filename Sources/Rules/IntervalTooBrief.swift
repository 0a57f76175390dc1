import Capture
public import Parameters
import Registrations

/// A client does not do what a 423 tells it.
public enum IntervalTooBrief: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "interval-too-brief", level: .warning,
    title: "423 Interval Too Brief, and the client does not ask for what the registrar wants",
    explanation: """
      A REGISTER is refused with 423 and a Min-Expires, and the client asks again for less, does \
      not come back within TRANSACTION_TIMEOUT, or has forgotten the value at its next refresh \
      under the same Call-ID and is refused anew.

      Does not fire for one 423 after which the client asks for enough: that is how the time is \
      negotiated.

      Undecided when the capture ends right after the 423, or when the 423 names no Min-Expires \
      that the client could follow.
      """,
    needs: "a 423 to REGISTER", source: "RFC 3261 10.2.8, 21.4.17, 20.23",
    parameters: ["TRANSACTION_TIMEOUT"])

  /// What it looks at.
  public static let scope = Scope(.failures)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let series = subject.failureSeries.filter { $0.kind == .tooBrief }
    var found: [Finding] = []
    var forgotten: [FailureSeries] = []
    var why: String?
    for (index, one) in series.enumerated() {
      if isForgotten(one, among: series[..<index]) {
        forgotten.append(one)
      } else if one.briefAgain > 0 {
        found += finding([one], .repeated, subject)
      } else if one.minExpires == nil, one.success == nil {
        why = "the 423 does not say what the registrar wants"
      } else if one.success == nil {
        if one.mayMissSuccess {
          why = "the answer to a later REGISTER is not in the capture"
        } else if isCutShort(one, subject, profile) {
          why = "the capture ends right after the 423"
        } else {
          found += finding([one], .gaveUp, subject)
        }
      }
    }
    found += finding(forgotten, .forgotten, subject)
    if !found.isEmpty { return .violated(found) }
    if let why { return .undecided(why) }
    return series.isEmpty ? .notObserved : .held(tests: series.count)
  }

  private enum Fault {
    case repeated
    case forgotten
    case gaveUp
  }

  /// The same client, not restarted, was told before.
  private static func isForgotten(
    _ series: FailureSeries, among earlier: ArraySlice<FailureSeries>
  ) -> Bool {
    earlier.contains {
      $0.isSameCallID(as: series) && $0.success != nil
        && (series.requestedSeconds ?? 0) < $0.minExpires ?? 0
    }
  }

  private static func isCutShort(
    _ series: FailureSeries, _ subject: Subject, _ profile: Profile
  ) -> Bool {
    guard let last = series.last else { return true }
    return last.request.time + profile.seconds(.transactionTimeout) > subject.capture.end
  }

  private static func finding(
    _ list: [FailureSeries], _ fault: Fault, _ subject: Subject
  ) -> [Finding] {
    guard let series = list.last, let first = list.first?.first, let last = series.last else {
      return []
    }
    let count = list.reduce(0) { $0 + $1.attempts.total }
    let asked = series.requestedSeconds.map { "\($0) s" } ?? "no time"
    let wanted = series.minExpires.map { "\($0) s" } ?? "more"
    var evidence = [Evidence(first.request, "REGISTER asks for too little")]
    if let answer = first.answer { evidence.append(Evidence(answer, "423, wants \(wanted)")) }
    if count > 1, let answer = last.answer {
      evidence.append(Evidence(last.request, "REGISTER asks for \(asked)"))
      evidence.append(Evidence(answer, "423 for the last time"))
    }
    if let success = series.success { evidence.append(Evidence(success, "registered at last")) }
    let remedy =
      subject.direction == .outbound
      ? "Set SS_SIP_USER_AGENT_EXPIRE of this registration to \(wanted) or more."
      : "Set the registration period on the device to \(wanted) or more."
    return [
      subject.finding(
        Self.summary, episodes: list.compactMap(episode),
        summary: """
          \(subject.name) asks for \(asked), the registrar wants at least \(wanted): refused with \
          423 \(Wording.times(count))
          """,
        explanation: """
          \(Wording.agent(series.userAgent)) at \(series.source) \(story(fault)) \
          \(state(series))
          """,
        remedy: remedy,
        parameter: subject.direction == .outbound
          ? ParameterComparison(
            "SS_SIP_USER_AGENT_EXPIRE", observed: series.requestedSeconds.map { "\($0)" },
            recommended: series.minExpires.map { "\($0)" }) : nil,
        evidence: evidence, count: count)
    ]
  }

  private static func episode(_ series: FailureSeries) -> Episode? {
    guard let first = series.first else { return nil }
    return Episode(from: first.request.time, to: series.success?.time)
  }

  private static func story(_ fault: Fault) -> String {
    switch fault {
    case .repeated: "was told what the registrar wants and asked for less again."
    case .forgotten:
      "was told once before under the same Call-ID, and asked for the refused time again."
    case .gaveUp: "did not come back after the 423 with the time the registrar wants."
    }
  }

  private static func state(_ series: FailureSeries) -> String {
    if series.success != nil { return "Then it was accepted." }
    return series.othersWereRegistered || series.registeredUntil != nil
      ? "Its earlier binding was still valid, but is not refreshed this way."
      : "It has no registration while this goes on."
  }
}
