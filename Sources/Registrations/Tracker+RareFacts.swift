import Capture
import Decode
import SIP

/// What few REGISTERs and answers show; healthy ones cost a comparison.
extension Tracker {
  /// A grant longer than what was asked for; a registrar may only shorten it (RFC 3261 10.3).
  mutating func noteRaise(
    _ transaction: RegisterTransaction, _ grant: Grant, at moment: Moment
  ) {
    guard let asked = transaction.requestedSeconds, grant.seconds > asked,
      grant.source == .contact || grant.source == .header
    else { return }
    let account = Int(transaction.account)
    guard !accounts[account].raised.isEmpty else {
      accounts[account].raised = [
        RaisedGrants(
          first: moment, last: moment, requestedSeconds: asked, grantedSeconds: grant.seconds,
          source: transaction.source, userAgent: userAgents[Int(transaction.userAgent)].name)
      ]
      return
    }
    accounts[account].raised[0].last = moment
    accounts[account].raised[0].count += 1
    accounts[account].raised[0].requestedSeconds = asked
    accounts[account].raised[0].grantedSeconds = grant.seconds
  }

  /// A CSeq that falls within a Call-ID (RFC 3261 10.2, 10.3 step 7).
  mutating func noteCSeq(
    _ transaction: RegisterTransaction, after previous: Registrant.LastRegister, isOpen: Bool
  ) {
    accounts[Int(transaction.account)].cseqBreaks.append(
      CSeqBreak(
        request: transaction.sent, cseq: transaction.cseq, previous: previous.cseq,
        previousSent: previous.sent, mayBeReordered: isOpen, source: transaction.source,
        userAgent: userAgents[Int(transaction.userAgent)].name))
  }

  /// What a 423 wants, and whether this client had been told before (RFC 3261 21.4.17).
  mutating func noteInterval(_ transaction: RegisterTransaction, minExpires: UInt32?) {
    guard let index = openSeries(transaction, .tooBrief) else { return }
    func update(_ series: inout FailureSeries) {
      if let told = series.minExpires, (transaction.requestedSeconds ?? 0) < told {
        series.briefAgain += 1
      }
      series.minExpires = minExpires ?? series.minExpires
      series.requestedSeconds = transaction.requestedSeconds
      series.callIDKey = transaction.callIDKey
    }
    update(&accounts[Int(transaction.account), registrant: transaction.registrant].series[index])
  }

  /// Whose binding was valid elsewhere when a REGISTER with credentials was refused.
  mutating func noteHolder(_ transaction: RegisterTransaction, _ kind: FailureSeries.Kind) {
    guard transaction.hasCredentials, let index = openSeries(transaction, kind) else { return }
    let account = Int(transaction.account)
    var holder: BindingHolder?
    for number in accounts[account].current.indices
    where isHeldElsewhere(accounts[account, binding: number], transaction) {
      // A binding from this very place was refreshed before: the newcomer is none.
      if accounts[account, binding: number].source == transaction.source { return }
      holder = Self.holder(accounts[account, binding: number], transaction)
    }
    guard let holder else { return }
    let wasAccepted = accounts[account, registrant: transaction.registrant].hasSucceeded
    accounts[account, registrant: transaction.registrant].series[index].holder = holder
    accounts[account, registrant: transaction.registrant].series[index].deviceWasAccepted =
      wasAccepted
  }

  private mutating func isHeldElsewhere(
    _ binding: Binding, _ transaction: RegisterTransaction
  ) -> Bool {
    !binding.isOnlyListed && !binding.isCarriedOver && binding.isValid(at: now)
      && binding.registrar.address == transaction.destination.address
  }

  private static func holder(
    _ binding: Binding, _ transaction: RegisterTransaction
  ) -> BindingHolder {
    let isSame =
      binding.callIDKey == transaction.callIDKey
      || (binding.instanceKey != 0 && binding.instanceKey == transaction.instanceKey)
    return BindingHolder(
      source: binding.source, userAgent: binding.userAgent, refreshed: binding.refreshed,
      expires: binding.expires, isSameDevice: isSame)
  }

  /// A Contact in a list that nobody registered: listed for the first time, or once more.
  mutating func noteUnregistered(
    _ account: Int, _ key: UInt64, _ contact: String?, expires: Timestamp, at moment: Moment
  ) {
    if let index = accounts[account].unregistered.firstIndex(where: { $0.key == key }) {
      let known = accounts[account].unregistered[index].expires
      // Listed times are whole seconds: less than two more is rounding.
      if expires > known + .seconds(2), accounts[account].unregistered[index].renewed == nil {
        accounts[account].unregistered[index].renewed = moment
      }
      accounts[account].unregistered[index].last = moment
      accounts[account].unregistered[index].expires = expires
    } else if let contact, accounts[account].unregistered.count < Self.mostUnregistered {
      accounts[account].unregistered.append(
        UnregisteredContact(
          key: key, contact: contact, first: moment, last: moment, expires: expires))
    }
  }

  /// A refresh whose time was not the client's own choice, or not the one it makes now.
  mutating func noteDisturbance(
    _ account: Int, _ position: Int, _ transaction: RegisterTransaction
  ) {
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    let isOtherExpiry =
      accounts[account, binding: position].requestedSeconds != transaction.requestedSeconds
    if isOtherExpiry {
      accounts[account].disturbedRefreshes = accounts[account, binding: position].refreshes + 1
    } else if accounts[account, registrant: transaction.registrant].missesRegisters
      || exchange.start.time - exchange.begun > limits.exchange
    {
      accounts[account].disturbedRefreshes += 1
    }
  }

  /// Contacts nobody registered that are kept for one account.
  private static let mostUnregistered = 8

  /// It was registered after all.
  mutating func noteRegistered(_ account: Int, _ key: UInt64) {
    guard !accounts[account].unregistered.isEmpty else { return }
    accounts[account].unregistered.removeAll { $0.key == key }
  }
}

extension Binding {
  /// Keeps a grant that a shorter one follows.
  mutating func noteShorterGrant(_ grant: Tracker.Grant, at moment: Moment) {
    guard grant.seconds < grantedSeconds, grantedSeconds > longerGrant?.seconds ?? 0 else { return }
    longerGrant = LongerGrant(
      seconds: grantedSeconds, requestedSeconds: requestedSeconds, source: grantSource,
      answer: refreshed, shortened: moment)
  }

  /// Follows rows of refreshes less than Timer F before the expiry (RFC 3261 17.1.2.2).
  ///
  /// A grant under twice that time leaves no other choice.
  mutating func noteMargin(
    begun start: Timestamp, at moment: Moment, _ limits: TrackerLimits
  ) {
    let margin = expires - start
    guard margin < limits.transactionTimeout else {
      if thinMargin != nil { rareFacts.facts.thinMargin?.current = 0 }
      return
    }
    guard margin >= .zero, grantSource == .contact || grantSource == .header,
      .seconds(Int64(grantedSeconds)) >= limits.transactionTimeout * 2
    else { return }
    var row =
      thinMargin ?? ThinMargins(at: moment, margin: margin, grantedSeconds: grantedSeconds)
    row.extend(to: moment, margin: margin, grantedSeconds: grantedSeconds)
    thinMargin = row
  }
}
