import Capture
public import Parameters
import Registrations

/// The switch grants a longer registration than it is configured for.
public enum GrantedExpiryMismatch: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "granted-expiry-mismatch", level: .warning,
    title: "The switch grants a longer registration than its parameter allows",
    explanation: """
      The 2xx of the switch grants more than SS_ENDPOINT_EXPIRE, or behind NAT more than \
      SS_ENDPOINT_NAT_EXPIRE: the parameter is set to something else than the profile says, the \
      switch takes the device for one without NAT, or another registrar answered.

      Does not fire for a device that asked for less and got it, nor for registrations of the \
      switch at another server.

      Undecided where the 2xx does not say what it grants.
      """,
    needs: "a 2xx to REGISTER from the switch",
    source: "VOS3000 SS_ENDPOINT_EXPIRE, SS_ENDPOINT_NAT_EXPIRE; RFC 3261 10.3 step 8",
    parameters: ["SS_ENDPOINT_EXPIRE", "SS_ENDPOINT_NAT_EXPIRE"])

  /// What it looks at.
  public static let scope = Scope(
    [.longGrant, .unsaidGrant, .outbound, .unaccepted], otherwise: .grantsWithinLimit)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .inbound else { return .notObserved }
    var worst: (grant: Grant, binding: Binding)?
    var (tests, count) = (0, 0)
    var isUnsaid = false
    for observed in subject.bindings where !observed.binding.isOnlyListed {
      guard let limit = limit(isBehindNAT: observed.binding.isBehindNAT, profile) else {
        continue
      }
      if isWithin(limit, observed) {
        tests += 1
        continue
      }
      let grant = Grant(of: observed.binding)
      guard grant.isStated else {
        isUnsaid = true
        continue
      }
      tests += 1
      guard grant.seconds > limit else { continue }
      count += 1
      if grant.seconds > worst?.grant.seconds ?? 0 { worst = (grant, observed.binding) }
    }
    if let worst {
      return .violated([finding(worst.grant, worst.binding, count, subject, profile)])
    }
    if isUnsaid { return .undecided("the answers do not say what was granted") }
    if tests == 0, let why = subject.missingAnswers { return .undecided(why) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// Nearly always: a grant that is stated, the only one, and not too long.
  private static func isWithin(_ limit: Int, _ observed: ObservedBinding) -> Bool {
    let source = observed.binding.grantSource
    return (source == .contact || source == .header) && !observed.binding.wasGrantedLonger
      && observed.binding.grantedSeconds <= limit
  }

  /// The longest grant of a binding that is known.
  private struct Grant {
    let seconds: UInt32
    let requested: UInt32?
    let source: GrantSource
    let answer: Moment
    var shortened: Moment?

    init(of binding: borrowing Binding) {
      if let longer = binding.longerGrant, longer.seconds > binding.grantedSeconds {
        seconds = longer.seconds
        requested = longer.requestedSeconds
        source = longer.source
        answer = longer.answer
        shortened = longer.shortened
      } else {
        seconds = binding.grantedSeconds
        requested = binding.requestedSeconds
        source = binding.grantSource
        answer = binding.refreshed
      }
    }

    var isStated: Bool { source == .contact || source == .header }
  }

  private static func limit(isBehindNAT: Bool, _ profile: Profile) -> Int? {
    profile.wholeSeconds(isBehindNAT ? .endpointNATExpire : .endpointExpire)
  }

  private static func finding(
    _ grant: Grant, _ binding: Binding, _ count: Int, _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let name = binding.isBehindNAT ? "SS_ENDPOINT_NAT_EXPIRE" : "SS_ENDPOINT_EXPIRE"
    let limit = limit(isBehindNAT: binding.isBehindNAT, profile) ?? 0
    let asked = grant.requested.map { "It had asked for \($0) s. " } ?? ""
    let place = binding.isBehindNAT ? "behind NAT " : ""
    return subject.finding(
      Self.summary, from: binding.from.time,
      to: grant.shortened?.time
        ?? (binding.validUntil < subject.capture.end ? binding.validUntil : nil),
      summary: """
        \(subject.name) \(place)was granted \(grant.seconds) s; \(name) is \(limit)
        """,
      explanation: """
        \(binding.registrar) granted \(Wording.agent(binding.userAgent)) at \(binding.source) \
        \(grant.seconds) s. \(asked)\(consequence(binding))
        """,
      remedy: """
        Look up \(name) on the switch: set it to \(limit), or put the value it has into the \
        profile. If it is \(limit) already, find out which server answers at \
        \(binding.registrar)\(binding.isBehindNAT ? " and whether the switch knows of the NAT" : "").
        """,
      parameter: ParameterComparison(
        name, configured: "\(limit)", observed: "\(grant.seconds)", recommended: "\(limit)"),
      evidence: [Evidence(grant.answer, "200 OK grants \(grant.seconds) s")], count: count)
  }

  private static func consequence(_ binding: Binding) -> String {
    binding.isBehindNAT
      ? "A NAT forgets its mapping long before: the binding outlives the way to the device."
      : "A device that goes away stays registered for that long, and calls to it are lost."
  }
}
