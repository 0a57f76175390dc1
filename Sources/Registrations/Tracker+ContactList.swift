import Capture
import Decode
import SIP

/// A Contact in the list of a 2xx (RFC 3261 10.3 step 8).
struct ListedContact {
  var key: UInt64
  var expires: UInt32?
  var contact: SIPContact
}

/// The list of bindings in a 2xx to REGISTER (RFC 3261 10.3 step 8), held against those known.
extension Tracker {
  mutating func readList(_ message: borrowing SIPMessage, _ bytes: Span<UInt8>) {
    if message.contactCount == 1 {
      // Nearly always: read already.
      let contact = message.firstContact
      let entry = ListedContact(
        key: keys.contact(contact, bytes), expires: contact.expires, contact: contact)
      if listed.count == 1 {
        listed[0] = entry
      } else {
        listed.removeAll(keepingCapacity: true)
        listed.append(entry)
      }
      return
    }
    listed.removeAll(keepingCapacity: true)
    var cursor = SIPContactCursor(message)
    while listed.count < limits.bindingsPerAccount, let contact = cursor.next(in: bytes) {
      listed.append(
        ListedContact(
          key: keys.contact(contact, bytes), expires: contact.expires, contact: contact))
    }
    counts.bindingsLeftOut += max(message.contactCount - limits.bindingsPerAccount, 0)
  }

  /// The device's own Contact in the list; a registrar that rewrites it is believed if it lists one.
  mutating func ownContact(
    _ transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> ListedContact? {
    if let exact = listed.first(where: { $0.key == transaction.contactKey }) { return exact }
    if transaction.instanceKey != 0,
      let same = listed.first(where: {
        keys.instance($0.contact, bytes) == transaction.instanceKey
      })
    {
      return same
    }
    return listed.count == 1 ? listed.first : nil
  }

  /// Compares the bindings known with the complete list of the 2xx (RFC 3261 10.3 step 8).
  mutating func reconcile(
    _ account: Int, own: UInt64, _ transaction: RegisterTransaction, _ bytes: Span<UInt8>,
    at moment: Moment
  ) {
    if listed.count == 1 && accounts[account].current.count == 1 { return }
    if listed.count > 1 { accounts[account].marks.insert(.listsSeveral) }
    var position = accounts[account].current.count - 1
    while position >= 0 {
      let binding = accounts[account, binding: position]
      // A list that stands late in the capture says nothing of what was made after it.
      if binding.contactKey != own, binding.refreshed.time <= moment.time,
        binding.registrar.address == transaction.destination.address
      {
        if let entry = listed.first(where: { $0.key == binding.contactKey }) {
          learnExpiry(account, position, entry, own, transaction, at: moment)
        } else {
          dropUnlisted(account, position, own, transaction, at: moment)
        }
      }
      position -= 1
    }
    for entry in listed where entry.key != own { learn(account, entry, bytes, transaction, moment) }
  }

  /// A query's answer says how long each binding lasts yet: longer than is known where it was
  /// refreshed and the capture does not hold that, or holds it without its Contact.
  mutating func learnTimesLeft(
    _ transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let account = Int(transaction.account)
    guard !accounts[account].current.isEmpty else { return }
    readList(message, bytes)
    for position in accounts[account].current.indices
    where accounts[account, binding: position].registrar.address
      == transaction.destination.address
    {
      let key = accounts[account, binding: position].contactKey
      guard let seconds = listed.first(where: { $0.key == key })?.expires else { continue }
      let expires = moment.time + .seconds(Int64(seconds))
      if expires > accounts[account, binding: position].expires + .seconds(2) {
        accounts[account, binding: position].expires = expires
      }
    }
  }

  private mutating func learnExpiry(
    _ account: Int, _ position: Int, _ entry: ListedContact, _ own: UInt64,
    _ transaction: RegisterTransaction, at moment: Moment
  ) {
    // The device itself put a newer Contact beside this one, whose time it lets run out.
    if accounts[account, binding: position].callIDKey == transaction.callIDKey {
      accounts[account, binding: position].isSuperseded = true
    }
    accounts[account, binding: position].listedBeside = own
    guard let seconds = entry.expires else { return }
    let expires = moment.time + .seconds(Int64(seconds))
    if accounts[account, binding: position].isOnlyListed {
      noteUnregistered(account, entry.key, nil, expires: expires, at: moment)
    }
    let known = accounts[account, binding: position].expires
    if expires + .seconds(2) < known || expires > known + .seconds(2) {
      accounts[account, binding: position].expires = expires
    }
  }

  private mutating func dropUnlisted(
    _ account: Int, _ position: Int, _ own: UInt64, _ transaction: RegisterTransaction,
    at moment: Moment
  ) {
    let isLost = isLost(accounts[account, binding: position], account, own: own)
    var old = accounts[account].current.remove(at: position)
    guard let new = accounts[account].current.first(where: { $0.contactKey == own }) else {
      endBinding(account, old, .unknown, moment)
      return
    }
    guard !old.isOnlyListed else { return }
    if old.expires <= moment.time {
      // It had run out before: nothing took its place.
      endBinding(
        account, old, .expired, Moment(time: old.expires, frame: old.refreshed.frame))
      return
    }
    if isLost {
      noteUnlisted(account, old, transaction, at: moment)
      endBinding(account, old, .unknown, moment)
      return
    }
    let isSame = old.isSameDevice(as: new)
    old.isSuperseded = isSame
    endBinding(account, old, old.end(takenOverBySameDevice: isSame), moment)
    noteChange(account, from: old, to: new, isSame, at: moment)
  }

  /// A Contact in the list that nobody registered in this capture.
  private mutating func learn(
    _ account: Int, _ entry: ListedContact, _ bytes: Span<UInt8>,
    _ transaction: RegisterTransaction, _ moment: Moment
  ) {
    guard !accounts[account].current.contains(where: { $0.contactKey == entry.key }),
      hasRoomForBinding(account)
    else { return }
    if !accounts[account].rareFacts.isEmpty { noteListedAgain(account, entry.key) }
    let seconds = entry.expires ?? 3600
    noteUnregistered(
      account, entry.key, bytes.string(entry.contact.uri).shortened(),
      expires: moment.time + .seconds(Int64(seconds)), at: moment)
    accounts[account].current.append(
      Binding(
        contactKey: entry.key,
        callIDKey: 0,
        source: transaction.source,
        registrar: transaction.destination,
        expires: moment.time + .seconds(Int64(seconds)),
        isOnlyListed: true,
        refreshed: moment,
        refreshRequest: moment,
        grantedSeconds: seconds,
        grantSource: .contact,
        cseq: 0,
        instanceKey: 0,
        isBehindNAT: false,
        isSeenFromInside: false,
        texts: texts.keep(bytes.string(entry.contact.uri), ""),
        agent: .none,
        from: moment,
        fromRequest: moment,
        firstCSeq: 0))
  }
}
