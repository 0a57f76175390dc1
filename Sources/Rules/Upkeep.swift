import Capture
import Parameters
import Registrations

/// How the flows of an account's devices behind a NAT are held open, or are not.
///
/// The rules on keepalives share this reading. Its silences are those of the device itself: a NAT
/// need not refresh a mapping on packets from outside (RFC 4787 REQ-6).
///
/// A class, since several rules are handed it with a binding and a flow in it.
final class Upkeep: Sendable {
  /// The bindings behind a NAT, each flow once, in order of time.
  let observed: [ObservedBinding]
  /// What is known of the NAT.
  let lifetime: Lifetime
  /// Keepalives the devices sent, and those the switch sent.
  let deviceKeepalives: Int
  let switchKeepalives: Int
  /// The flow whose silences were seen best, with its binding.
  let best: (observed: ObservedBinding, flow: Flow)
  /// Silences that ended with a packet from another mapping.
  private let handovers: [(from: Moment, to: Moment)]

  /// `nil` when no device of the account is behind a NAT as far as the capture shows its packets.
  init?(_ bindings: Bindings, _ direction: Direction, _ lifetime: Lifetime?) {
    guard direction == .inbound, let lifetime else { return nil }
    let observed = Self.flowsBehindNAT(bindings)
    guard let last = observed.last, let flow = last.flow else { return nil }
    var best = (observed: last, flow: flow)
    var keepalives = (ofDevice: 0, ofSwitch: 0)
    var handovers: [(from: Moment, to: Moment)] = []
    for (index, item) in observed.enumerated() {
      guard let flow = item.flow else { continue }
      keepalives.ofDevice += flow.deviceKeepalives
      keepalives.ofSwitch += flow.switchKeepalives
      if flow.silences.count > best.flow.silences.count { best = (item, flow) }
      guard index + 1 < observed.count else { continue }
      let next = observed[index + 1].binding
      if item.binding.end != .removed, item.binding.end != .unknown,
        next.isSameDevice(as: item.binding),
        !next.isRestart(of: item.binding),
        next.fromRequest.time > flow.lastLife.time, flow.lastLife.frame != .earlier
      {
        handovers.append((flow.lastLife, next.fromRequest))
      }
    }
    self.observed = observed
    self.lifetime = lifetime
    self.best = best
    self.handovers = handovers
    (deviceKeepalives, switchKeepalives) = (keepalives.ofDevice, keepalives.ofSwitch)
  }

  private static func flowsBehindNAT(_ bindings: Bindings) -> [ObservedBinding] {
    if bindings.count == 1 { return isBehindNAT(bindings[0]) ? [bindings[0]] : [] }
    var kept: [ObservedBinding] = []
    for observed in bindings where isBehindNAT(observed) {
      // Of several bindings over one flow the last one tells most.
      kept.removeAll { $0.binding.path == observed.binding.path }
      kept.append(observed)
    }
    return kept
  }

  private static func isBehindNAT(_ observed: ObservedBinding) -> Bool {
    guard observed.binding.isBehindNAT, let flow = observed.flow else { return false }
    return flow.isHeard && !flow.isShared
  }

  /// Of the silences seen, how many are longer than `bound` beyond tolerance, and how many there are.
  func silences(longerThan bound: Duration, _ profile: Profile) -> (count: Int, of: Int) {
    if handovers.isEmpty, let seen = silencesWithin(bound) { return (0, seen) }
    let limit =
      bound == lifetime.usual ? lifetime.usualTolerated : profile.allowing(bound)
    var sum = (count: handovers.count { $0.to.time - $0.from.time > limit }, of: handovers.count)
    for item in observed {
      guard let part = item.flow?.silences.longer(than: limit) else { continue }
      sum = (sum.count + part.count, sum.of + part.of)
    }
    return sum
  }

  /// How many silences there are, where none is longer than `bound`, so that nothing needs to be
  /// allowed for; `nil` where one is.
  private func silencesWithin(_ bound: Duration) -> Int? {
    let limit = bound.components.seconds
    var seen = 0
    for item in observed {
      guard let silences = item.flow?.silences else { continue }
      guard Int64(silences.longest) <= limit * 1000 else { return nil }
      seen += silences.sampled
    }
    return seen
  }

  /// Whether the device is silent regularly for longer than is harmless; `nil` when too little of
  /// it was seen to tell.
  func isSilentTooLong(_ profile: Profile) -> Bool? {
    let seen = silences(longerThan: lifetime.harmless, profile)
    let enough = profile.count(.fewestSilences)
    if seen.of >= enough { return seen.count >= enough && 2 * seen.count >= seen.of }
    // With fewer silences it is the time watched that tells.
    guard let last = observed.last, let flow = last.flow else { return nil }
    let harmless = lifetime.harmless
    // Twice as long; a product of durations costs more than all else here.
    let isWatched = flow.lastLife.time - last.binding.from.time - harmless > harmless
    return isWatched && seen.count == 0 ? false : nil
  }

  /// When the last of the bindings ended; `nil` while it goes on.
  var ended: Timestamp? { observed.last?.binding.ended?.time }

  /// How long the device is usually silent, within a flow or until it comes over a new one.
  var usualSilence: Duration {
    let within = best.flow.silences.median.map { Duration.milliseconds(Int64($0 * 1000)) }
    let between = handovers.map { $0.to.time - $0.from.time }.sorted()
    return max(within ?? .zero, between.isEmpty ? .zero : between[between.count / 2])
  }

  /// The packets around the longest silence.
  var evidence: [Evidence] {
    let silences = handovers + observed.compactMap { $0.flow?.longestSilence }
    let longest = silences.max { $0.to.time - $0.from.time < $1.to.time - $1.from.time }
    guard let longest else {
      return [Evidence(best.observed.binding.refreshed, "registration over \(best.flow.remote)")]
    }
    let span = Wording.span(longest.to.time - longest.from.time)
    return [
      Evidence(longest.from, "packet from the device, then silence for \(span)"),
      Evidence(longest.to, "next packet from the device"),
    ]
  }

  static let tooShort = "the capture is too short to show how the flow is held open"
}

extension Profile {
  /// A time with the tolerance that measured intervals are allowed.
  func allowing(_ interval: Duration) -> Duration {
    let share = interval * count(.intervalTolerance) / 100
    return interval + max(share, seconds(.intervalToleranceFloor))
  }
}
