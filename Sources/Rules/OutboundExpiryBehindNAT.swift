import Capture
import Decode
public import Parameters
import Registrations

/// The switch registers upstream through a NAT for so long that the NAT forgets it in between.
public enum OutboundExpiryBehindNAT: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "outbound-expiry-behind-nat", level: .warning,
    title: "The switch is behind a NAT and refreshes its registration upstream too rarely",
    explanation: """
      The switch is behind a NAT, as its REGISTERs and received and rport in the answers show, and \
      its silences towards the upstream are regularly longer than REFRESH_SHARE of \
      OUTBOUND_NAT_EXPIRY: the expiry is longer than that, or it is negotiated and used to its \
      end, and nothing else holds the mapping open. Calls from the upstream are lost then, while \
      calls of the switch go through.

      Does not fire where keepalives, OPTIONS or calls of the switch, or its answers to OPTIONS of \
      the upstream, end its silences sooner, nor for a fixed expiry within OUTBOUND_NAT_EXPIRY.

      Undecided while the capture is too short to show the silences, or where the switch has a \
      private address and the answers do not say from where its REGISTERs arrived.
      """,
    needs: "a registration of the switch elsewhere, from behind a NAT",
    source: "SIP Outbound Registration Parameters; RFC 3581; RFC 4787 REQ-5",
    parameters: [
      OutboundRefreshes.name, "OUTBOUND_NAT_EXPIRY", "REFRESH_SHARE", "FEWEST_REFRESHES",
      "INTERVAL_TOLERANCE", "INTERVAL_TOLERANCE_FLOOR",
    ], restsOnSilence: true)

  /// What it looks at.
  public static let scope = Scope(.outbound)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.direction == .outbound else { return .notObserved }
    var found: [Finding] = []
    var doubt: String?
    var tests = 0
    for observed in subject.bindings where !observed.binding.isOnlyListed {
      guard let flow = observed.flow, !flow.isShared else { continue }
      let quiet = Quiet(observed.binding, flow, subject, profile)
      if observed.binding.isBehindNAT {
        switch quiet.isTooLong {
        case true?: found.append(finding(observed.binding, flow, quiet, subject, profile))
        case false?: tests += 1
        case nil: doubt = "the capture is too short to show how the mapping is held open"
        }
      } else if mayBeBehindNAT(observed.binding), quiet.isTooLong != false {
        doubt = "the answers do not say from which address the REGISTERs arrived"
      }
    }
    if !found.isEmpty { return .violated(found) }
    if let why = doubt ?? (tests == 0 ? subject.missingAnswers : nil) { return .undecided(why) }
    return tests > 0 ? .held(tests: tests) : .notObserved
  }

  /// A private address cannot be reached from the internet; a NAT that rewrites SIP hides itself.
  private static func mayBeBehindNAT(_ binding: Binding) -> Bool {
    binding.source.address.isPrivate && !binding.registrar.address.isPrivate
  }

  /// How long the switch is silent towards an upstream.
  private struct Quiet {
    /// Silences longer than harmless, the one at the end of the capture included.
    let long: Int
    /// The silence at the end, where it is one of them.
    let trailing: Duration?
    /// Whether they are regular and the expiry makes them; `nil` where too little was seen.
    let isTooLong: Bool?

    init(
      _ binding: Binding, _ flow: Flow, _ subject: Subject, _ profile: Profile
    ) {
      let expiry = profile.seconds(.outboundNATExpiry)
      let bound = profile.allowing(expiry * profile.count(.refreshShare) / 100)
      let end = min(binding.validUntil, subject.capture.end)
      let rest = end - flow.lastLife.time
      trailing = rest > bound ? rest : nil
      let seen = flow.silences.longer(than: bound)
      long = seen.count + (trailing == nil ? 0 : 1)
      let isRegular = long > 0 && 2 * long >= seen.of + (trailing == nil ? 0 : 1)
      let isLong = .seconds(Int64(binding.grantedSeconds)) > expiry
      // Less was granted, and it was used to the end: the switch does not refresh at half.
      let isUsedUp =
        binding.gaps.count >= profile.count(.fewestRefreshes)
        && (binding.gaps.median ?? 0) > bound.inSeconds
      if isLong || isUsedUp {
        let isWatched = flow.lastLife.time - binding.from.time > bound
        isTooLong = isRegular ? true : isWatched ? false : nil
      } else {
        isTooLong = false
      }
    }
  }

  private static func finding(
    _ binding: Binding, _ flow: Flow, _ quiet: Quiet, _ subject: Subject,
    _ profile: Profile
  ) -> Finding {
    let name = OutboundRefreshes.name
    let entry = profile.entry(named: name)
    let advised =
      (entry?.recommended
      ?? Scenario.nat.recommendations.first { $0.parameter == name }?.recommendation)?.words
    let silence = max(
      quiet.trailing ?? .zero, .milliseconds(Int64(flow.silences.longest)))
    let safe = Int64(profile.seconds(.natSafeIdle).inSeconds)
    return subject.finding(
      summary, from: binding.from.time, to: binding.ended?.time,
      summary: """
        \(subject.name): the switch is behind a NAT and silent towards \(binding.registrar) for up \
        to \(Wording.span(silence))
        """,
      explanation: """
        \(binding.registrar) granted \(binding.grantedSeconds) s\(asked(binding)), and the switch \
        at \(binding.source) sends nothing in between. Many NATs forget a mapping after 30 to 120 s \
        without a packet from inside; from then on calls from the upstream do not arrive, until \
        the next REGISTER, while calls to it go through. \(subject.pinhole?.sentence ?? "")
        """,
      remedy: """
        Set \(name) to a fixed value of \(advised ?? "at most \(expiry(profile))") (the switch \
        refreshes at about half of it), and let something be sent every \(safe) s in addition, such \
        as the OPTIONS online check of the gateway. Or raise the UDP timeout of the NAT router above \
        the time between two REGISTERs, or give the switch a public address.
        """,
      parameter: ParameterComparison(
        name, configured: entry?.value?.description, observed: "\(binding.grantedSeconds)",
        recommended: advised),
      evidence: evidence(binding, flow, quiet), count: quiet.long)
  }

  private static func expiry(_ profile: Profile) -> Int64 {
    Int64(profile.seconds(.outboundNATExpiry).inSeconds)
  }

  private static func asked(_ binding: Binding) -> String {
    guard let asked = binding.requestedSeconds, asked != binding.grantedSeconds else { return "" }
    return " of \(asked) s asked for"
  }

  private static func evidence(
    _ binding: Binding, _ flow: Flow, _ quiet: Quiet
  ) -> [Evidence] {
    var list = [Evidence(binding.from, "200 OK through the NAT to \(binding.source)")]
    if let silence = flow.longestSilence {
      let span = Wording.span(silence.to.time - silence.from.time)
      list.append(Evidence(silence.from, "packet of the switch, then silence for \(span)"))
      list.append(Evidence(silence.to, "next packet of the switch"))
    }
    if let trailing = quiet.trailing {
      list.append(
        Evidence(
          flow.lastLife, "last packet of the switch, then silence for \(Wording.span(trailing))"))
    }
    return list.uniqued
  }
}
