import Capture
import Decode
import SIP

/// The life of flow records: made by an accepted REGISTER, kept while a binding names them.
///
/// One flow can carry several accounts: the lines of one phone, or all the phones behind a border
/// controller or edge proxy. Then each account has a record of its own, found by the user part of
/// its Contact, since a phone that is dead says nothing of its neighbours.
extension Tracker {
  /// Accounts of one flow up to which they are taken for the lines of one phone.
  ///
  /// A keepalive is a sign of life of each of these then. Behind a border controller it says nothing of the phones.
  static let mostLines = 16

  /// The record of the flow a registration came over, made when there is none.
  mutating func pathForBinding(_ transaction: RegisterTransaction) -> UInt32 {
    let flow = keys.flow(transaction.destination, transaction.source)
    let user = transaction.contactUserKey
    if let known = path(flow: flow, account: transaction.account, user: user) {
      name(known, user)
      return known
    }
    let number = newPath(
      flow, from: transaction.destination, to: transaction.source, account: transaction.account,
      user: user, isShared: transaction.isShared, at: transaction.sent)
    if isCrowded(number) { index(number) } else { addAlias(number, transaction) }
    return number
  }

  /// Makes a record and puts it behind those of other accounts on the same flow.
  mutating func newPath(
    _ flow: UInt64, from local: Endpoint, to remote: Endpoint, account: UInt32, user: UInt64,
    isShared: Bool = false, at moment: Moment
  ) -> UInt32 {
    let number = paths.add(
      Reachability(
        key: nextSerial(), flow: flow, local: local, remote: remote, account: account,
        isShared: isShared, lastLife: moment))
    paths[number].userKey = user
    accounts[Int(account)].records += 1
    switchPorts.insert(local.port)
    guard let head = pathIndex.find(flow) else {
      pathIndex.set(flow, number)
      return number
    }
    if !isCrowded(head) { index(head) }
    let next = paths[head].next
    paths[number].previous = head
    paths[number].next = next
    paths[head].next = number
    if next != Reachability.none { paths[next].previous = number }
    index(number)
    return number
  }

  /// Whether other accounts may use the flow as well.
  mutating func isCrowded(_ path: UInt32) -> Bool {
    paths[path].isShared || paths[path].next != Reachability.none
      || paths[path].previous != Reachability.none
  }

  /// Makes the record of a crowded flow known by its account and its Contact's user part.
  private mutating func index(_ path: UInt32) {
    pathIndex.set(Self.accountKey(paths[path].flow, paths[path].account), path)
    pathIndex.set(mixed(paths[path].flow, paths[path].userKey), path)
  }

  /// The record is found by that user part of the Contact from now on.
  private mutating func name(_ path: UInt32, _ user: UInt64) {
    if paths[path].userKey != user {
      pathIndex.remove(mixed(paths[path].flow, paths[path].userKey), ifNaming: path)
      paths[path].userKey = user
    }
    if isCrowded(path) { index(path) }
  }

  private static func accountKey(_ flow: UInt64, _ account: UInt32) -> UInt64 {
    mixed(flow ^ 0xACC0, UInt64(account))
  }

  /// The record of one account on a flow; accounts with the same Contact share theirs.
  mutating func path(flow: UInt64, account: UInt32, user: UInt64) -> UInt32? {
    guard let head = pathIndex.find(flow) else { return nil }
    if paths[head].account == account || paths[head].userKey == user { return head }
    guard isCrowded(head) else { return nil }
    return member(Self.accountKey(flow, account), of: flow) ?? member(mixed(flow, user), of: flow)
  }

  /// The record of a flow that a message belongs to; on a crowded one `user` must name it.
  mutating func path(flow: UInt64, user: ByteRange, _ bytes: Span<UInt8>) -> UInt32? {
    guard let head = pathIndex.find(flow) else { return nil }
    guard isCrowded(head) else { return head }
    guard !user.isEmpty else { return nil }
    return member(mixed(paths[head].flow, bytes.hash(user, seed: seed)), of: paths[head].flow)
  }

  /// Keys of users that are gone may outlive them: the record must be of this flow.
  private mutating func member(_ key: UInt64, of flow: UInt64) -> UInt32? {
    guard let number = pathIndex.find(key), paths[number].flow == flow,
      !paths[number].isReleased
    else { return nil }
    return number
  }

  /// The first record of the flow between a switch and a device.
  mutating func path(from local: Endpoint, to remote: Endpoint) -> UInt32? {
    pathIndex.find(keys.flow(local, remote))
  }

  /// A datagram from the device's side that names nobody.
  mutating func noteLifeOnFlow(_ head: UInt32, _ moment: Moment, _ sign: LifeSign) {
    var number = head
    var lines = 0
    while number != Reachability.none, lines < Self.mostLines {
      number = paths[number].next
      lines += 1
    }
    // More accounts than a phone has lines: what stands between answers for itself only.
    guard number == Reachability.none else { return }
    number = head
    while number != Reachability.none {
      noteLife(number, moment, sign)
      number = paths[number].next
    }
  }

  /// A sign of life of one account.
  ///
  /// Behind a NAT those on the same flow are lines of one phone:
  /// its packet opens the mapping for all of them.
  mutating func noteLifeOfDevice(_ path: UInt32, _ moment: Moment, _ sign: LifeSign) {
    if paths[path].isBehindNAT, isCrowded(path), !paths[path].isShared,
      let head = pathIndex.find(paths[path].flow)
    {
      noteLifeOnFlow(head, moment, sign)
    } else {
      noteLife(path, moment, sign)
    }
  }

  /// A switch may send to the Contact's address instead of the source of the REGISTER.
  private mutating func addAlias(_ number: UInt32, _ transaction: RegisterTransaction) {
    guard let contact = transaction.contactEndpoint, contact != transaction.source else { return }
    let key = keys.flow(transaction.destination, contact)
    guard pathIndex.find(key) == nil else { return }
    pathIndex.set(key, number)
    paths[number].aliasKey = key
  }

  mutating func retain(_ path: UInt32) {
    paths[path].uses += 1
  }

  mutating func release(_ path: UInt32) {
    paths[path].uses -= 1
    releaseIfUnused(path)
  }

  mutating func releaseIfUnused(_ path: UInt32) {
    guard paths[path].uses == 0, paths[path].firstPending == DeviceRequest.none,
      !paths[path].isReleased
    else { return }
    unlink(path)
    if let alias = paths[path].aliasKey { pathIndex.remove(alias, ifNaming: path) }
    forgetInsideContact(path)
    gaps.clear(&paths[path].probeGaps)
    gaps.clear(&paths[path].silences)
    paths[path].isReleased = true
    accounts[Int(paths[path].account)].records -= 1
    paths.release(path)
  }

  private mutating func unlink(_ path: UInt32) {
    let flow = paths[path].flow
    let previous = paths[path].previous
    let next = paths[path].next
    // Known by these if it ever had company.
    pathIndex.remove(Self.accountKey(flow, paths[path].account), ifNaming: path)
    pathIndex.remove(mixed(flow, paths[path].userKey), ifNaming: path)
    if previous != Reachability.none { paths[previous].next = next }
    if next != Reachability.none { paths[next].previous = previous }
    pathIndex.remove(flow, ifNaming: path)
    if previous == Reachability.none, next != Reachability.none { pathIndex.set(flow, next) }
  }
}
