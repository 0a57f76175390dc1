import Capture
import Decode
import SIP

/// Answers to REGISTERs the capture does not hold: it began too late, or has one direction only.
extension Tracker {
  mutating func observeLoneAnswer(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    counts.answersWithoutRequest += 1
    guard (200..<300).contains(message.statusCode),
      let account = account(for: message, bytes, at: sighting)
    else { return }
    accounts[account].lastSeen = sighting.moment
    accounts[account].answersWithoutRequest += 1
    let callID = bytes.hash(message.callID, seed: seed)
    // The answer shows that the device's REGISTER had arrived; what it granted is read where the
    // device's binding is known or the only one in the list.
    let flow = keys.flow(sighting.source, sighting.destination)
    if let number = path(
      flow: flow, account: UInt32(truncatingIfNeeded: account),
      user: bytes.hash(message.firstContact.user, seed: seed))
    {
      let wasHeard = paths[number].isHeard
      noteLife(number, sighting.moment, .register)
      paths[number].isHeard = wasHeard
    }
    if let registrant = accounts[account].registrants.firstIndex(where: {
      $0.last.callIDKey == callID || $0.host == sighting.destination.address
    }) {
      succeed(account, registrant, at: sighting.source.address, sighting.moment)
      accounts[account, registrant: registrant].closeChallenge(&spareAttempts)
      accounts[account, registrant: registrant].missesRegisters = false
      if accounts[account, registrant: registrant].last.callIDKey == callID {
        let cseq = max(accounts[account, registrant: registrant].last.cseq, message.cseq)
        accounts[account, registrant: registrant].last.cseq = cseq
      }
    }
    let own = message.contactCount == 1 ? keys.contact(message.firstContact, bytes) : 0
    let known = accounts[account].current.firstIndex {
      ($0.callIDKey == callID || $0.contactKey == own) && $0.source == sighting.destination
    }
    guard let known else {
      // The device is registered from elsewhere now: what it held before is no longer known.
      for index in accounts[account].current.indices
      where accounts[account, binding: index].callIDKey == callID
        || accounts[account, binding: index].contactKey == own
      {
        let before = accounts[account, binding: index].unknownSince
        accounts[account, binding: index].unknownSince = before ?? sighting.moment
      }
      learnFromLoneAnswer(account, message, bytes, callID, at: sighting)
      return
    }
    let seconds = expiry(in: message, bytes, of: accounts[account, binding: known])
    func update(_ binding: inout Binding) {
      binding.refreshes += 1
      binding.refreshed = sighting.moment
      binding.unknownSince = nil
      guard let seconds else {
        binding.unknownSince = sighting.moment
        return
      }
      if binding.isCarriedOver {
        binding.carriedOver = nil
        (binding.callIDKey, binding.cseq) = (callID, message.cseq)
      }
      binding.grantedSeconds = seconds
      binding.grantSource = .contact
      binding.expires = sighting.moment.time + .seconds(Int64(seconds))
    }
    update(&accounts[account, binding: known])
  }

  private func expiry(
    in message: SIPMessage, _ bytes: Span<UInt8>, of binding: Binding
  ) -> UInt32? {
    var cursor = SIPContactCursor(message)
    while let contact = cursor.next(in: bytes) {
      if keys.contact(contact, bytes) == binding.contactKey {
        return contact.expires ?? message.expires
      }
    }
    return message.expires
  }

  private mutating func learnFromLoneAnswer(
    _ account: Int, _ message: SIPMessage, _ bytes: Span<UInt8>, _ callID: UInt64,
    at sighting: Sighting
  ) {
    let contact = message.firstContact
    guard message.contactCount == 1, !sighting.isCut, message.viaCount == 1,
      let seconds = contact.expires ?? message.expires, seconds > 0,
      !accounts[account].current.contains(where: { $0.contactKey == keys.contact(contact, bytes) })
    else { return }
    guard hasRoomForBinding(account) else { return }
    let flow = keys.flow(sighting.source, sighting.destination)
    let owner = UInt32(truncatingIfNeeded: account)
    let user = bytes.hash(contact.user, seed: seed)
    let path =
      path(flow: flow, account: owner, user: user)
      ?? newPath(
        flow, from: sighting.source, to: sighting.destination, account: owner, user: user,
        at: sighting.moment)
    if paths[path].uses == 0 { paths[path].isHeard = false }
    retain(path)
    paths[path].replacedAt = .max
    var binding = Binding(
      contactKey: keys.contact(contact, bytes),
      callIDKey: callID,
      source: sighting.destination,
      registrar: sighting.source,
      expires: sighting.moment.time + .seconds(Int64(seconds)),
      isOnlyListed: false,
      refreshed: sighting.moment,
      refreshRequest: sighting.moment,
      grantedSeconds: seconds,
      grantSource: .contact,
      cseq: message.cseq,
      instanceKey: keys.instance(contact, bytes),
      isBehindNAT: isTranslated(message, bytes, sighting),
      isSeenFromInside: false,
      texts: texts.keep(bytes.string(contact.uri), bytes.string(message.callID)),
      agent: .none,
      from: sighting.moment,
      fromRequest: sighting.moment,
      firstCSeq: message.cseq)
    binding.path = path
    forgetCarriedOver(account, at: sighting)
    accounts[account].current.append(binding)
  }

  /// An answer that lists one Contact alone: those only an earlier run knew are gone, nobody saw how.
  private mutating func forgetCarriedOver(_ account: Int, at sighting: Sighting) {
    var position = accounts[account].current.count - 1
    while position >= 0 {
      let binding = accounts[account, binding: position]
      if binding.isCarriedOver, binding.registrar.address == sighting.source.address {
        accounts[account].current.remove(at: position)
        endBinding(account, binding, .unknown, sighting.moment)
      }
      position -= 1
    }
  }

  private func isTranslated(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, _ sighting: Sighting
  ) -> Bool {
    guard let via = IPAddress.parse(bytes.extracting(message.via.host)) else { return false }
    return via != sighting.destination.address
  }
}
