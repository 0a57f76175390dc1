import Capture
import Decode
import SIP

/// Changes of who holds an account's registration: the raw material of flapping.
extension Tracker {
  func owner(_ binding: Binding) -> Owner {
    // The instance names the device; without one, the Contact does as long as it stays the same.
    let device =
      binding.instanceKey != 0
      ? UInt64(binding.instanceKey)
      : mixed(binding.contactKey, mixed(binding.source.address.high, binding.source.address.low))
    return Owner(
      source: binding.source, userAgent: binding.userAgent, contact: binding.contact,
      deviceKey: device)
  }

  /// One binding took the place of another.
  mutating func noteChange(
    _ account: Int, from old: Binding, to new: Binding, _ isSame: Bool, at moment: Moment
  ) {
    guard old.expires > now, !old.isCarriedOver else { return }
    let isElsewhere = old.source.address != new.source.address
    // A new port of the same host is the NAT's doing, not a change of hands.
    guard !isSame || isElsewhere else { return }
    accounts[account].changes.append(
      OwnershipChange(
        kind: isSame ? .moved : .replaced, since: moment.time, moment: moment, previous: owner(old),
        next: owner(new)))
  }

  mutating func noteRemoval(_ account: Int, _ binding: Binding, at moment: Moment) {
    guard !binding.isOnlyListed else { return }
    let owner = owner(binding)
    guard !accounts[account].current.contains(where: { $0.expires > now }) else { return }
    accounts[account].changes.append(
      OwnershipChange(
        kind: .removed, since: moment.time, moment: moment, previous: owner, next: owner))
  }

  /// A registration after a time without any.
  mutating func noteReturn(_ account: Int, _ binding: Binding, _ start: Moment) {
    guard !accounts[account].current.contains(where: { $0.expires > start.time }) else { return }
    guard let last = accounts[account].changes.kept.last, last.kind == .removed else {
      noteReturnAfterExpiry(account, binding, start)
      return
    }
    accounts[account].changes.append(
      OwnershipChange(
        kind: .returned, since: binding.from.time, moment: binding.from, previous: last.next,
        next: owner(binding)))
  }

  private mutating func noteReturnAfterExpiry(_ account: Int, _ binding: Binding, _ start: Moment) {
    guard !accounts[account].current.isEmpty || !accounts[account].incidents.isEmpty else { return }
    let expired = accounts[account].current.last ?? accounts[account].past.kept.last
    guard let expired, !expired.isOnlyListed, !expired.isCarriedOver,
      expired.expires <= start.time,
      expired.end == nil || expired.end == .expired
    else { return }
    noteLapse(account, expired, by: binding, at: start)
  }

  /// A registration that had run out came back.
  mutating func noteLapse(
    _ account: Int, _ expired: Binding, by binding: Binding, at moment: Moment
  ) {
    guard moment.time > expired.expires + .seconds(1), isWhole(since: expired.refreshed.time)
    else { return }
    accounts[account].changes.append(
      OwnershipChange(
        kind: .lapsed, since: expired.expires, moment: moment, previous: owner(expired),
        next: owner(binding)))
  }
}
