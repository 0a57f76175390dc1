import Capture
import Decode

/// The life of flow records: made by an accepted REGISTER, kept while a binding names them.
extension Tracker {
  /// The record of the flow a registration came over, made when there is none.
  mutating func pathForBinding(_ transaction: RegisterTransaction) -> UInt32 {
    let flow = flowKey(transaction.destination, transaction.source)
    let key = transaction.isShared ? mixed(flow, transaction.contactUserKey) : flow
    if let number = pathIndex.find(key) { return number }
    let number = newPath(
      key, from: transaction.destination, to: transaction.source, isShared: transaction.isShared,
      at: transaction.sent)
    if !transaction.isShared { addAlias(number, transaction) }
    return number
  }

  mutating func newPath(
    _ key: UInt64, from local: Endpoint, to remote: Endpoint, isShared: Bool = false,
    at moment: Moment
  ) -> UInt32 {
    let number = paths.add(
      Reachability(key: key, local: local, remote: remote, isShared: isShared, lastLife: moment))
    pathIndex.set(key, number)
    return number
  }

  /// A switch may send to the Contact's address instead of the source of the REGISTER.
  private mutating func addAlias(_ number: UInt32, _ transaction: RegisterTransaction) {
    guard let contact = transaction.contactEndpoint, contact != transaction.source else { return }
    let key = flowKey(transaction.destination, contact)
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
    pathIndex.remove(paths[path].key, ifNaming: path)
    if let alias = paths[path].aliasKey { pathIndex.remove(alias, ifNaming: path) }
    paths[path].isReleased = true
    paths.release(path)
  }
}
