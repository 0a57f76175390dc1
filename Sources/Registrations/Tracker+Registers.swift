import Capture
import Decode
import SIP

/// REGISTER requests: who sends them, for which account, as part of which exchange.
extension Tracker {
  mutating func observeRegister(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let key = keys.transaction(message, bytes)
    if let number = registerIndex.find(key) {
      repeatRegister(number, at: sighting)
      return
    }
    guard let account = account(for: message, bytes, at: sighting) else { return }
    accounts[account].lastSeen = sighting.moment
    let callID = bytes.hash(message.callID, seed: seed)
    if let last = lastRegister(account, callID, message.cseq, at: sighting) {
      repeatLast(last, account, at: sighting)
      return
    }
    guard registers.count < limits.transactions else {
      counts.transactionsLeftOut += 1
      return
    }
    let transaction = open(key, account, callID, message, bytes, at: sighting)
    notePrivacy(transaction, message, bytes)
    if !transaction.isRefresh { noteNAT(transaction, message, bytes) }
    noteLife(of: transaction)
    let offer = beginAttempt(transaction)
    file(transaction, offer, message, bytes)
    answerFromBefore(key, sighting.moment)
  }

  /// The same transaction again: a retransmission, or a copy on another leg.
  private mutating func repeatRegister(_ number: UInt32, at sighting: Sighting) {
    let transaction = registers[number]
    if transaction.source == sighting.source && transaction.destination == sighting.destination {
      registers[number].transmissions &+= 1
      registers[number].last = sighting.moment
      noteLife(of: registers[number])
      return
    }
    if sighting.source.address == transaction.destination.address {
      // A proxy sends it onwards: the leg nearer to the device tells more of the device.
      counts.forwardedCopies += 1
      return
    }
    // The outer side of a NAT, or a retransmission through a new mapping: what the registrar sees.
    counts.translatedCopies += 1
    let registrant = transaction.registrant
    accounts[Int(transaction.account), registrant: registrant].exchange.isBehindNAT = true
    accounts[Int(transaction.account)].source = sighting.source
    registers[number].source = sighting.source
    registers[number].destination = sighting.destination
    registers[number].isTranslated = true
    noteLife(of: registers[number])
  }

  /// The registrant whose last REGISTER this belongs to, as Call-ID and CSeq tell.
  ///
  /// Its registrar takes part: a NAT keeps the destination, a proxy is the next leg's source. One
  /// device may register at two registrars with the same Call-ID.
  mutating func lastRegister(
    _ account: Int, _ callID: UInt64, _ cseq: UInt32, at sighting: Sighting
  ) -> Int? {
    accounts[account].registrants.firstIndex {
      guard $0.last.callIDKey == callID, $0.last.cseq == cseq else { return false }
      let registrar = $0.registrar.address
      return registrar == sighting.source.address || registrar == sighting.destination.address
    }
  }

  /// A REGISTER known by Call-ID and CSeq, not by its branch: a copy with rewritten headers on
  /// another leg, or one sent again after it was answered.
  private mutating func repeatLast(_ index: Int, _ account: Int, at sighting: Sighting) {
    let last = accounts[account, registrant: index].last
    if let number = number(of: last) {
      repeatRegister(number, at: sighting)
      return
    }
    noteRepetition(account, at: sighting)
    // Sent again long after the answer: that has not arrived.
    if sighting.moment.time - last.sent > .seconds(2) {
      accounts[account, registrant: index].missesAnswers = true
    }
    let flow = keys.flow(sighting.destination, sighting.source)
    if let path = path(
      flow: flow, account: UInt32(truncatingIfNeeded: account), user: last.userKey)
    {
      noteLife(path, sighting.moment, .register)
    }
  }

  mutating func number(of last: Registrant.LastRegister) -> UInt32? {
    guard last.number != RegisterTransaction.none, registers[last.number].serial == last.serial
    else { return nil }
    return last.number
  }

  /// The account of the To address (RFC 3261 10.2), if it is known.
  mutating func knownAccount(of message: borrowing SIPMessage, _ bytes: Span<UInt8>) -> Int? {
    knownAccount(keys.account(message, bytes))
  }

