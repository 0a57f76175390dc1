import Capture
import Parameters
import Registrations

/// What of the profile every account is compared with, looked up once.
struct Limits {
  /// The longest registration granted, in seconds, without a NAT and behind one.
  let expiry: Int?
  let expiryBehindNAT: Int?
  /// How far apart probes and keepalives of the switch may be, in milliseconds.
  let probeGap: Int64?
  let keepaliveGap: Int64?
  /// Probes of a device that tell of a habit.
  let fewestProbes: Int

  init(_ profile: Profile) {
    expiry = profile.wholeSeconds(.endpointExpire)
    expiryBehindNAT = profile.wholeSeconds(.endpointNATExpire)
    probeGap = profile.wholeSeconds(.endpointTimeToLive).map { Int64($0) * 1000 }
    keepaliveGap = profile.wholeSeconds(.natKeepAlivePeriod).map { Int64($0) * 1000 }
    fewestProbes = profile.count(.fewestProbes)
  }
}

/// One account as it is seen in passing: which rules have to look at it, and what they would count.
struct Glance {
  private(set) var signs: Signs = []
  private(set) var counts = TestCounts()

  /// Looks at the account at `index`.
  init(
    _ history: History, _ index: Int, _ direction: Direction, _ limits: Limits,
    _ nats: NATMeasurements?
  ) {
    let account = UnsafePointer(history.accounts.place(of: index))
    if direction == .outbound { signs.insert(.outbound) }
    look(at: account)
    let bindings = Bindings(history, index)
    if bindings.count > 1 { signs.insert(.severalBindings) }
    for place in bindings.indices {
      let observed = bindings[place]
      look(at: observed.binding, limits)
      guard let flow = observed.flow else { continue }
      look(at: flow, isBehindNAT: observed.binding.isBehindNAT, limits)
      if let nats, nats.hasMeasured(flow) { signs.insert(.measuredNAT) }
      guard observed.binding.isBehindNAT else { continue }
      if observed.binding.isSeenFromInside { signs.insert(.seenFromInside) }
      if direction == .inbound { lookAtUpkeep(of: flow) }
    }
  }

  // By its place: a copy of it would cost more than the rest.
  private mutating func look(at account: UnsafePointer<Account>) {
    let accepted = account.pointee.accepted
    let requests = account.pointee.requests
    counts[.accepted] = accepted
    counts[.acceptedAgain] = accepted - 1
    counts[.acceptedOrRecovered] = accepted + account.pointee.recovered
    counts[.heardAnswers] = accepted + (account.pointee.openChallenges > 0 ? 1 : 0)
    counts[.requests] = requests
    counts[.repeatedRequests] = requests - 1
    let refreshes = account.pointee.refreshesInTime
    counts[.refreshesInTime] = refreshes
    counts[.refreshesAndRemovals] = refreshes + (account.pointee.lastRemoved == nil ? 0 : 1)
    if accepted == 0 { signs.insert(.unaccepted) }
    if account.pointee.hasFailures { signs.insert(.failures) }
    if account.pointee.unknownOutcomes > 0 || account.pointee.pending > 0 {
      signs.insert(.unanswered)
    }
    if account.pointee.unheardChallenges > 0 { signs.insert(.unheard) }
    if !account.pointee.changes.isEmpty { signs.insert(.changes) }
    if account.pointee.listsSeveral { signs.insert(.lists) }
    if account.pointee.hasRareFacts { signs.insert(.rareFacts) }
    if !account.pointee.strays.isEmpty { signs.insert(.strays) }
    if !account.pointee.misdirected.isEmpty { signs.insert(.misdirected) }
  }

  private mutating func look(at binding: borrowing Binding, _ limits: Limits) {
    if binding.end != nil { signs.insert(.ended) }
    if !binding.lapses.isEmpty { signs.insert(.lapses) }
    if binding.wasRushed { signs.insert(.rush) }
    if binding.hasThinMargin { signs.insert(.thinMargin) }
    counts[.refreshes] += binding.refreshes
    switch binding.grantSource {
    case .contact, .header:
      if binding.requestedSeconds != nil {
        counts[.grants] += 1 + binding.refreshes
      }
    case .request, .assumed: signs.insert(.unsaidGrant)
    }
    let limit = binding.isBehindNAT ? limits.expiryBehindNAT : limits.expiry
    let isLong = limit.map { binding.grantedSeconds > $0 } ?? false
    if isLong || binding.wasGrantedLonger { signs.insert(.longGrant) }
    guard !binding.isOnlyListed else { return }
    if limit != nil { counts[.grantsWithinLimit] += 1 }
    if binding.isBehindNAT { counts[.refreshesBehindNAT] += binding.refreshes }
  }

  private mutating func look(at flow: Flow, isBehindNAT: Bool, _ limits: Limits) {
    if !flow.runs.isEmpty { signs.insert(.outages) }
    if flow.undecided > 0 || flow.overdue > 0 || flow.mayHideOutage {
      signs.insert(.openRequests)
    }
    counts[.answers] += flow.answered
    if isBehindNAT {
      counts[.answersBehindNAT] += flow.answered
      counts[.sentBehindNAT] += flow.requests + flow.switchKeepalives
    }
    if flow.probes > 0 {
      if flow.answeredProbes == 0 { signs.insert(.ignoredProbes) }
      if flow.probes >= limits.fewestProbes { counts[.answeredProbes] += flow.answeredProbes }
      if let limit = limits.probeGap, flow.probeGaps.count > 0 {
        if flow.probeGaps.longest > limit { signs.insert(.slowProbes) }
        if flow.probeGaps.count + 1 >= limits.fewestProbes {
          counts[.probeGaps] += flow.probeGaps.sampled
        }
      }
    }
    guard flow.switchKeepalives > 1, let limit = limits.keepaliveGap, let gaps = flow.pulse?.gaps
    else { return }
    if gaps.longest > limit { signs.insert(.slowKeepalives) }
    counts[.keepaliveGaps] += gaps.sampled
  }

  /// What holds the flow of a device behind a NAT open.
  private mutating func lookAtUpkeep(of flow: Flow) {
    guard flow.isHeard, !flow.isShared else { return }
    counts[.flowsBehindNAT] += 1
    let (device, ofSwitch) = (flow.deviceKeepalives, flow.switchKeepalives)
    if device + ofSwitch == 0 { signs.insert(.noKeepalives) }
    guard ofSwitch > 0 else { return }
    counts[.mutualKeepalives] += device
    if 2 * device < ofSwitch { signs.insert(.oneSidedKeepalives) }
  }
}
