public import Capture
public import Decode
public import SIP

/// Going on where an earlier run of the program ended.
extension Tracker {
  /// Takes in a binding that an earlier run knew, and says whether it is of use.
  ///
  /// `message` is a REGISTER that says the same as the last one of its device: all keys are made
  /// from its text, so that nothing in a file can point anywhere. It counts for nothing: no rule is
  /// tested by it. What happened until `resumed` is not known: the binding may have been refreshed
  /// up to then, so that it may be valid as much longer; removed or replaced, so that nothing is
  /// concluded from a change. Call this for all of them before the first packet.
  public mutating func restore(
    _ facts: KnownBinding.Facts, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>,
    from source: Endpoint, to registrar: Endpoint, until resumed: Timestamp
  ) -> Bool {
    guard message.isRequest, message.method == .register, message.contactCount == 1,
      facts.isPast(at: resumed), !facts.isForgotten(at: resumed)
    else { return false }
    let sighting = Sighting(
      moment: Moment(time: facts.requested, frame: .earlier), source: source,
      destination: registrar)
    let contact = keys.contact(message.firstContact, bytes)
    guard let account = account(for: message, bytes, at: sighting),
      accounts[account].current.count < limits.bindingsPerAccount,
      !accounts[account].current.contains(where: {
        $0.contactKey == contact && $0.registrar.address == registrar.address
      })
    else { return false }
    let transaction = restoredTransaction(account, facts, message, bytes, at: sighting)
    restoreRegistrant(transaction, facts, message, bytes)
    let path = restorePath(transaction, facts, until: resumed)
    var binding = restoredBinding(transaction, facts, message, bytes, until: resumed)
    binding.path = path
    accounts[account].current.append(binding)
    accounts[account].source = source
    accounts[account].registrar = registrar
    accounts[account].lastSeen = binding.refreshed
    accounts[account].lastAccepted = binding.refreshed
    if facts.marks.contains(.listedWithOthers) { accounts[account].marks.insert(.listsSeveral) }
    return true
  }

  private mutating func restoredTransaction(
    _ account: Int, _ facts: KnownBinding.Facts, _ message: borrowing SIPMessage,
    _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> RegisterTransaction {
    let agent = userAgentNumber(message.userAgent, bytes)
    let contact = message.firstContact
    var transaction = RegisterTransaction(
      key: 0, flowKey: keys.flow(sighting.source, sighting.destination), serial: 0,
      account: UInt32(truncatingIfNeeded: account),
      registrant: registrant(account, sighting.source, agent, sighting.moment),
      sent: sighting.moment,
      last: sighting.moment, source: sighting.source, destination: sighting.destination,
      cseq: message.cseq, callIDKey: bytes.hash(message.callID, seed: seed),
      contactKey: keys.contact(contact, bytes), instanceKey: 0, userAgent: agent, realmKey: 0,
      requestedSeconds: facts.requestedSeconds, contacts: 1, isRemoval: false, isWildcard: false,
      hasCredentials: false, isIncomplete: false, usernameDiffers: false,
      isShared: facts.marks.contains(.shared),
      contactUserKey: bytes.hash(contact.user, seed: seed))
    placeContact(of: &transaction, contact, bytes)
    return transaction
  }

  /// The device as far as its next REGISTER is held against it: Call-ID, CSeq, address inside.
  private mutating func restoreRegistrant(
    _ transaction: RegisterTransaction, _ facts: KnownBinding.Facts,
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) {
    var registrant = accounts[Int(transaction.account), registrant: transaction.registrant]
    registrant.last = Registrant.LastRegister(
      callIDKey: transaction.callIDKey, sent: facts.requested,
      userKey: transaction.contactUserKey, cseq: facts.lastCSeq, isCarriedOver: true)
    registrant.registrar = transaction.destination
    if let inside = IPAddress.parse(bytes.extracting(message.via.host)), inside.isPrivate,
      !transaction.source.address.isPrivate
    {
      registrant.inside = inside
    }
    accounts[Int(transaction.account), registrant: transaction.registrant] = registrant
  }

  private mutating func restorePath(
    _ transaction: RegisterTransaction, _ facts: KnownBinding.Facts, until resumed: Timestamp
  ) -> UInt32 {
    let path = pathForBinding(transaction)
    // Another Contact over the same flow may have told more already.
    let isNew = paths[path].uses == 0
    retain(path)
    if isNew || facts.lastLife > paths[path].lastLife.time {
      paths[path].lastLife = Moment(time: facts.lastLife, frame: .earlier)
    }
    // Something may have passed until now: no idle time is measured from before.
    paths[path].lastPassed = resumed
    if isNew {
      for silence in facts.silences { gaps.add(milliseconds: silence, to: &paths[path].silences) }
    }
    if facts.marks.contains(.keepsAlive) { paths[path].deviceKeepalives = 1 }
    if facts.marks.contains(.isKeptAlive) { paths[path].switchKeepalives = 1 }
    let open = max(paths[path].longestOpenNanoseconds, facts.longestOpen ?? -1)
    paths[path].longestOpenNanoseconds = open
    paths[path].isHeard = facts.marks.contains(.heard)
    paths[path].hasAnsweredBefore =
      paths[path].hasAnsweredBefore || facts.marks.contains(.answers)
    paths[path].isBehindNAT = paths[path].isBehindNAT || facts.marks.contains(.behindNAT)
    noteInsideContact(path, transaction)
    return path
  }

  private mutating func restoredBinding(
    _ transaction: RegisterTransaction, _ facts: KnownBinding.Facts,
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, until resumed: Timestamp
  ) -> Binding {
    let refreshed = Moment(time: facts.refreshed, frame: .earlier)
    let made = Moment(time: facts.from, frame: .earlier)
    var binding = Binding(
      contactKey: transaction.contactKey, callIDKey: transaction.callIDKey,
      source: transaction.source, registrar: transaction.destination,
      // At the latest it was refreshed just before this run began.
      expires: max(facts.expires, resumed + .seconds(Int64(facts.grantedSeconds))),
      isOnlyListed: false, refreshed: refreshed,
      refreshRequest: Moment(time: facts.requested, frame: .earlier),
      grantedSeconds: facts.grantedSeconds, requestedSeconds: facts.requestedSeconds,
      grantSource: facts.grantSource, cseq: transaction.cseq, instanceKey: 0,
      isBehindNAT: facts.marks.contains(.behindNAT),
      isSeenFromInside: facts.marks.contains(.seenFromInside),
      texts: texts.keep(bytes.string(message.firstContact.uri), bytes.string(message.callID)),
      agent: userAgents[Int(transaction.userAgent)], from: made, fromRequest: made,
      firstCSeq: facts.firstCSeq)
    binding.carriedOver = facts.expires
    binding.keptCallIDs = Int(facts.keptCallIDs)
    binding.freshCallIDs = Int(facts.freshCallIDs)
    if facts.marks.contains(.unknown) { binding.unknownSince = refreshed }
    return binding
  }
}
