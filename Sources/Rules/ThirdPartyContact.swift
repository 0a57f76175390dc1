import Capture
public import Parameters
import Registrations

/// The registrar lists contacts that nobody registered in the capture.
public enum ThirdPartyContact: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "third-party-contact", level: .notice,
    title: "The registrar lists a Contact that nobody registered in the capture",
    explanation: """
      A 2xx lists a Contact beside the device's own, and no REGISTER in the capture made or \
      refreshed it although its time ran out or was renewed meanwhile: an old Contact left behind, \
      one entered by hand, or a device that registers by a way the capture does not see. Calls \
      go to it as well.

      Does not fire for a Contact that is registered in the capture, however late.

      Undecided while the Contact's listed time is not over: its refresh may be still to come.
      """,
    needs: "a 2xx that lists several contacts", source: "RFC 3261 10.3 step 8",
    parameters: ["EXPIRY_SLACK"])

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .unaccepted], otherwise: .accepted)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let slack = profile.seconds(.expirySlack)
    let contacts = subject.account.unregistered
    let found = contacts.filter {
      $0.renewed != nil || $0.expires + slack < subject.capture.end
    }
    if !found.isEmpty {
      if subject.account.unknownOutcomes + subject.account.answersWithoutRequest > 0 {
        return .undecided("REGISTERs or their answers are not in the capture")
      }
      return .violated(found.map { finding($0, subject) })
    }
    if !contacts.isEmpty { return .undecided("a listed Contact was not due for a refresh yet") }
    if let why = subject.missingAnswers { return .undecided(why) }
    return subject.account.accepted > 0 ? .held(tests: subject.account.accepted) : .notObserved
  }

  private static func finding(_ contact: UnregisteredContact, _ subject: Subject) -> Finding {
    let usesTCP =
      subject.capture.tcpHosts.isEmpty
      ? "" : " Some hosts use SIP over TCP or TLS here, which is not analysed."
    let isRenewed = contact.renewed != nil
    let what =
      isRenewed
      ? "It was given more time meanwhile, so somebody refreshes it by a way not captured."
      : "Nobody refreshed it: it was left behind, by a device that moved or restarted, or is gone."
    var evidence = [Evidence(contact.first, "200 OK lists it")]
    if let renewed = contact.renewed { evidence.append(Evidence(renewed, "listed with more time")) }
    evidence.append(Evidence(contact.last, "listed for the last time"))
    return subject.finding(
      Self.summary, from: contact.first.time,
      to: contact.expires < subject.capture.end ? contact.expires : nil,
      summary: "\(subject.name) has a Contact nobody registered here: \(contact.contact)",
      explanation:
        "The registrar lists it beside the device's own. \(what) Calls go there too.\(usesTCP)",
      remedy: isRenewed
        ? """
        Find out which device or person uses this account there. If nobody should, change the \
        password and remove the Contact on the switch.
        """
        : """
        Usually it runs out by itself; until then calls are sent there in vain. Have devices \
        unregister (Expires: 0) before they restart or move.
        """,
      evidence: evidence.uniqued)
  }
}