  private mutating func knownAccount(_ key: UInt64) -> Int? {
    guard let known = accountIndex.find(key) else { return nil }
    catchUp(Int(known))
    return Int(known)
  }

  /// The same, where the flow of a REGISTER has carried this account before, as nearly always: what
  /// is known of a flow has been fetched, and to look the account up would wait for memory.
  private mutating func accountOfFlow(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> Int? {
    guard message.isRequest,
      let path = path(from: sighting.destination, to: sighting.source)
    else { return nil }
    let account = Int(paths[path].account)
    guard accounts[account].key == keys.account(message, bytes), !accounts[account].isVacant else {
      return nil
    }
    catchUp(account)
    return account
  }

  /// The account of the To address, made when it is new.
  mutating func account(
    for message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> Int? {
    if let known = accountOfFlow(message, bytes, at: sighting) { return known }
    let key = keys.account(message, bytes)
    if let known = knownAccount(key) { return known }
    guard accounts.count - vacant.count < limits.accounts else {
      counts.accountsLeftOut += 1
      return nil
    }
    let (device, registrar) =
      message.isRequest
      ? (sighting.source, sighting.destination) : (sighting.destination, sighting.source)
    let place = place(
      Account(
        addressOfRecord(of: message, bytes), registrar: registrar, source: device,
        firstSeen: sighting.moment))
    accounts[place].epoch = epoch
    accounts[place].key = key
    if message.isRequest, Self.isNamedByAnother(message, bytes) {
      accounts[place].marks.insert(.isNamedByAnother)
    }
    accountIndex.set(key, UInt32(truncatingIfNeeded: place))
    if let number = registrarNumber(registrar) {
      registrars[number].accounts += 1
      registrars[number].client = device.address
    }
    return place
  }

  /// The To address as `user@host`.
  private mutating func addressOfRecord(
    of message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> TextPair {
    let (user, host) = (message.to.user, message.to.host)
    return texts.keep(user: user, host: host, of: bytes)
      ?? texts.keep(AccountName.text(user: user, host: host, of: bytes), "")
  }

  private mutating func open(
    _ key: UInt64, _ account: Int, _ callID: UInt64, _ message: borrowing SIPMessage,
    _ bytes: Span<UInt8>, at sighting: Sighting
  ) -> RegisterTransaction {
    counts.registers += 1
    measures.registers &+= 1
    accounts[account].requests += 1
    let isFirst = accounts[account].requests == 1
    let previous = accounts[account].source
    accounts[account].registrar = sighting.destination
    accounts[account].source = sighting.source
    if let number = registrarNumber(sighting.destination) { registrars[number].requests += 1 }
    let agent = userAgentNumber(message.userAgent, bytes)
    let registrant = registrant(account, sighting.source, agent, sighting.moment)
    let contact = message.firstContact
    let (contacts, isWildcard) = (message.contactCount, message.hasWildcardContact)
    let hasProxy = message.hasPath ? true : message.viaCount > 1
    let isHeaderComplete = message.isHeaderComplete
    let expires = message.expires
    let asked = contact.expires ?? expires
    let flow = keys.flow(sighting.source, sighting.destination)
    let user = bytes.hash(contact.user, seed: seed)
    let instances = keys.instances(contact, bytes)
    var transaction = RegisterTransaction(
      key: key, flowKey: flow, serial: nextSerial(), account: UInt32(truncatingIfNeeded: account),
      registrant: registrant, sent: sighting.moment, last: sighting.moment,
      source: sighting.source, destination: sighting.destination, cseq: message.cseq,
      callIDKey: callID,
      contactKey: keys.contact(contact, user: user, bytes), instanceKey: instances.flow,
      urnKey: instances.urn, userAgent: agent, realmKey: 0,
      requestedSeconds: contacts > 0 ? asked : nil,
      contacts: contacts,
      isRemoval: isWildcard || (contacts > 0 && asked == 0),
      isWildcard: isWildcard, hasCredentials: message.credentials != nil,
      isIncomplete: sighting.isCut && !isHeaderComplete,
      usernameDiffers: false, isShared: hasProxy,
      contactUserKey: user)
    if !isFirst, previous != sighting.source { transaction.previousSource = previous }
    if message.contactCount > 1 { chooseContact(&transaction, message, bytes) }
    transaction.isRefresh = isRefresh(transaction)
    if !transaction.isRefresh { placeContact(of: &transaction, contact, bytes) }
    readCredentials(&transaction, message, bytes)
    return transaction
  }

  /// Puts a transaction where its retransmissions and answers, ICMP errors and its end find it.
  private mutating func file(
    _ transaction: RegisterTransaction, _ offer: Registrant.Offer?, _ message: borrowing SIPMessage,
    _ bytes: Span<UInt8>
  ) {
    let number = registers.add(transaction)
    registers[number].noteOffer(offer)
    accounts[Int(transaction.account), registrant: transaction.registrant].last.number = number
    if !transaction.isRefresh { keepContact(transaction, message, bytes) }
    registerIndex.set(transaction.key, number)
    registerIndex.set(mixed(transaction.flowKey, 1), number)
    schedule(number, transaction.serial, sent: transaction.sent.time)
  }

  /// Whether a binding made this way is known: then there is nothing new to learn of its address.
  private mutating func isRefresh(_ transaction: RegisterTransaction) -> Bool {
    let account = Int(transaction.account)
    return accounts[account].current.contains {
      $0.contactKey == transaction.contactKey && $0.source == transaction.source
    }
  }

  /// One REGISTER can remove its old Contact and add the new one: the one that stays counts.
  private mutating func chooseContact(
    _ transaction: inout RegisterTransaction, _ message: SIPMessage, _ bytes: Span<UInt8>
  ) {
    var cursor = SIPContactCursor(message)
    var best: SIPContact?
    var longest: UInt32 = 0
    while let contact = cursor.next(in: bytes) {
      let asked = contact.expires ?? message.expires ?? 3600
      if best == nil || asked > longest {
        best = contact
        longest = asked
      }
    }
    guard let best else { return }
    transaction.contactKey = keys.contact(best, bytes)
    (transaction.instanceKey, transaction.urnKey) = keys.instances(best, bytes)
    transaction.requestedSeconds = best.expires ?? message.expires
    transaction.isRemoval = transaction.isWildcard || longest == 0
    transaction.contactUserKey = bytes.hash(best.user, seed: seed)
  }

  private mutating func readCredentials(
    _ transaction: inout RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) {
    guard let credentials = message.credentials else { return }
    transaction.realmKey = bytes.hash(credentials.realm, seed: seed)
    transaction.nonceKey = bytes.hash(credentials.nonce, seed: seed)
    transaction.usernameDiffers = !bytes.equals(credentials.username, message.to.user, in: bytes)
  }

  /// Keeps the text of a Contact that is new, for a registrar that lists none in its answer.
  private mutating func keepContact(
    _ transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) {
    let account = Int(transaction.account)
    guard
      accounts[account, registrant: transaction.registrant].contactKey != transaction.contactKey
    else { return }
    accounts[account, registrant: transaction.registrant].keepContact(
      transaction.contactKey, bytes.extracting(message.firstContact.uri), &spareAttempts)
  }

  /// The device among those that register this account, found by host and user agent.
  mutating func registrant(
    _ account: Int, _ source: Endpoint, _ agent: UInt32, _ moment: Moment
  ) -> Int {
    let host = source.address
    let known = accounts[account].registrants.firstIndex {
      $0.host == host && $0.userAgentKey == agent
    }
    if let known { return known }
    if accounts[account].registrants.count < limits.registrantsPerAccount {
      accounts[account].registrants.append(
        Registrant(source: source, userAgentKey: agent, start: moment))
      return accounts[account].registrants.count - 1
    }
    let oldest = accounts[account].registrants.indices.min {
      accounts[account, registrant: $0].last.sent < accounts[account, registrant: $1].last.sent
    }
    guard let oldest else { return 0 }
    for series in accounts[account, registrant: oldest].series { setAside(series, of: account) }
    for run in accounts[account, registrant: oldest].runs { setAside(run, of: account) }
    accounts[account, registrant: oldest] = Registrant(
      source: source, userAgentKey: agent, start: moment)
    return oldest
  }
}
