import Capture
import Decode
public import Parameters
import Registrations

/// A device comes from another mapped address or port than before, and nothing failed.
public enum NATMappingChanged: Rule {
  /// What it is.
  public static let summary = RuleSummary(
    identifier: "nat-mapping-changed", level: .notice,
    title: "The mapped address of a device behind a NAT changed between registrations",
    explanation: """
      The same device (Call-ID series or instance) refreshes its registration from another \
      mapped address or port, and no request to the old one was seen to fail.

      Does not fire for a new device or a restart, nor where the loss was seen \
      (nat-pinhole-lost).

      Undecided when the refreshed registration took a new Call-ID: another device may hold it.
      """,
    needs: "two registrations of a device behind NAT", source: "RFC 4787 REQ-5",
    parameters: [])

  /// What it looks at.
  public static let scope = Scope(.severalBindings, otherwise: .refreshesBehindNAT)

  /// Judges one account.
  public static func judge(_ subject: Subject, _ profile: Profile) -> Verdict {
    guard subject.bindings.contains(where: { $0.binding.isBehindNAT && !$0.binding.isOnlyListed })
    else { return .notObserved }
    if subject.bindings.count == 1 {
      // As nearly all: one mapping, and nothing to compare.
      let refreshes = subject.bindings[0].binding.refreshes
      return refreshes > 0 ? .held(tests: refreshes) : .notObserved
    }
    let bindings = subject.bindings.filter { !$0.binding.isOnlyListed }
    var changes: [(old: ObservedBinding, new: Binding)] = []
    var isInDoubt = false
    var isUnseen = false
    for (old, new) in zip(bindings, bindings.dropFirst()) where isRemapped(old, new, subject) {
      if old.binding.isCarriedOver {
        isUnseen = true
      } else if new.binding.isSameDevice(as: old.binding) {
        if !new.binding.isRestart(of: old.binding) { changes.append((old, new.binding)) }
      } else {
        isInDoubt = isInDoubt || old.binding.end == .refreshed
      }
    }
    if !changes.isEmpty { return .violated([finding(changes, subject, profile)]) }
    if isInDoubt { return .undecided("a new Call-ID: the same device or another one") }
    if isUnseen { return .undecided("calls may have failed before this capture began") }
    let refreshes = bindings.reduce(0) { $0 + $1.binding.refreshes }
    return refreshes > 0 ? .held(tests: refreshes) : .notObserved
  }

  private static func isRemapped(
    _ old: ObservedBinding, _ new: ObservedBinding, _ subject: Subject
  ) -> Bool {
    guard old.binding.source != new.binding.source,
      old.binding.isBehindNAT || new.binding.isBehindNAT
    else { return false }
    // A failure on the old flow is reported for itself.
    let until = new.binding.fromRequest.time
    return !subject.outages.contains {
      $0.binding.path == old.binding.path && $0.from <= until && ($0.to ?? until) >= until
    }
  }

  private static func finding(
    _ changes: [(old: ObservedBinding, new: Binding)], _ subject: Subject, _ profile: Profile
  ) -> Finding {
    let (old, new) = changes[changes.count - 1]
    let first = changes[0].new
    let isHostNew = old.binding.source.address != new.source.address
    let idle = old.flow.map { new.fromRequest.time - $0.lastLife.time }
    return subject.finding(
      Self.summary, from: first.fromRequest.time, to: new.fromRequest.time,
      summary: """
        \(subject.name) came from another mapped \(isHostNew ? "address" : "port") \
        \(Wording.times(changes.count)), last \(new.source)
        """,
      explanation: """
        \(Wording.agent(new.userAgent)) had \(old.binding.source) and registered from \
        \(new.source)\(idle.map { " after \(Wording.span($0)) without a packet" } ?? ""). Calls to \
        the old address would have failed from the change until this registration; none was seen.
        """,
      remedy: """
        Nothing to do for a single change. If it comes back, the NAT forgets the mapping between \
        registrations: have the device send a keepalive every \
        \((subject.pinhole ?? Lifetime(profile)).recommendedKeepalive) s or less.
        """,
      evidence: [
        Evidence(old.binding.refreshed, "registration from \(old.binding.source)"),
        Evidence(new.fromRequest, "REGISTER of the same device from \(new.source)"),
      ], count: changes.count)
  }
}
