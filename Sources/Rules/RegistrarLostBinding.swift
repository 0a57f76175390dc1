import Capture
import Decode
public import Parameters
import Registrations

/// The registrar no longer knows a binding that nothing removed or replaced.
public enum RegistrarLostBinding: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "registrar-lost-binding", level: .error,
    title: "The registrar has forgotten a registration that was still valid",
    explanation: """
      While a binding is valid and its device alive, the registrar answers a call for the account \
      with 404, 410 or 480 and sends the device nothing, or its 2xx to another registration of \
      the account no longer lists the binding beside it as it did before; nothing removed or \
      replaced it. A restart of the registrar or a lost location table does that.

      A dial plan or a device that does not want calls may draw such answers as well. They count \
      where the registrar also stops probing the device for more than GHOST_INTERVALS intervals, \
      or delivers calls again once the device has registered anew, and refuses none.

      Does not fire for a binding that was removed, replaced or has run out, for 486 and 603, for \
      a call that was sent to the device, for a device that has just left a request unanswered, \
      nor where the registrar goes on sending to the device.

      Undecided where the device is not heard again, where the capture does not show how the \
      registrar reaches it, and for the answer alone.
      """,
    needs: "a call for a registered account, or lists of several Contacts",
    source: "RFC 3261 10.3 step 8, 21.4.5, 21.4.18",
    parameters: [
      "SS_ENDPOINT_EXPIRE", "SS_ENDPOINTTIMETOLIVE", "FEWEST_PROBES", "GHOST_INTERVALS",
    ], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope([.rareFacts, .lists, .unaccepted])

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let tests = tests(subject)
    guard tests > 0 || !subject.account.unlisted.isEmpty else {
      return subject.missingAnswers.map { .undecided($0) } ?? .notObserved
    }
    let calls = subject.account.refusedCalls.kept.filter { $0.sentSince == 0 }
    let lists = subject.account.unlisted.kept.filter { !$0.isListedAgain }
    if !calls.isEmpty || !lists.isEmpty {
      let found =
        calls.filter { doubt($0, subject, profile) == nil }.map {
          finding($0, hasStoppedProbing($0, subject, profile), subject)
        }
        + lists.compactMap { finding($0, subject) }
      if !found.isEmpty { return .violated(found) }
      let doubts = calls.compactMap { doubt($0, subject, profile) }
      return .undecided(
        doubts.first ?? "a Contact left the list, and its device was not heard again")
    }
    if let why = subject.missingAnswers { return .undecided(why) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// How often the capture shows whether the registrar knows the account.
  private static func tests(_ subject: Subject) -> Int {
    (subject.account.lastInvite == nil ? 0 : 1) + (subject.account.listsSeveral ? 1 : 0)
      + subject.account.refusedCalls.total
  }

  /// What else may explain refused calls; `nil` when nothing does.
  private static func doubt(
    _ calls: RefusedCalls, _ subject: Subject, _ profile: Profile
  ) -> String? {
    if subject.capture.tcpHosts.contains(calls.source.address) {
      return "the device also uses SIP over TCP, which is not analysed"
    }
    guard calls.sentBefore > 0 else {
      return
        "a call was refused, and the capture does not show how the registrar reaches the device"
    }
    guard calls.isSameDevice || calls.wasHeardSince else {
      return "a call was refused, and the device was not heard after it"
    }
    let isExplained =
      hasStoppedProbing(calls, subject, profile) || isDeliveredAgain(calls, subject)
    return isExplained
      ? nil : "\(calls.status) may also come of the dial plan or of a device that wants no calls"
  }

  /// Whether the next registration brought the calls back.
  private static func isDeliveredAgain(_ calls: RefusedCalls, _ subject: Subject) -> Bool {
    guard let restored = calls.restored, let invite = subject.account.lastInvite else {
      return false
    }
    return invite > restored.time
      && subject.account.refusedCalls.kept.allSatisfy { $0.first.time <= restored.time }
  }

  private static func hasStoppedProbing(
    _ calls: RefusedCalls, _ subject: Subject, _ profile: Profile
  ) -> Bool {
    let end = min(calls.restored?.time ?? subject.capture.end, calls.expires)
    guard let probing = calls.probing, probing.probes >= profile.count(.fewestProbes) else {
      return false
    }
    // The longest gap of a few probes may be far shorter than the interval.
    let interval = max(probing.longest, profile.seconds(.endpointTimeToLive) ?? .zero)
    return end - probing.last > interval * profile.count(.ghostIntervals)
  }

  private static func finding(
    _ calls: RefusedCalls, _ hasStoppedProbing: Bool, _ subject: Subject
  ) -> Finding {
    let left = Wording.span(calls.expires - calls.first.time)
    let number = Wording.count(calls.calls, "call")
    var evidence = [
      Evidence(calls.granted, "200 OK to \(calls.source) grants \(calls.grantedSeconds) s"),
      Evidence(calls.first, "\(calls.status) to the caller, nothing sent to the device"),
    ]
    if calls.calls > 1 { evidence.append(Evidence(calls.last, "the last call refused")) }
    if let restored = calls.restored {
      evidence.append(Evidence(restored, "200 OK: registered anew"))
    }
    let to = calls.restored?.time ?? (calls.expires < subject.capture.end ? calls.expires : nil)
    return subject.finding(
      Self.summary, from: calls.first.time, to: to,
      summary: """
        \(subject.account.registrar) has lost the registration of \(subject.name): \(number) \
        refused with \(calls.status)
        """,
      explanation: """
        \(Wording.agent(calls.userAgent)) at \(calls.source) was registered for another \(left) \
        and alive, and had removed nothing, when \(subject.account.registrar) refused \(number) \
        as if nobody were there\
        \(hasStoppedProbing ? ", and stopped probing it" : ""). \(ending(calls.restored, calls.expires - calls.first.time))
        """,
      remedy: remedy(subject), parameter: parameter(calls.grantedSeconds, subject),
      evidence: evidence,
      count: calls.calls)
  }

  private static func finding(_ lost: UnlistedBinding, _ subject: Subject) -> Finding? {
    guard let restored = lost.restored else { return nil }
    return subject.finding(
      Self.summary, from: lost.noticed.time, to: min(restored.time, lost.expires),
      summary: """
        \(subject.account.registrar) has lost a registration of \(subject.name): it no longer \
        lists \(lost.source)
        """,
      explanation: """
        Its answer to \(lost.other) listed both Contacts before and now leaves out \
        \(lost.contact) (\(Wording.agent(lost.userAgent))), \
        \(Wording.span(lost.expires - lost.noticed.time)) before that one's time was over. No \
        REGISTER removed or replaced it, and its device went on as if registered. \
        \(ending(restored, lost.expires - lost.noticed.time))
        """,
      remedy: remedy(subject), parameter: parameter(lost.grantedSeconds, subject),
      evidence: [
        Evidence(lost.granted, "200 OK to \(lost.source) grants \(lost.grantedSeconds) s"),
        Evidence(lost.noticed, "200 OK to \(lost.other) does not list it any more"),
        Evidence(restored, "200 OK to \(lost.source): registered anew, in the same series"),
      ])
  }

  private static func ending(_ restored: Moment?, _ left: Duration) -> String {
    restored == nil
      ? "A device that holds itself registered does not come back before its time: up to \(Wording.span(left))."
      : "It could be called again only when it had registered anew."
  }

  private static func remedy(_ subject: Subject) -> String {
    let first =
      subject.direction == .outbound
      ? "Ask the provider whether its registrar restarted or moved the account at that time."
      : """
      Look whether the switch was restarted, failed over or lost its table of registrations at \
      that time, or whether somebody removed the registration by hand.
      """
    return first + " Have devices register anew now; a shorter grant heals it sooner next time."
  }

  private static func parameter(_ granted: UInt32, _ subject: Subject) -> ParameterComparison? {
    subject.inbound(ParameterComparison("SS_ENDPOINT_EXPIRE", observed: "\(granted)"))
  }
}
