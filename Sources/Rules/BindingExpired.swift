import Capture
import Decode
public import Parameters
import Registrations

/// A binding ran out: nobody refreshed it, nobody removed it.
public enum BindingExpired: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "binding-expired", level: .warning,
    title: "A binding ran out without a refresh or a removal",
    explanation: """
      The granted time of a binding passes within the capture, no REGISTER refreshed or removed \
      it, and its device has not come back with it since.

      Does not fire where the capture ends before the expiry, where the device had put a newer \
      Contact in its place, or where a REGISTER near the end has no answer in the capture.

      Undecided when the device was seen to use SIP over TCP or TLS, which is not analysed, and for \
      a binding known from an earlier run to which nothing was sent since: it may have been removed \
      in between.
      """,
    needs: "an expiry inside the capture", source: "RFC 3261 10.2.4, 10.3",
    parameters: ["SS_ENDPOINT_EXPIRE", "EXPIRY_SLACK", "GHOST_INTERVALS"])

  /// What it looks at.
  public static let scope = Scope([.ended, .unaccepted], otherwise: .refreshesAndRemovals)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    let slack = profile.seconds(.expirySlack)
    var expired: [ObservedBinding] = []
    for (index, observed) in subject.bindings.enumerated() {
      let binding = observed.binding
      guard binding.end == .expired, !binding.isSuperseded, !binding.isOnlyListed,
        binding.expires + slack < subject.capture.end
      else { continue }
      let later = subject.bindings[(index + 1)...].map(\.binding)
      if later.contains(where: { takesPlace($0, of: binding) }) { continue }
      if binding.unknownSince != nil {
        return .undecided("a REGISTER has no answer in the capture")
      }
      if binding.isCarriedOver, !isInUse(observed, profile) {
        return .undecided("it may have been removed before this capture began")
      }
      expired.append(observed)
    }
    guard !expired.isEmpty else { return verdictWithoutExpiry(subject) }
    let usesTCP = expired.contains {
      subject.capture.tcpHosts.contains($0.binding.source.address)
    }
    if usesTCP { return .undecided("the device also uses SIP over TCP, which is not analysed") }
    return .violated(expired.map { finding($0, subject) })
  }

  /// A newer binding of the same device, or on the same flow, made before the old one ran out.
  private static func takesPlace(_ new: Binding, of old: Binding) -> Bool {
    guard new.from.time <= old.expires else { return false }
    return new.source == old.source || new.isSameDevice(as: old)
  }

  /// Whether the switch went on sending to it in this capture, longer than to one that was removed:
  /// it holds what an earlier run saw registered.
  private static func isInUse(_ observed: ObservedBinding, _ profile: Profile) -> Bool {
    guard let flow = observed.flow else { return false }
    return flow.requests + flow.switchKeepalives > profile.count(.ghostIntervals)
  }

  private static func verdictWithoutExpiry(_ subject: Subject) -> Verdict {
    if let why = subject.missingAnswers { return .undecided(why) }
    let refreshes = subject.account.refreshesInTime
    let removals = subject.account.lastRemoved == nil ? 0 : 1
    return refreshes + removals > 0 ? .held(tests: refreshes + removals) : .notObserved
  }

  private static func finding(_ observed: ObservedBinding, _ subject: Subject) -> Finding {
    let binding = observed.binding
    let silence = observed.flow.map { subject.capture.end - $0.lastLife.time }
    let isHeard = observed.flow.map { $0.lastLife.time > binding.expires } ?? false
    let heard =
      isHeard
      ? "The device still sends on this flow but has not registered again."
      : "The device at \(binding.source) (\(Wording.agent(binding.userAgent))) was not heard again."
    let others = subject.account.isRegistered(at: subject.capture.end)
    let state = others ? "The account has other bindings." : "The account has no binding since."
    return subject.finding(
      Self.summary, from: binding.expires, to: nil,
      summary: "\(subject.name) ran out: no refresh within the granted \(binding.grantedSeconds) s",
      explanation: """
        The last registration was granted \(binding.grantedSeconds) s and nothing refreshed or \
        removed it. \(heard) \(state)\(silence.map { " Silent for \(Wording.span($0)) at the end of the capture." } ?? "")
        """,
      remedy: """
        If the device should be in service, check its power and network and whether its account \
        is still configured. A device that goes out of service should unregister (Expires: 0).
        """,
      evidence: [
        Evidence(binding.refreshed, "last 200 OK, grants \(binding.grantedSeconds) s")
      ])
  }
}
