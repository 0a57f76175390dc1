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
  /// Probes and silences of a device that tell of a habit.
  let fewestProbes: Int
  let fewestSilences: Int
  /// The longest silence that harms no NAT, and with what is tolerated in milliseconds.
  let silence: Duration
  let toleratedSilence: Int64

  init(_ profile: Profile) {
    expiry = profile.wholeSeconds(.endpointExpire)
    expiryBehindNAT = profile.wholeSeconds(.endpointNATExpire)
    probeGap = profile.wholeSeconds(.endpointTimeToLive).map { Int64($0) * 1000 }
    keepaliveGap = profile.wholeSeconds(.natKeepAlivePeriod).map { Int64($0) * 1000 }
    fewestProbes = profile.count(.fewestProbes)
    fewestSilences = profile.count(.fewestSilences)
    silence = profile.seconds(.natSafeIdle)
    toleratedSilence = profile.allowing(silence).wholeNanoseconds / 1_000_000
  }
}

/// One account as it is seen in passing: which rules have to look at it, and what they would count.
struct Glance {
  /// Its bindings in order of time, with their flows.
  let bindings: Bindings
  /// Whether it registers at the switch or the switch registers it elsewhere.
  let direction: Direction
  private(set) var signs: Signs = []
  private(set) var counts = TestCounts()
  private let record: UnsafePointer<Account>

  /// Its history, read where it is kept, which `bindings` see to.
  var account: Account {
    @inline(__always)
    unsafeAddress { record }
  }

  /// Looks at the account at `index`.
  init(
    _ history: History, _ index: Int, _ direction: Direction, _ limits: Limits,
    _ nats: NATMeasurements?
  ) {
    record = UnsafePointer(history.accounts.place(of: index))
    bindings = Bindings(history, index)
    self.direction = direction
    if direction == .outbound { signs.insert(.outbound) }
    lookAtAccount()
    if bindings.count > 1 { signs.insert(.severalBindings) }
    for place in bindings.indices {
      let observed = bindings[place]
      look(at: observed.binding, limits)
      guard let flow = observed.flow else { continue }
      look(at: flow, isBehindNAT: observed.binding.isBehindNAT, limits)
      if let nats, nats.hasMeasured(flow) { signs.insert(.measuredNAT) }
      guard observed.binding.isBehindNAT else { continue }
      if observed.binding.isSeenFromInside { signs.insert(.seenFromInside) }
      if direction == .inbound { lookAtUpkeep(of: flow, since: observed.binding.from.time, limits) }
    }
  }

  /// The place of the last binding that somebody was seen to register.
  var lastBound: Int? {
    var place = bindings.count - 1
    while place >= 0, bindings[place].binding.isOnlyListed { place -= 1 }
    return place < 0 ? nil : place
  }

  private mutating func lookAtAccount() {
    let accepted = account.accepted
    let requests = account.requests
    counts[.accepted] = accepted
    counts[.acceptedAgain] = accepted - 1
    counts[.acceptedOrRecovered] = accepted + account.recovered
    counts[.heardAnswers] = accepted + (account.openChallenges > 0 ? 1 : 0)
    counts[.requests] = requests
    counts[.repeatedRequests] = requests - 1
    let refreshes = account.refreshesInTime
    counts[.refreshesInTime] = refreshes
    counts[.refreshesAndRemovals] = refreshes + (account.lastRemoved == nil ? 0 : 1)
    if accepted == 0 { signs.insert(.unaccepted) }
    if account.hasFailures { signs.insert(.failures) }
    if account.unknownOutcomes > 0 || account.pending > 0 {
      signs.insert(.unanswered)
    }
    if account.unheardChallenges > 0 { signs.insert(.unheard) }
    if !account.changes.isEmpty { signs.insert(.changes) }
    if account.listsSeveral { signs.insert(.lists) }
    if account.hasRareFacts { signs.insert(.rareFacts) }
    if !account.strays.isEmpty { signs.insert(.strays) }
    if !account.misdirected.isEmpty { signs.insert(.misdirected) }
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
      let gaps = flow.probeGaps
      if let limit = limits.probeGap, gaps.count > 0 {
        if gaps.longest > limit { signs.insert(.slowProbes) }
        if gaps.count + 1 >= limits.fewestProbes { counts[.probeGaps] += gaps.sampled }
      }
    }
    guard flow.switchKeepalives > 1, let limit = limits.keepaliveGap, let gaps = flow.pulse?.gaps
    else { return }
    if gaps.longest > limit { signs.insert(.slowKeepalives) }
    counts[.keepaliveGaps] += gaps.sampled
  }

  /// What holds the flow of a device behind a NAT open.
  private mutating func lookAtUpkeep(of flow: Flow, since from: Timestamp, _ limits: Limits) {
    guard flow.isHeard, !flow.isShared else { return }
    counts[.flowsBehindNAT] += 1
    let (device, ofSwitch) = (flow.deviceKeepalives, flow.switchKeepalives)
    if device + ofSwitch == 0 { lookAtSilences(of: flow, since: from, limits) }
    guard ofSwitch > 0 else { return }
    counts[.mutualKeepalives] += device
    if 2 * device < ofSwitch { signs.insert(.oneSidedKeepalives) }
  }

  /// Whether a device without keepalives is silent for too long, as `Upkeep.isSilentTooLong` tells
  /// where more is known of its NAT.
  private mutating func lookAtSilences(of flow: Flow, since from: Timestamp, _ limits: Limits) {
    let silences = flow.silences
    let isLong = Int64(silences.longest) > limits.toleratedSilence
    let enough = limits.fewestSilences
    if !isLong, silences.sampled >= enough { return }
    if flow.longestOpen.map({ $0 > limits.silence }) ?? false {
      signs.insert(.noKeepalives)
    } else if silences.sampled >= enough {
      let long = silences.longer(than: .milliseconds(limits.toleratedSilence)).count
      if long >= enough, 2 * long >= silences.sampled { signs.insert(.noKeepalives) }
    } else if isLong {
      signs.insert(silences.count == silences.sampled ? .hardlyWatched : .noKeepalives)
    } else if flow.lastLife.time - from - limits.silence <= limits.silence {
      signs.insert(.hardlyWatched)
    }
  }
}
