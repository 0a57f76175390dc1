import Capture
import Parameters
import Registrations

/// When a registration of the switch elsewhere was refreshed, against what was granted and asked.
struct OutboundRefreshes {
  static let name = "SS_SIP_USER_AGENT_EXPIRE"

  /// Refreshes that came after the granted time for certain, in order of time.
  let late: [Lapse]
  /// Why others cannot be told.
  let doubt: String?
  /// All refreshes.
  let total: Int
  /// Fewest refreshes that tell of a habit.
  let enough: Int
  /// Registrations with the expiry that somebody set.
  let fixed: [FixedRefreshes]
  /// What the profile says, as the documentation writes it.
  let configured: String?
  /// Whether the client takes a new Call-ID for every refresh.
  let isAnotherProgram: Bool

  init(_ subject: Subject, _ profile: Profile) {
    let bindings = subject.bindings.map(\.binding).filter { !$0.isOnlyListed }
    let slack = profile.seconds(.expirySlack)
    let lapses = bindings.flatMap(\.lapses.kept).filter {
      $0.next.time > $0.expired + slack && !RefreshAfterExpiry.isComeback($0)
    }
    late = lapses.filter { RefreshAfterExpiry.doubt($0) == nil }
      .sorted { $0.expired < $1.expired }
    doubt = lapses.lazy.compactMap(RefreshAfterExpiry.doubt).first
    total = subject.account.refreshesInTime + late.count
    enough = profile.count(.fewestRefreshes)
    fixed = bindings.compactMap { FixedRefreshes($0, subject, profile) }
    configured = profile.entry(named: Self.name)?.value?.description
    isAnotherProgram = bindings.contains(where: \.takesFreshCallIDs)
  }

  /// Whether the granted time does not count for the client.
  var areLateByHabit: Bool { late.count >= enough && 2 * late.count >= total }
}

/// The refreshes of a registration that asks for the fixed expiry in the profile.
struct FixedRefreshes {
  let binding: Binding
  /// The expiry, in seconds.
  let fixed: Int64
  /// The time after which a refresh is due.
  let due: Duration
  /// The usual time between two.
  let usual: Duration
  /// Whether that is too far from `due`.
  let isOff: Bool
  /// Whether enough refreshes went undisturbed.
  let isCertain: Bool

  /// `nil` where the expiry is not fixed, or not the one asked for.
  ///
  /// A registration may have a period of its own; then the parameter says nothing of it.
  init?(_ binding: Binding, _ subject: Subject, _ profile: Profile) {
    guard let fixed = profile.seconds(.userAgentExpire), let asked = binding.requestedSeconds,
      .seconds(Int64(asked)) == fixed, let median = binding.gaps.median
    else { return nil }
    let usual = Duration.milliseconds(Int64(median * 1000))
    let due = fixed * profile.count(.refreshShare) / 100
    let spread = fixed * profile.count(.refreshSpread) / 100
    let granted = Duration.seconds(Int64(binding.grantedSeconds))
    let isEarly = profile.allowing(usual) < due - spread
    let isLate = usual > profile.allowing(due + spread)
    // One that is granted less has to come sooner than half of what it asks for.
    let followsGrant = granted < fixed && usual <= granted
    let disturbed = min(subject.account.disturbedRefreshes, binding.gaps.count)
    self.binding = binding
    self.fixed = Int64(asked)
    self.due = due
    self.usual = usual
    isOff = isLate || (isEarly && !followsGrant)
    isCertain =
      binding.gaps.count - disturbed >= profile.count(.fewestRefreshes)
      && 2 * disturbed < binding.gaps.count
  }
}
