import Capture

/// Refreshes that came after their binding had run out.
extension Tracker {
  /// A refresh whose exchange began after the granted time is a lapse; otherwise it came in time.
  mutating func noteLapse(
    _ account: Int, _ position: Int, _ transaction: RegisterTransaction
  ) {
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    let expires = accounts[account, binding: position].expires
    guard exchange.start.time > expires,
      !exchange.triedInTime(for: accounts[account, binding: position])
    else {
      accounts[account].refreshesInTime += 1
      return
    }
    let binding = accounts[account, binding: position]
    let lapse = lapse(of: binding, transaction, exchange)
    accounts[account, binding: position].lapses.append(lapse)
    if lapse.isCertain { noteLapse(account, binding, by: binding, at: exchange.start) }
  }

  private mutating func lapse(
    of binding: Binding, _ transaction: RegisterTransaction, _ exchange: Registrant.Exchange
  ) -> Lapse {
    Lapse(
      of: binding, transaction, exchange, mayMissRefresh: mayMissRefresh(of: binding, transaction),
      mayBeOfClock: mayBeOfClock(binding))
  }

  /// Whether it ran out while nobody was heard, though others would have been: to a capture a clock
  /// that is set forwards is a silence.
  ///
  /// A phone or two are silent by themselves when they do not refresh.
  private func mayBeOfClock(_ binding: Binding) -> Bool {
    guard let lastSilence, counts.clockSteps > 0 || accounts.count > 2 else { return false }
    return lastSilence.from < binding.expires && binding.expires < lastSilence.to
  }

  /// Whether something tells of a refresh that the capture does not hold: an answer that is
  /// missing, a CSeq left out, or a switch that went on probing a device long after its time.
  private mutating func mayMissRefresh(of binding: Binding, _ transaction: RegisterTransaction)
    -> Bool
  {
    if binding.unknownSince != nil { return true }
    let account = Int(transaction.account)
    if accounts[account, registrant: transaction.registrant].missesRegisters { return true }
    // Within a series CSeq would tell; with a new Call-ID nothing does.
    if binding.callIDKey != transaction.callIDKey {
      if losses.touch(binding.refreshed.time, transaction.sent.time) { return true }
      if let hole = lastSilence, hole.to > binding.refreshed.time,
        hole.from < transaction.sent.time
      {
        return true
      }
    }
    guard let path = binding.path, let last = paths[path].lastProbe else { return false }
    return last.time > binding.expires + limits.probesAfterExpiry
  }

  mutating func noteLapseOverNewFlow(
    _ old: Binding, _ binding: inout Binding, _ transaction: RegisterTransaction,
    _ exchange: Registrant.Exchange
  ) {
    guard !old.isOnlyListed, exchange.start.time > old.expires, !exchange.triedInTime(for: old)
    else { return }
    binding.lapses.append(lapse(of: old, transaction, exchange))
  }
}

extension Lapse {
  /// The time between a binding's end and the exchange that renewed it.
  init(
    of binding: Binding, _ transaction: RegisterTransaction, _ exchange: Registrant.Exchange,
    mayMissRefresh: Bool, mayBeOfClock: Bool
  ) {
    isSameSeries = binding.callIDKey == transaction.callIDKey
    self.mayMissRefresh = mayMissRefresh
    self.mayBeOfClock = mayBeOfClock
    granted = binding.refreshed
    grantedSeconds = binding.grantedSeconds
    requestedSeconds = binding.requestedSeconds
    grantSource = binding.grantSource
    expired = binding.expires
    next = exchange.start
  }

  /// Whether it is known what was granted and that no refresh is missing.
  var isCertain: Bool {
    !mayMissRefresh && !mayBeOfClock && (grantSource == .contact || grantSource == .header)
  }
}

extension Registrant.Exchange {
  /// Whether the refresh was refused or left unanswered in time: that is reported for itself.
  func triedInTime(for binding: Binding) -> Bool {
    guard binding.unknownSince == nil, let pursuitStart else { return false }
    return pursuitStart <= binding.expires
  }

  /// When the device began to try.
  var begun: Timestamp { pursuitStart ?? start.time }
}
