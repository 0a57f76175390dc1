import Capture
public import Parameters
import Registrations

/// The CSeq of REGISTERs falls within a Call-ID.
public enum RegistrationCSEQBroken: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registration-cseq-broken", level: .notice,
    title: "The CSeq of REGISTERs does not rise within their Call-ID",
    explanation: """
      A new REGISTER has a lower CSeq than the one before it with the same Call-ID at the same \
      registrar: a client that restarts its count must take a new Call-ID. A registrar must drop \
      such a REGISTER as out of order (RFC 3261 10.3 step 7), and some do.

      Does not fire for retransmissions, for a new Call-ID, nor for two registrars that get the \
      same Call-ID.

      Undecided where the REGISTER before had no answer yet, so that both may have changed places \
      on the way.
      """,
    needs: "two REGISTERs of one Call-ID", source: "RFC 3261 10.2, 10.3 step 7, 22.2",
    parameters: [])

  /// What it looks at.
  public static let scope = Scope(.rareFacts, otherwise: .repeatedRequests)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let breaks = subject.account.cseqBreaks
    guard !breaks.isEmpty else {
      let tests = subject.account.requests - 1
      return tests > 0 ? .held(tests: tests) : .notObserved
    }
    let certain = breaks.kept.filter { !$0.mayBeReordered }
    guard let first = certain.first, let last = certain.last else {
      return .undecided("the REGISTER before was not answered yet: both may have changed places")
    }
    return .violated([finding(first, last, breaks.total, subject)])
  }

  private static func finding(
    _ first: CSeqBreak, _ last: CSeqBreak, _ count: Int, _ subject: Subject
  ) -> Finding {
    let gap = Wording.span(first.request.time - first.previousSent)
    return subject.finding(
      Self.summary, from: first.request.time, to: last.request.time,
      summary: """
        \(subject.name) sent CSeq \(first.cseq) after \(first.previous) in the same Call-ID\
        \(count > 1 ? ", and so \(Wording.times(count))" : "")
        """,
      explanation: """
        \(Wording.agent(first.userAgent)) at \(first.source) counted down \(gap) after its \
        REGISTER before. A registrar that keeps to RFC 3261 10.3 ignores or refuses such a \
        REGISTER, and the binding runs out.
        """,
      remedy: """
        Update the device's software. A device that restarts has to take a new Call-ID, or go on \
        counting.
        """,
      evidence: certainEvidence(first, last), count: count)
  }

  private static func certainEvidence(_ first: CSeqBreak, _ last: CSeqBreak) -> [Evidence] {
    [
      Evidence(first.request, "REGISTER with CSeq \(first.cseq), after \(first.previous)"),
      Evidence(last.request, "REGISTER with CSeq \(last.cseq), after \(last.previous)"),
    ].uniqued
  }
}
