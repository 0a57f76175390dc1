package import Capture
import Registrations
import Decode
import Reports
import Rules

/// One account's registrations, as far as they are shown.
package struct AccountDetail: Sendable {
  /// One binding as long as it kept its Contact and its flow.
  package struct Registration: Sendable {
    package let from: Timestamp
    /// `nil` while it is valid, or when nothing tells.
    package let to: Timestamp?
    /// How it ended.
    package let end: String
    package let place: String
    package let device: String
    package let grantedSeconds: UInt32
    package let refreshes: Int
  }

  /// Registrations that are shown, the newest ones.
  private static let most = 50

  /// Where it registers, in words.
  package let place: String
  package let reachable: Duration?
  package let unreachable: Duration?
  /// The newest first.
  package let registrations: [Registration]
  /// Registrations there were, shown or not.
  package let total: Int
  /// What the switch probed it with, in words; `nil` when it did not.
  package let probes: String?

  init(_ account: AccountSummary) {
    let history = account.subject.account
    let isOutbound = account.subject.direction == .outbound
    place = "\(isOutbound ? "registers at" : "at") \(history.registrar)"
    reachable = account.reachable
    unreachable = account.unreachable
    registrations = account.subject.bindings.suffix(Self.most).reversed().map {
      Registration($0.binding)
    }
    total = history.past.total + history.current.count
    probes = AccountFlows(account.subject).probes.map { probes in
      let interval = probes.interval.map { ", every \(Wording.span($0))" } ?? ""
      return "\(Words.count(probes.sent, "probe")), \(Words.grouped(probes.answered)) answered"
        + interval
    }
  }
}

extension AccountDetail.Registration {
  init(_ binding: Binding) {
    let outcome = BindingOutcome(binding)
    from = binding.from.time
    to = outcome.time
    end = outcome.word
    if binding.isOnlyListed {
      place = "only listed by the registrar: \(binding.contact)"
    } else {
      place = "via \(binding.source)\(binding.isBehindNAT ? " (NAT)" : "")"
    }
    device = binding.userAgent
    grantedSeconds = binding.grantedSeconds
    refreshes = binding.refreshes
  }
}
