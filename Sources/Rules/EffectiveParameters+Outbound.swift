import Capture
import Parameters
import Registrations

/// What the switch's own registrations at upstream servers show.
struct OutboundTally: Sendable {
  struct Expiry {
    var value: ParameterValue
    var support: Int
    var spread: ClosedRange<Int>
    var comparison = EffectiveParameters.Comparison.equal
    var basis: String
  }

  /// How well it must be known when a client began to wait.
  private static let knownWithin = Duration.seconds(1)

  private(set) var retryDelays = ValueTally()
  private var asked = ValueTally()
  /// After how much of the granted time refreshes came, in percent.
  private(set) var refreshShares = ValueTally()
  /// REGISTERs by their Privacy header, the empty text for none.
  private(set) var privacies = Counts<String>()
  /// Refreshes at half of what was asked although less was granted, and those that follow the grant.
  private var fixed = 0
  private var negotiated = 0

  mutating func take(_ subject: Subject) {
    for observed in subject.bindings { take(observed.binding) }
    takePrivacy(subject.account)
    for run in subject.account.failureRuns {
      // Where an answer came, or Timer F ran out, it is known when the wait began.
      for retry in run.retries.kept
      where retry.shortest > .zero && retry.longest - retry.shortest <= Self.knownWithin {
        retryDelays.add(Int(retry.shortest.inSeconds.rounded()))
      }
    }
  }

  private mutating func take(_ binding: Binding) {
    guard let request = binding.requestedSeconds, request > 0, !binding.isOnlyListed else { return }
    asked.add(Int(request))
    if binding.grantedSeconds > 0, binding.gaps.count >= 2, let gap = binding.gaps.median {
      let share = (gap * 100 / Double(binding.grantedSeconds)).rounded()
      refreshShares.add(Int(min(share, 1000)), times: binding.gaps.count)
    }
    guard binding.grantedSeconds < request, let gap = binding.gaps.median else { return }
    if isNear(gap, half: request) {
      fixed += binding.gaps.count
    } else if gap < Double(binding.grantedSeconds) {
      negotiated += binding.gaps.count
    }
  }

  /// RFC 3323 4.2; without the header the switch ignores the matter.
  private mutating func takePrivacy(_ account: borrowing Account) {
    var told = 0
    for use in account.privacies {
      told += use.count
      if let value = use.value { privacies.add(value.lowercased(), times: use.count) }
    }
    if account.requests > told { privacies.add("", times: account.requests - told) }
  }

  /// 45 to 55 % (SS_SIP_USER_AGENT_EXPIRE refreshes a fixed value at about half of it).
  private func isNear(_ gap: Double, half request: UInt32) -> Bool {
    abs(gap - Double(request) / 2) <= max(Double(request) * 0.05, 2)
  }

  /// The mode is known only where the upstream granted less than was asked; elsewhere what was
  /// asked for is, where that is one value.
  var expiry: Expiry? {
    guard let mode = asked.mode else { return nil }
    let spread = asked.lowest...asked.highest
    guard (fixed > 0) != (negotiated > 0) else {
      guard fixed == 0, spread.count == 1 else { return nil }
      return Expiry(
        value: .integer(mode.value), support: mode.times, spread: spread, comparison: .number,
        basis: "asked of upstreams, none of which granted less")
    }
    return Expiry(
      value: fixed > 0 ? .integer(mode.value) : .auto, support: max(fixed, negotiated),
      spread: spread,
      basis: fixed > 0
        ? "refreshed at half of what was asked, whatever was granted"
        : "refreshed as the upstream's shorter grant demands")
  }
}

extension EffectiveParameters {
  mutating func settleOutbound(_ outbound: OutboundTally) {
    if let expiry = outbound.expiry {
      settle(
        "SS_SIP_USER_AGENT_EXPIRE", expiry.value, support: expiry.support, spread: expiry.spread,
        expiry.comparison, refreshPercent: outbound.refreshShares.median, basis: expiry.basis)
    }
    // Several are those of several registrations, or a change: no single value.
    let privacies = outbound.privacies.all
    guard privacies.count == 1, let privacy = privacies.first else { return }
    settle(
      "SS_SIP_USER_AGENT_PRIVACY", .text(Self.privacy(privacy.key)), support: privacy.times,
      basis: privacy.key.isEmpty
        ? "no Privacy header in outbound REGISTERs" : "Privacy header of outbound REGISTERs")
  }

  /// As the parameter is written.
  private static func privacy(_ header: String) -> String {
    switch header {
    case "": "Ignore"
    case "id": "Id"
    case "none": "None"
    default: header
    }
  }
}
