import Capture
import Decode
public import Parameters
import Registrations

/// A device sends its REGISTER again and again and nobody answers.
public enum RegisterUnanswered: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "register-unanswered", level: .error,
    title: "REGISTER gets no answer through its whole retransmission ladder",
    explanation: """
      A REGISTER is retransmitted (REGISTER_LADDER_COPIES or more) and 32 s after the first \
      transmission no answer has come, or ICMP errors came back. Says whether the registrar \
      answered other devices at that time: then it is this device's path, address or account, \
      else the registrar or the path to it.

      The retransmissions are the proof, so that a capture of one direction cannot deceive. A \
      lone REGISTER without answer is undecided: its client got an answer the capture lacks, or \
      gave up. One still younger than 32 s at the end is undecided as well.
      """,
    needs: "a REGISTER and the 32 s after it", source: "RFC 3261 17.1.2.2, 10.2.7",
    parameters: ["SS_REPLY_UNAUTHORIZED", "REGISTER_LADDER_COPIES", "TRANSACTION_TIMEOUT"])

  /// What it looks at.
  public static let scope = Scope([.failures, .unanswered], otherwise: .requests)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let series = subject.failureSeries.filter { $0.kind == .unanswered }
    let copies = profile.count(.registerLadderCopies)
    let found = series.filter { $0.longestLadder >= copies || $0.refusal != nil }
    if !found.isEmpty { return .violated(found.compactMap { finding($0, subject) }) }
    if !series.isEmpty { return .undecided("a REGISTER without answer was hardly retransmitted") }
    if subject.account.pending > 0 {
      return .undecided("the capture ends before the answer was due")
    }
    if subject.account.unknownOutcomes > 0 {
      if !subject.capture.losses.isEmpty {
        return .undecided("packets were lost when an answer to REGISTER may have come")
      }
      return .undecided("a REGISTER without answer was not retransmitted")
    }
    let answered = subject.account.requests - subject.account.unknownOutcomes
    return answered > 0 ? .held(tests: answered) : .notObserved
  }

  private static func finding(_ series: FailureSeries, _ subject: Subject) -> Finding? {
    guard let first = series.first, let last = series.last else { return nil }
    let count = series.attempts.total
    let end = series.success?.time
    let span = Wording.span((end ?? subject.capture.end) - first.request.time)
    var evidence = [
      Evidence(first.request, "REGISTER to \(series.registrar), first of its transmissions")
    ]
    if let transmission = series.lastTransmission {
      evidence.append(Evidence(transmission, "last retransmission, no answer"))
    }
    if let refusal = series.refusal {
      let words = "ICMP \(Wording.reason(refusal.reason)) from \(refusal.reporter)"
      evidence.append(Evidence(refusal.moment, words))
    }
    if count > 1 { evidence.append(Evidence(last.request, "another REGISTER without answer")) }
    if let success = series.success { evidence.append(Evidence(success, "answered at last")) }
    return subject.finding(
      Self.summary, from: first.request.time, to: end,
      summary: "\(subject.name) gets no answer to REGISTER from \(series.registrar) for \(span)",
      explanation: """
        \(Wording.count(count, "REGISTER")) from \(series.source), \
        \(count > 1 ? "each sent up to" : "sent") \(Wording.times(series.longestLadder)), got no \
        answer.\(refusal(series)) \
        \(series.othersWereAnswered ? othersAnswered : nobodyAnswered)
        """,
      remedy: remedy(series, subject.direction), evidence: evidence, count: count)
  }

  private static let othersAnswered =
    "The registrar answered other requests in that time, so it was up and this device was left out."
  private static let nobodyAnswered =
    "The capture shows no answer of the registrar to anybody in that time."

  private static func refusal(_ series: FailureSeries) -> String {
    guard let refusal = series.refusal else { return "" }
    return " \(refusal.reporter) reported \(Wording.reason(refusal.reason))."
  }

  private static func remedy(_ series: FailureSeries, _ direction: Direction) -> String {
    if series.othersWereAnswered, direction == .outbound {
      return """
        Ask the provider whether it drops this source: firewall or blacklist entry, lock after failed \
        logins, another address than agreed; and whether its answers find the way back.
        """
    }
    return series.othersWereAnswered
      ? """
      Check whether the switch drops this source: firewall or blacklist entry, lock after failed \
      logins, unknown source with SS_REPLY_UNAUTHORIZED Off; and whether its answers find the way back.
      """
      : """
      Check that the SIP service on \(series.registrar) runs and listens, and that packet filters \
      let port \(series.registrar.port)/udp through in both directions.
      """
  }
}
