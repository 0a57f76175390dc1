import Capture
import Decode
import SIP

/// What a middlebox between a device and its registrar gives away when it rewrites SIP.
extension Tracker {
  /// A REGISTER whose Via names a private host behind a public source.
  mutating func noteInside(
    _ inside: IPAddress, _ transaction: RegisterTransaction, _ message: borrowing SIPMessage,
    _ bytes: Span<UInt8>
  ) {
    guard inside.isPrivate, !transaction.source.address.isPrivate else { return }
    let account = Int(transaction.account)
    accounts[account, registrant: transaction.registrant].inside = inside
    // Only the first REGISTER from a mapping: later ones may have it from `received` and `rport`,
    // or from an answer to another line of the same device.
    guard let previous = transaction.previousSource, message.contactCount > 0,
      accounts[account, registrant: transaction.registrant].hasSucceeded,
      path(from: transaction.destination, to: transaction.source) == nil,
      registerIndex.find(mixed(transaction.flowKey, 1)) == nil
    else { return }
    let port = message.firstContact.port == 0 ? 5060 : message.firstContact.port
    let host = IPAddress.parse(bytes.extracting(message.firstContact.host))
    noteFirstContact(
      isForeseen: host == transaction.source.address && port == transaction.source.port, inside,
      previous, transaction)
  }

  private mutating func noteFirstContact(
    isForeseen: Bool, _ inside: IPAddress, _ previous: Endpoint, _ transaction: RegisterTransaction
  ) {
    let account = Int(transaction.account)
    if accounts[account].firstContacts.isEmpty {
      accounts[account].firstContacts = [
        FirstContacts(
          inside: inside, source: transaction.source, previous: previous,
          userAgent: userAgents[Int(transaction.userAgent)].name)
      ]
    }
    func update(_ contacts: inout FirstContacts) {
      guard isForeseen else {
        contacts.unforeseen += 1
        return
      }
      contacts.foreseen += 1
      contacts.first = contacts.first ?? transaction.sent
      contacts.last = transaction.sent
      contacts.inside = inside
      contacts.source = transaction.source
      contacts.previous = previous
    }
    update(&accounts[account].firstContacts[0])
  }

  /// A binding over a flow that other accounts have as well: whether they are of other hosts.
  mutating func noteSharedPort(
    _ account: Int, _ path: UInt32, _ transaction: RegisterTransaction, at moment: Moment
  ) {
    guard !transaction.isShared, accounts[account].sharedPorts.isEmpty,
      let inside = accounts[account, registrant: transaction.registrant].inside
    else { return }
    var number = pathIndex.find(paths[path].flow) ?? Reachability.none
    var lines = 0
    while number != Reachability.none, lines < Self.mostLines {
      let other = Int(paths[number].account)
      if other != account, accounts[other].sharedPorts.isEmpty,
        let otherInside = host(of: other, on: number), otherInside != inside
      {
        share(account, inside, other, otherInside, transaction.source, at: moment)
        return
      }
      number = paths[number].next
      lines += 1
    }
  }

  /// The one private host that an account's devices behind a flow have; `nil` where there are several.
  private mutating func host(of account: Int, on path: UInt32) -> IPAddress? {
    var isBound = false
    for index in accounts[account].current.indices
    where accounts[account, binding: index].path == path {
      isBound = isBound || accounts[account, binding: index].isValid(at: now)
    }
    guard isBound else { return nil }
    var found: IPAddress?
    for index in accounts[account].registrants.indices
    where accounts[account, registrant: index].host == paths[path].remote.address {
      guard let inside = accounts[account, registrant: index].inside else { continue }
      if let found, found != inside { return nil }
      found = inside
    }
    return found
  }

  private mutating func share(
    _ later: Int, _ inside: IPAddress, _ earlier: Int, _ otherInside: IPAddress,
    _ source: Endpoint, at moment: Moment
  ) {
    accounts[later].sharedPorts = [
      SharedPort(
        source: source, inside: inside, other: accounts[earlier].addressOfRecord,
        otherInside: otherInside, noticed: moment, isLater: true,
        otherAccount: UInt32(truncatingIfNeeded: earlier))
    ]
    accounts[earlier].sharedPorts = [
      SharedPort(
        source: source, inside: otherInside, other: accounts[later].addressOfRecord,
        otherInside: inside, noticed: moment, isLater: false,
        otherAccount: UInt32(truncatingIfNeeded: later))
    ]
  }

  /// An accepted REGISTER from a shared port: the earlier and then the later account must be heard
  /// there again, since a NAT may give the port of one that is gone to another.
  mutating func followSharedPort(_ transaction: RegisterTransaction, at moment: Moment) {
    let account = Int(transaction.account)
    guard let shared = accounts[account].sharedPorts.first, shared.confirmed == nil,
      shared.source == transaction.source, shared.noticed != moment
    else { return }
    let other = Int(shared.otherAccount)
    guard !accounts[other].sharedPorts.isEmpty else { return }
    if !shared.isLater {
      accounts[account].sharedPorts[0].heardAgain = moment
      accounts[other].sharedPorts[0].heardAgain = moment
    } else if shared.heardAgain != nil {
      accounts[account].sharedPorts[0].confirmed = moment
      accounts[other].sharedPorts[0].confirmed = moment
    }
  }
}
