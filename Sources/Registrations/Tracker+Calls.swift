import Capture
import Decode
import SIP

/// Calls on flows of registered devices, as far as the ownership of a binding asks for them.
///
/// Kept while they are up, as episodes where their binding was replaced meanwhile. On a flow that
/// several accounts share a BYE does not tell whose call it ends, so none is followed there.
extension Tracker {
  /// Takes in an INVITE or BYE on the flow of a device.
  mutating func followCall(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, on path: UInt32, fromDevice: Bool,
    at moment: Moment
  ) {
    let account = Int(paths[path].account)
    let key = mixed(bytes.hash(message.callID, seed: seed), paths[path].flow)
    let known = accounts[account].calls.firstIndex { $0.key == key }
    if message.method == .bye {
      if let known { endCall(account, known, fromDevice: fromDevice, at: moment) }
    } else if known == nil, message.to.tag.isEmpty, !isCrowded(path) {
      beginCall(
        Call(key: key, numbers: keys.numbers(message, bytes), path: path, invite: moment), account)
    }
  }

  private mutating func beginCall(_ call: Call, _ account: Int) {
    var call = call
    if accounts[account].calls.count >= limits.callsPerAccount {
      forgetCall(account, 0)
      accounts[account].callsLeftOut += 1
    }
    if let other = callIndex.find(call.numbers), let leg = otherLeg(of: call, in: Int(other)) {
      call.peerAccount = other
      call.peerKey = accounts[Int(other)].calls[leg].key
      accounts[Int(other)].calls[leg].peerAccount = UInt32(truncatingIfNeeded: account)
      accounts[Int(other)].calls[leg].peerKey = call.key
    } else {
      callIndex.set(call.numbers, UInt32(truncatingIfNeeded: account))
    }
    accounts[account].calls.append(call)
  }

  /// The call of another leg with the same numbers that began just before.
  private mutating func otherLeg(of call: Call, in account: Int) -> Int? {
    let earliest = call.invite.time + .nanoseconds(-limits.legsApart.wholeNanoseconds)
    return accounts[account].calls.firstIndex {
      $0.numbers == call.numbers && $0.path != call.path && $0.peerAccount == Call.noPeer
        && $0.answered == nil && $0.invite.time >= earliest
    }
  }

  /// Takes in a final answer to an INVITE.
  mutating func answerCall(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    if message.statusCode >= 400 { noteRefusedCall(message, bytes, at: sighting) }
    guard message.statusCode >= 200,
      let path = path(from: sighting.source, to: sighting.destination)
        ?? path(from: sighting.destination, to: sighting.source)
    else { return }
    let account = Int(paths[path].account)
    guard !accounts[account].calls.isEmpty else { return }
    let key = mixed(bytes.hash(message.callID, seed: seed), paths[path].flow)
    guard let index = accounts[account].calls.firstIndex(where: { $0.key == key }),
      accounts[account].calls[index].answered == nil
    else { return }
    if message.statusCode < 300 {
      accounts[account].calls[index].answered = sighting.moment
    } else {
      forgetCall(account, index)
    }
  }

  private mutating func endCall(
    _ account: Int, _ index: Int, fromDevice: Bool, at moment: Moment
  ) {
    let call = accounts[account].calls[index]
    if call.peerAccount != Call.noPeer {
      let other = Int(call.peerAccount)
      if let leg = accounts[other].calls.firstIndex(where: { $0.key == call.peerKey }) {
        if fromDevice {
          accounts[other].calls[leg].peerHungUp = moment
        } else {
          accounts[other].calls[leg].peerReleased = moment
        }
      } else if !fromDevice {
        noteOtherLeg(other, call.peerKey, moment)
      }
    }
    let outcome: ReplacedCall.Outcome
    if fromDevice || call.peerHungUp != nil {
      outcome = .hungUp
    } else {
      outcome = call.peerAccount == Call.noPeer ? .releasedWithoutOtherLeg : .released
    }
    noteReplacedCall(account, call, outcome, moment)
    forgetCall(account, index)
  }

  /// The switch ends the other leg of a call on a replaced binding after its own.
  private mutating func noteOtherLeg(_ account: Int, _ key: UInt64, _ moment: Moment) {
    guard accounts[account].replacedCalls.kept.last?.key == key else { return }
    accounts[account].replacedCalls.updateLast {
      $0.otherLegReleased = $0.otherLegReleased ?? moment
    }
  }

  mutating func forgetCall(_ account: Int, _ index: Int) {
    let call = accounts[account].calls.remove(at: index)
    callIndex.remove(call.numbers, ifNaming: UInt32(truncatingIfNeeded: account))
  }

  private mutating func noteReplacedCall(
    _ account: Int, _ call: Call, _ outcome: ReplacedCall.Outcome, _ ended: Moment?
  ) {
    guard let replaced = call.replaced, let answered = call.answered else { return }
    accounts[account].replacedCalls.append(
      ReplacedCall(
        key: call.key, outcome: outcome, source: paths[call.path].remote, invite: call.invite,
        answered: answered,
        replaced: replaced, ended: ended, otherLegReleased: call.peerReleased))
  }

  /// A binding was replaced: notes which calls ran on it.
  mutating func noteReplaced(_ account: Int, _ path: UInt32, at moment: Moment) {
    guard !accounts[account].current.contains(where: { $0.path == path }) else { return }
    paths[path].replacedAt = moment.time.nanoseconds
    for index in accounts[account].calls.indices
    where accounts[account].calls[index].path == path
      && accounts[account].calls[index].answered != nil
    {
      accounts[account].calls[index].replaced = moment
    }
  }

  /// A request to a device whose binding was replaced; one of a call or subscription may be.
  mutating func noteUseOfReplaced(
    _ message: borrowing SIPMessage, _ path: UInt32, at moment: Moment
  ) {
    guard message.to.tag.isEmpty else { return }
    let account = Int(paths[path].account)
    let replaced = Timestamp(nanoseconds: paths[path].replacedAt)
    let isLate = moment.time > replaced + limits.replacementGrace
    let isCall = message.method == .invite
    func note(_ use: inout ReplacedUse) {
      guard isLate else { return }
      use.first = use.first ?? moment
      use.last = moment
      use.requests += 1
      guard isCall else { return }
      use.invites += 1
      use.firstInvite = use.firstInvite ?? moment
    }
    if let index = accounts[account].replacedUses.lastIndex(where: {
      $0.path == path && $0.replaced == replaced
    }) {
      note(&accounts[account].replacedUses[index])
    } else if accounts[account].replacedUses.count < limits.replacedUsesPerAccount {
      var use = ReplacedUse(path: path, source: paths[path].remote, replaced: replaced)
      note(&use)
      accounts[account].replacedUses.append(use)
    }
  }

  /// Tells of calls that were up when the capture ended.
  mutating func closeCalls(_ account: Int) {
    while let call = accounts[account].calls.popLast() {
      guard !isCrowded(call.path) else { continue }
      noteReplacedCall(account, call, .open, nil)
    }
  }
}
