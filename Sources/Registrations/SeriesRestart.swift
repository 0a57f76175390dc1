public import Capture
public import Decode
import SIP

/// A new Call-ID series of a device whose old series was neither removed nor over.
public struct SeriesRestart: Sendable {
  /// The last answer in the old series.
  public let last: Moment
  /// What that granted, in seconds.
  public let grantedSeconds: UInt32
  /// Where the old series came from.
  public let previousSource: Endpoint
  /// The Contact of the old series.
  public let previousContact: String
  /// When the old binding would have run out.
  public let previousExpires: Timestamp
  /// Where the new series comes from.
  public let source: Endpoint
  /// The device's user agent.
  public let userAgent: String
  /// The first REGISTER of the new series.
  public let start: Moment
  /// The answer that accepted it.
  public let accepted: Moment
  /// Whether the new series has another Contact, beside which the old one stays.
  public let hasOtherContact: Bool
  /// Whether the device was used to keep its Call-ID for its refreshes.
  public let wasKept: Bool
  /// Whether a refresh followed in the new series: the device goes on with it.
  public internal(set) var wentOn = false
  /// Whether the old series was heard again: it belongs to another device.
  public internal(set) var isContradicted = false
  let previousCallIDKey: UInt64
  let callIDKey: UInt64
}

/// Restarts of devices, as far as Call-IDs and CSeq tell (RFC 3261 10.2, 10.2.4).
extension Tracker {
  /// An accepted REGISTER: whether it goes on with a series of the account or begins a new one.
  mutating func followSeries(
    _ transaction: RegisterTransaction, afterFailure hasFailed: Bool, at moment: Moment
  ) {
    let account = Int(transaction.account)
    if !accounts[account].rareFacts.isEmpty { noteSeriesGoesOn(account, transaction.callIDKey) }
    var previous: Int?
    for index in accounts[account].current.indices {
      // The plain refresh, nearly always.
      if accounts[account, binding: index].callIDKey == transaction.callIDKey { return }
      if isLeftBehind(accounts[account, binding: index], by: transaction) { previous = index }
    }
    // After a failure some clients go on with a new Call-ID.
    guard let previous, !hasFailed, !transaction.isShared, !transaction.isRemoval else { return }
    noteRestart(of: accounts[account, binding: previous], transaction, at: moment)
  }

  private mutating func noteSeriesGoesOn(_ account: Int, _ callID: UInt64) {
    accounts[account].restarts.updateEach { restart in
      if callID == restart.callIDKey { restart.wentOn = true }
      if callID == restart.previousCallIDKey { restart.isContradicted = true }
    }
  }

  /// Whether a binding seems to be the same device's from before: same host, user agent, registrar.
  private mutating func isLeftBehind(
    _ binding: Binding, by transaction: RegisterTransaction
  ) -> Bool {
    let account = Int(transaction.account)
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    guard !binding.isOnlyListed, !binding.isSuperseded, binding.unknownSince == nil,
      !binding.isCarriedOver,
      binding.source.address == transaction.source.address,
      binding.registrar.address == transaction.destination.address,
      binding.agent.number == transaction.userAgent,
      binding.isValid(at: exchange.start.time),
      // Clients that take a new Call-ID each time are told once.
      binding.keptCallIDs > 0 || binding.freshCallIDs == 0,
      !accounts[account, registrant: transaction.registrant].hasAskedForRemoval
    else { return false }
    if binding.urnKey != 0, transaction.urnKey != 0, binding.urnKey != transaction.urnKey {
      return false
    }
    // A CSeq that goes on over the change of Call-ID was not begun anew; challenge and retry are two.
    return exchange.cseq <= binding.cseq || exchange.cseq - binding.cseq > 2
  }

  private mutating func noteRestart(
    of old: Binding, _ transaction: RegisterTransaction, at moment: Moment
  ) {
    let account = Int(transaction.account)
    let start = accounts[account, registrant: transaction.registrant].exchange.start
    accounts[account].restarts.append(
      SeriesRestart(
        last: old.refreshed, grantedSeconds: old.grantedSeconds, previousSource: old.source,
        previousContact: old.contact, previousExpires: old.expires, source: transaction.source,
        userAgent: old.userAgent, start: start, accepted: moment,
        hasOtherContact: old.contactKey != transaction.contactKey,
        wasKept: old.keptCallIDs > old.freshCallIDs, previousCallIDKey: old.callIDKey,
        callIDKey: transaction.callIDKey))
  }
}
