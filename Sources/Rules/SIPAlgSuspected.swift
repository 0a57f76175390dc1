import Capture
import Decode
public import Parameters
import Registrations

/// A router between a device and the switch seems to rewrite the device's SIP.
public enum SIPAlgSuspected: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "sip-alg-suspected", level: .warning,
    title: "A router between the device and the switch seems to rewrite SIP",
    explanation: """
      Fires for either of two traces of a SIP ALG. The first REGISTER from a new mapping already \
      names that mapping in Contact, ALG_MAPPINGS times and without an exception, while its Via \
      shows the device's private address: before an answer the device cannot know the mapping, a \
      router can. Or two accounts of different private hosts are registered from one mapped port \
      at the same time, which no plain NAT allows.

      Many clients put their mapped address into Contact themselves, once an answer told them \
      (received, rport): their first REGISTER from a new mapping has the old one or the private \
      address. That does not make it fire, nor do several lines of one phone on one port, nor \
      phones behind a border controller or proxy.

      Undecided for a single such REGISTER, which another answer may have prepared, and where the \
      accounts on one port are not both heard again. A NAT that keeps all ports hides the first \
      trace.
      """,
    needs: "a device behind a NAT whose mapping changes, or several accounts on one port",
    source: "RFC 3261 18.1.1, 18.2.1; RFC 3581 4; RFC 4787 REQ-1, REQ-10",
    parameters: ["ALG_MAPPINGS"])

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let contacts = subject.account.firstContacts.first
    let shared = subject.account.sharedPorts.first
    if contacts != nil || shared != nil {
      let enough = profile.count(.algMappings)
      var found: [Finding] = []
      if let contacts, contacts.unforeseen == 0, contacts.foreseen >= enough {
        found += [finding(contacts, subject)].compactMap { $0 }
      }
      if let shared, shared.confirmed != nil {
        found += [finding(shared, subject)].compactMap { $0 }
      }
      if !found.isEmpty { return .violated(found) }
      if let contacts, contacts.unforeseen == 0 {
        return .undecided("one Contact named a new mapping: another answer may have told of it")
      }
      if shared != nil {
        return .undecided("accounts of two hosts on one port, but not both were heard again")
      }
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return contacts.map { .held(tests: $0.foreseen + $0.unforeseen) } ?? .notObserved
  }

  private static func finding(_ contacts: FirstContacts, _ subject: Subject) -> Finding? {
    guard let first = contacts.first, let last = contacts.last else { return nil }
    return subject.finding(
      Self.summary, from: first.time, to: nil,
      summary: """
        \(subject.name) seems to stand behind a router with a SIP ALG: its Contact is rewritten
        """,
      explanation: """
        \(Wording.agent(contacts.userAgent)) at \(contacts.inside) named its new public address \
        and port in the first REGISTER from it \(Wording.times(contacts.foreseen)), last \
        \(contacts.source) after \(contacts.previous), before any answer could tell it; its Via \
        still shows \(contacts.inside). Such rewriting breaks calls and registrations when the \
        router loses track.
        """,
      remedy: remedy(contacts.source.address),
      evidence: [
        Evidence(first, "first REGISTER from a new mapping, with that mapping in Contact"),
        Evidence(last, "the same from \(contacts.source), Via \(contacts.inside)"),
      ].uniqued, count: contacts.foreseen)
  }

  private static func finding(_ shared: SharedPort, _ subject: Subject) -> Finding? {
    guard let heard = shared.heardAgain, let confirmed = shared.confirmed else { return nil }
    return subject.finding(
      Self.summary, from: shared.noticed.time, to: nil,
      summary: """
        \(subject.name) and \(shared.other) are two hosts behind one router and share port \
        \(shared.source): SIP ALG or a NAT at fault
        """,
      explanation: """
        \(subject.name) is at \(shared.inside) and \(shared.other) at \(shared.otherInside), and \
        both are registered from \(shared.source) at the same time. What the switch sends there \
        reaches one of them only.
        """,
      remedy: remedy(shared.source.address) + " Give each phone a local SIP port of its own.",
      evidence: [
        Evidence(shared.noticed, "200 OK to the second account from \(shared.source)"),
        Evidence(heard, "200 OK to the first account, there as well"),
        Evidence(confirmed, "200 OK to the second account again"),
      ])
  }

  private static func remedy(_ router: IPAddress) -> String {
    """
    Switch off the SIP ALG ("SIP helper", "SIP fixup") on the router at \(router), and restart \
    the phones behind it. Where it cannot be switched off, let the phones use another port of the \
    switch than 5060, or TLS, which the router cannot rewrite.
    """
  }
}
