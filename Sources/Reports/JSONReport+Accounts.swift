package import Capture
import Decode
package import Registrations
package import Rules

extension JSONWriter {
  /// Writes one account with its bindings.
  mutating func write(_ account: AccountSummary) {
    let history = account.subject.account
    let flows = AccountFlows(account.subject)
    beginObject()
    put("account", history.addressOfRecord)
    put("direction", account.subject.direction.word)
    put("registrar", history.registrar.description)
    put("state", account.state.rawValue)
    put("reachable_seconds", account.reachable)
    put("unreachable_seconds", account.unreachable)
    key("bindings")
    beginArray()
    for observed in account.subject.bindings { write(observed.binding) }
    end()
    // With very many, the history keeps the first and the last ones: the number tells.
    put("binding_count", history.past.total + history.current.count)
    key("pinhole")
    write(account.subject.pinhole)
    key("probes")
    write(flows.probes)
    end()
  }

  private mutating func write(_ binding: Binding) {
    let outcome = BindingOutcome(binding)
    beginObject()
    put("contact", binding.contact)
    // A binding that was only listed has no REGISTER whose source would tell.
    put("flow", binding.isOnlyListed ? nil : binding.source.description)
    put("behind_nat", binding.isBehindNAT)
    put("user_agent", binding.userAgent.isEmpty ? nil : binding.userAgent)
    put("call_id", binding.callID.isEmpty ? nil : binding.callID)
    put("granted_seconds", binding.grantedSeconds)
    put("refreshes", binding.refreshes)
    put("only_listed", binding.isOnlyListed)
    put("from", binding.from.time)
    put("to", outcome.time)
    put("end", outcome.word)
    end()
  }

  private mutating func write(_ pinhole: Lifetime?) {
    guard let pinhole else { return null() }
    beginObject(onOneLine: true)
    put("longest_open_seconds", pinhole.longestOpen)
    put("shortest_closed_seconds", pinhole.shortestClosed)
    put("recommended_keepalive_seconds", pinhole.recommendedKeepalive)
    put("recommended_expiry_seconds", pinhole.recommendedExpiry)
    end()
  }

  private mutating func write(_ probes: AccountFlows.Probes?) {
    guard let probes else { return null() }
    beginObject(onOneLine: true)
    put("sent", probes.sent)
    put("answered", probes.answered)
    put("interval_seconds", probes.interval)
    end()
  }
}

/// How and when a binding ended, as reports say it.
package struct BindingOutcome {
  package let word: String
  /// `nil` while it is open, or when the capture does not tell.
  package let time: Timestamp?

  package init(_ binding: Binding) {
    switch binding.end {
    case .refreshed: word = "refreshed"
    case .replaced: word = "replaced"
    case .removed: word = "removed"
    // With the answer to a refresh missing, the expiry is no longer known.
    case .expired where binding.unknownSince == nil: word = "expired"
    case .expired, .unknown, nil: word = "open"
    }
    time = word == "open" ? nil : binding.validUntil
  }
}

/// What the flows of an account's bindings show together.
package struct AccountFlows {
  /// The OPTIONS it was sent.
  package struct Probes {
    package var sent = 0
    package var answered = 0
    package var interval: Duration?
  }

  /// `nil` when there were none.
  package private(set) var probes: Probes?

  package init(_ subject: Subject) {
    // Bindings made over the same flow share its record: each record counts once.
    var seen: Set<UInt32> = []
    var mostGaps = 0
    for observed in subject.bindings {
      guard let flow = observed.flow, let path = observed.binding.path else { continue }
      guard seen.insert(path).inserted, flow.probes > 0 else { continue }
      var sum = probes ?? Probes()
      sum.sent += flow.probes
      sum.answered += flow.answeredProbes
      if flow.probeGaps.count > mostGaps, let median = flow.probeGaps.median {
        mostGaps = flow.probeGaps.count
        sum.interval = .milliseconds(Int64(median * 1000))
      }
      probes = sum
    }
  }
}
