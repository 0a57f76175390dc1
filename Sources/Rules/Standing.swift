import Capture
import Registrations

/// How an account stood in the capture and at its end.
struct Standing {
  let state: AccountState
  let reachable: Duration?
  let unreachable: Duration?

  /// Sums up one account from its history and what was found.
  init(
    _ glance: borrowing Glance, _ subject: Subject?, _ findings: [Finding],
    _ capture: CaptureContext
  ) {
    state = Self.state(of: glance, subject, capture)
    let end = capture.end
    if findings.isEmpty, glance.bindings.count == 1, !glance.bindings[0].binding.isOnlyListed {
      // As nearly all accounts: nothing to join.
      let until = min(glance.bindings[0].binding.validUntil, end)
      let from = max(glance.bindings[0].binding.from.time, capture.start)
      reachable = max(until - from, .zero)
      unreachable = .zero
      return
    }
    let isKnown = !glance.bindings.isEmpty
    let lost = Intervals(
      findings.filter { Self.speaksOfReachability($0.rule) }.flatMap {
        $0.episodes.map { (from: $0.from, to: min($0.to ?? end, end)) }
      })
    unreachable = isKnown || !lost.isEmpty ? lost.total : nil
    reachable = isKnown ? Self.registered(glance.bindings, capture).subtracting(lost).total : nil
  }

  /// The spans in which the account had a valid binding.
  private static func registered(_ bindings: Bindings, _ capture: CaptureContext) -> Intervals {
    Intervals(
      bindings.filter { !$0.binding.isOnlyListed }.map {
        (
          from: max($0.binding.from.time, capture.start),
          to: min($0.binding.validUntil, capture.end)
        )
      })
  }

  private static func speaksOfReachability(_ rule: String) -> Bool {
    let rules = [
      NATPinholeLost.summary, StaleBinding.summary, RefreshAfterExpiry.summary,
      BindingExpired.summary, TrunkOutage.summary,
    ]
    return rules.contains { $0.identifier == rule }
  }

  // nil where no binding is valid. Not in a loop, which would copy each.
  private static func validState(_ bindings: borrowing Few<Binding>, at end: Timestamp)
    -> AccountState?
  {
    guard bindings.contains(where: { $0.isValid(at: end) }) else { return nil }
    return bindings.contains { $0.unknownSince == nil } ? .registered : .unknown
  }

  private static func state(
    of glance: borrowing Glance, _ subject: Subject?, _ capture: CaptureContext
  ) -> AccountState {
    let end = capture.end
    if let state = validState(glance.account.current, at: end) { return state }
    let series = subject?.failureSeries ?? []
    if glance.bindings.isEmpty && series.isEmpty { return .unknown }
    let failing = series.filter { $0.success == nil }.compactMap(\.last)
    if let last = failing.max(by: { $0.request.time < $1.request.time }),
      last.request.time >= glance.account.lastAccepted?.time ?? capture.start
    {
      return last.answer == nil ? .unanswered : .refused
    }
    if let last = glance.bindings.max(by: { $0.binding.validUntil < $1.binding.validUntil }) {
      switch last.binding.end {
      case .removed: return .removed
      case .expired: return last.binding.unknownSince == nil ? .expired : .unknown
      default: break
      }
    }
    return .unknown
  }
}
