import Capture
import Decode
import SIP

/// What goes where it cannot arrive: requests to private Contacts, answers to the wrong port.
extension Tracker {
  /// Where the switch may send to by the Contact, and where it can reach nobody by it.
  mutating func placeContact(
    of transaction: inout RegisterTransaction, _ contact: SIPContact, _ bytes: Span<UInt8>
  ) {
    let source = transaction.source.address
    let endpoint = Self.endpoint(of: contact, bytes)
    if let address = endpoint?.address, address.isPrivate, address != source {
      transaction.hasPrivateContact = true
      transaction.insideEndpoint = source.isPrivate ? nil : endpoint
    } else {
      transaction.contactEndpoint = endpoint
    }
  }

  /// The Contact's address, unless it is a name.
  private static func endpoint(of contact: SIPContact, _ bytes: Span<UInt8>) -> Endpoint? {
    guard let address = IPAddress.parse(bytes.extracting(contact.host)) else { return nil }
    return Endpoint(address: address, port: contact.port == 0 ? 5060 : contact.port)
  }

  /// Makes the private Contact of a device with a public source known, so that what is sent there
  /// is seen to be for it.
  mutating func noteInsideContact(_ path: UInt32, _ transaction: RegisterTransaction) {
    guard let inside = transaction.insideEndpoint, !transaction.isShared,
      paths[path].inside == nil
    else { return }
    let flow = Self.insideKey(keys.flow(transaction.destination, inside))
    // Many a customer has this address in his network: the user part tells them apart.
    let key = mixed(flow, transaction.contactUserKey)
    guard insideIndex.find(key) == nil else { return }
    insideIndex.set(key, path)
    paths[path].inside = (key, flow)
    if let other = insideIndex.find(flow) {
      paths[other].isInsideShared = true
      paths[path].isInsideShared = true
    } else {
      insideIndex.set(flow, path)
    }
  }

  mutating func forgetInsideContact(_ path: UInt32) {
    guard let inside = paths[path].inside else { return }
    insideIndex.remove(inside.key, ifNaming: path)
    insideIndex.remove(inside.flow, ifNaming: path)
  }

  private static func insideKey(_ flow: UInt64) -> UInt64 { mixed(flow, 0x1A51DE) }

  /// The record of requests to the private Contact of a device, made for the first of them.
  mutating func strayPath(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> UInt32? {
    guard message.method != .ack, message.method != .cancel, Self.mayBeAstray(sighting) else {
      return nil
    }
    let flow = Self.insideKey(keys.flow(sighting.source, sighting.destination))
    let key = mixed(flow, bytes.hash(message.requestURI.user, seed: seed))
    guard let path = insideIndex.find(key), paths[path].inside?.key == key else { return nil }
    let account = Int(paths[path].account)
    if let known = requestIndex.find(keys.transaction(message, bytes)),
      requests[known].path != accounts[account].strays.first?.path
    {
      // On the NAT itself: the translated copy of a request that was sent rightly.
      return nil
    }
    noteStray(of: path, at: sighting)
    return recordOfStrays(account, path)
  }

  /// A keepalive to the private Contact of a device, unless several have that address.
  mutating func noteStrayKeepalive(at sighting: Sighting) -> Bool {
    guard Self.mayBeAstray(sighting) else { return false }
    let flow = Self.insideKey(keys.flow(sighting.source, sighting.destination))
    guard let path = insideIndex.find(flow), paths[path].inside?.flow == flow,
      !paths[path].isInsideShared,
      // On the NAT itself the translated copy of one that was sent rightly.
      paths[path].switchKeepalives == 0
    else { return false }
    noteStray(of: path, at: sighting)
    accounts[Int(paths[path].account)].strays[0].keepalives += 1
    return true
  }

  private static func mayBeAstray(_ sighting: Sighting) -> Bool {
    sighting.destination.address.isPrivate && !sighting.source.address.isPrivate
  }

  private mutating func noteStray(of path: UInt32, at sighting: Sighting) {
    let account = Int(paths[path].account)
    if accounts[account].strays.isEmpty {
      accounts[account].strays.append(
        Stray(
          path: Reachability.none, local: sighting.source, contact: sighting.destination,
          first: sighting.moment, last: sighting.moment))
    }
    accounts[account].strays[0].last = sighting.moment
  }

  /// Requests that go astray have a record of their own, kept as long as the account's history.
  private mutating func recordOfStrays(_ account: Int, _ path: UInt32) -> UInt32 {
    let stray = accounts[account].strays[0]
    guard stray.path == Reachability.none else { return stray.path }
    let number = paths.add(
      Reachability(
        key: nextSerial(), flow: 0, local: stray.local, remote: stray.contact,
        account: paths[path].account, isShared: false, lastLife: paths[path].lastLife))
    retain(number)
    accounts[account].records += 1
    accounts[account].strays[0].path = number
    return number
  }

  /// A final answer to REGISTER: whether it goes where the request came from (RFC 3581 4).
  mutating func noteDestination(of number: UInt32, at sighting: Sighting) {
    let account = Int(registers[number].account)
    let source = registers[number].source
    guard sighting.destination != source else {
      if !accounts[account].misdirected.isEmpty {
        accounts[account].misdirected[0].success =
          accounts[account].misdirected[0].success ?? sighting.moment
      }
      return
    }
    // Another address is that of a NAT's other side, or of a proxy.
    guard sighting.destination.address == source.address,
      sighting.source == registers[number].destination, !registers[number].isShared
    else { return }
    if accounts[account].misdirected.isEmpty {
      accounts[account].misdirected.append(
        MisdirectedAnswers(
          source: source, destination: sighting.destination, first: sighting.moment,
          last: sighting.moment))
    }
    accounts[account].misdirected[0].answers += 1
    accounts[account].misdirected[0].last = sighting.moment
  }

  /// A REGISTER sent again although it was answered: the answer has not arrived.
  mutating func noteRepetition(_ account: Int, at sighting: Sighting) {
    guard !accounts[account].misdirected.isEmpty,
      accounts[account].misdirected[0].source == sighting.source
    else { return }
    let moment = sighting.moment
    accounts[account].misdirected[0].repeated += 1
    accounts[account].misdirected[0].repetitions = (
      accounts[account].misdirected[0].repetitions?.first ?? moment, moment
    )
  }
}
