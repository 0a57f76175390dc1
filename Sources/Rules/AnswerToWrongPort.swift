import Capture
import Decode
public import Parameters
import Registrations

/// The registrar answers to the Via port, behind a NAT where nobody listens.
public enum AnswerToWrongPort: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "answer-to-wrong-port", level: .error,
    title: "Answers to REGISTER go to another port than it came from, and do not arrive",
    explanation: """
      Final answers to REGISTER are sent to the port of its Via instead of the port it came \
      from, and the device sends the REGISTER again as if there had been none.

      Does not fire for a device that listens on its Via port: it does not repeat itself.

      Undecided when the capture ends before the device could have repeated the REGISTER.
      """,
    needs: "an answered REGISTER", source: "RFC 3261 18.2.2; RFC 3581 3, 4",
    parameters: ["REGISTER_LADDER_COPIES", "TRANSACTION_TIMEOUT"])

  /// What it looks at.
  public static let scope = Scope([.misdirected, .unaccepted], otherwise: .heardAnswers)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let account = subject.account
    guard let answers = account.misdirected.first else {
      let tests = account.accepted + (account.openChallenges > 0 ? 1 : 0)
      if tests > 0 { return .held(tests: tests) }
      return subject.missingAnswers.map { .undecided($0) } ?? .notObserved
    }
    if answers.repeated + 1 >= profile.count(.registerLadderCopies) {
      return .violated([finding(answers, subject)])
    }
    // A repetition comes within T2 at the latest (RFC 3261 17.1.2.2).
    let isWatched =
      subject.capture.end - answers.first.time >= profile.seconds(.transactionTimeout)
    if isWatched && answers.repeated == 0 { return .held(tests: answers.answers) }
    return .undecided("whether the answers arrive is not to be seen")
  }

  private static func finding(_ answers: MisdirectedAnswers, _ subject: Subject) -> Finding {
    let (from, to) = (answers.source, answers.destination)
    var evidence = [
      Evidence(answers.first, "answer to port \(to.port), the REGISTER came from \(from.port)")
    ]
    if let (first, last) = answers.repetitions {
      evidence.append(Evidence(first, "REGISTER from \(from) once more: no answer has arrived"))
      if last != first { evidence.append(Evidence(last, "REGISTER repeated")) }
    }
    if let success = answers.success {
      evidence.append(Evidence(success, "answer to the right port"))
    }
    return subject.finding(
      Self.summary, from: answers.first.time, to: answers.success?.time,
      summary:
        "\(subject.name) cannot register: answers go to port \(to.port) instead of \(from.port)",
      explanation: """
        \(Wording.count(answers.answers, "answer")) to REGISTERs from \(from) went to \(to), the \
        port in the Via, and the device sent its REGISTERs \(Wording.times(answers.repeated)) more: \
        behind a NAT that port leads nowhere. It asks for no answer to the source port (rport), \
        or the switch does not heed it.
        """,
      remedy: """
        Set the reply address of this phone or gateway on the switch to "socket" instead of "Via", \
        or switch on rport (RFC 3581, "symmetric response") on the device.
        """,
      evidence: evidence, count: answers.answers)
  }
}
