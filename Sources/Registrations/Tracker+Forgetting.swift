import Capture

/// Forgetting what has long been over, so that a tracker that runs for weeks does not grow.
///
/// A binding that ended, a failure that is past, an account nobody has used for longer than
/// `TrackerLimits.memory` goes, and its place is used again. Captures of files are kept whole.
extension Tracker {
  /// How often some accounts have their turn, and how many turns a round takes: an hour.
  private static let turn = Duration.seconds(1)
  private static let turns = 3600

  /// Gives some accounts their turn.
  mutating func forgetSome() {
    guard let memory = limits.memory else { return }
    let horizon = now + .nanoseconds(-memory.wholeNanoseconds)
    let elapsed = max((now - lastTurn).wholeNanoseconds / Self.turn.wholeNanoseconds, 1)
    lastTurn = now
    nextTurn = (now + Self.turn).nanoseconds
    let each = accounts.count / Self.turns + 1
    let (wanted, overflow) = each.multipliedReportingOverflow(by: Int(clamping: elapsed))
    for _ in 0..<min(overflow ? .max : wanted, accounts.count) {
      if turnOfAccount >= accounts.count { turnOfAccount = 0 }
      forget(turnOfAccount, before: horizon)
      turnOfAccount += 1
    }
    forgetBursts(before: horizon, turns: elapsed)
  }

  /// Gives some addresses their turn: what they tried long ago is over.
  private mutating func forgetBursts(before horizon: Timestamp, turns: Int64) {
    let each = Int64(sources.count / Self.turns + 1)
    let (wanted, overflow) = each.multipliedReportingOverflow(by: turns)
    for _ in 0..<min(overflow ? .max : wanted, Int64(sources.count)) {
      if turnOfSource >= sources.count { turnOfSource = 0 }
      sources[turnOfSource].bursts.forget { $0.to.time < horizon }
      turnOfSource += 1
    }
  }

  private mutating func forget(_ account: Int, before horizon: Timestamp) {
    guard !accounts[account].isVacant else { return }
    catchUp(account)
    forgetBindings(account, before: horizon)
    forgetIncidents(account, before: horizon)
    if accounts[account].lastSeen.time < horizon { forgetAccount(account, before: horizon) }
  }

  private mutating func forgetIncidents(_ account: Int, before horizon: Timestamp) {
    guard !accounts[account].incidents.isEmpty else { return }
    accounts[account].changes.forget { $0.moment.time < horizon }
    accounts[account].failures.forget { ($0.last?.request.time ?? horizon) < horizon }
    accounts[account].pastRuns.forget { $0.last.request.time < horizon }
  }

  private mutating func forgetBindings(_ account: Int, before horizon: Timestamp) {
    let isOver = { (binding: Binding) in binding.validUntil < horizon }
    if !accounts[account].incidents.isEmpty {
      for binding in accounts[account].past.kept where isOver(binding) {
        if let path = binding.path { release(path) }
      }
      accounts[account].past.forget(where: isOver)
    }
    guard accounts[account].current.contains(where: { $0.expires < horizon }) else { return }
    for place in accounts[account].current.indices
    where accounts[account, binding: place].expires < horizon {
      if let path = accounts[account, binding: place].path { release(path) }
    }
    accounts[account].current.removeAll { $0.expires < horizon }
  }

  /// Gives an account's place back, once nothing points to it any more.
  private mutating func forgetAccount(_ account: Int, before horizon: Timestamp) {
    guard accounts[account].current.isEmpty, accounts[account].past.kept.isEmpty else { return }
    while !accounts[account].calls.isEmpty { forgetCall(account, 0) }
    if let stray = accounts[account].strays.first {
      guard stray.last.time < horizon else { return }
      accounts[account].strays = []
      if stray.path != Reachability.none { release(stray.path) }
    }
    // Requests that are still open, or another account on the same flow.
    guard accounts[account].records == 0 else { return }
    accountIndex.remove(accounts[account].key, ifNaming: UInt32(truncatingIfNeeded: account))
    let (registrar, source, seen) = (
      accounts[account].registrar, accounts[account].source, accounts[account].lastSeen
    )
    accounts[account] = Account(
      TextPair(), registrar: registrar, source: source, firstSeen: seen)
    accounts[account].isVacant = true
    vacant.append(UInt32(truncatingIfNeeded: account))
    counts.accountsForgotten += 1
  }

  /// Puts a new account where one was forgotten, else behind the others; gives its place.
  mutating func place(_ account: consuming Account) -> Int {
    guard let place = vacant.popLast() else {
      accounts.append(consume account)
      return accounts.count - 1
    }
    accounts[Int(place)] = consume account
    return Int(place)
  }
}

extension BoundedList {
  /// Takes out what is over; it stays counted.
  mutating func forget(where isOver: (Element) -> Bool) {
    guard kept.contains(where: isOver) else { return }
    kept.removeAll(where: isOver)
  }
}
