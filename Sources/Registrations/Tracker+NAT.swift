import Capture
import Decode
import SIP

/// Signs of a NAT between device and registrar (RFC 3261 18.2.1, RFC 3581).
extension Tracker {
  /// What a REGISTER shows: its Via or Contact name another address than it came from.
  mutating func noteNAT(
    _ transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) {
    // Behind a proxy the topmost Via is the proxy's and says nothing of the device.
    guard !transaction.isShared else { return }
    let source = transaction.source
    var isTranslated = false
    if let via = viaAddress(of: transaction, message, bytes) {
      isTranslated = via != source.address
      noteInside(via, transaction, message, bytes)
    }
    if message.contactCount > 0, transaction.hasPrivateContact { isTranslated = true }
    let viaPort = message.via.port == 0 ? 5060 : message.via.port
    if !isTranslated && viaPort != source.port {
      isTranslated = hadMapping(transaction, port: viaPort)
    }
    if isTranslated {
      accounts[Int(transaction.account), registrant: transaction.registrant].exchange.isBehindNAT =
        true
    }
  }

  /// The address in the topmost Via: nearly always the one in the Contact, which has been read.
  private func viaAddress(
    of transaction: RegisterTransaction, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> IPAddress? {
    if let contact = transaction.insideEndpoint ?? transaction.contactEndpoint,
      bytes.equals(message.via.host, message.firstContact.host, in: bytes)
    {
      return contact.address
    }
    return IPAddress.parse(bytes.extracting(message.via.host))
  }

  /// A client that had put its mapped port into Via and now comes from another one: the mapping changed.
  private mutating func hadMapping(_ transaction: RegisterTransaction, port: UInt16) -> Bool {
    accounts[Int(transaction.account)].current.contains {
      $0.callIDKey == transaction.callIDKey && $0.source.address == transaction.source.address
        && $0.source.port == port && $0.source.port != transaction.source.port
    }
  }

  /// What an answer shows: `received` names another address than the client put into its Via.
  mutating func noteNATOfAnswer(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    guard !registers[number].isRefresh, !registers[number].isShared,
      !message.via.received.isEmpty,
      let received = IPAddress.parse(bytes.extracting(message.via.received))
    else { return }
    let account = Int(registers[number].account)
    let registrant = registers[number].registrant
    // The registrar saw another source than this capture: it was taken inside the NAT.
    if received != registers[number].source.address {
      accounts[account, registrant: registrant].exchange.isBehindNAT = true
      accounts[account, registrant: registrant].exchange.isSeenFromInside = true
    }
    guard !accounts[account, registrant: registrant].exchange.isBehindNAT,
      !bytes.equals(message.via.host, message.via.received, in: bytes),
      let via = IPAddress.parse(bytes.extracting(message.via.host)), via != received
    else { return }
    accounts[account, registrant: registrant].exchange.isBehindNAT = true
  }

  /// A REGISTER is a sign of life on its flow; which one depends on the series it belongs to.
  mutating func noteLife(of transaction: RegisterTransaction) {
    let flow = keys.flow(transaction.destination, transaction.source)
    guard
      let path = path(
        flow: flow, account: transaction.account, user: transaction.contactUserKey)
    else { return }
    noteLifeOfDevice(path, transaction.last, lifeSign(of: transaction, on: path))
  }

  private mutating func lifeSign(of transaction: RegisterTransaction, on path: UInt32) -> LifeSign {
    let account = Int(transaction.account)
    var sameContact: Int?
    var hasOther = false
    let bindings = accounts.currentBindings(of: account)
    for index in bindings.indices where bindings[index].path == path {
      if bindings[index].callIDKey == transaction.callIDKey { return .register }
      if bindings[index].contactKey == transaction.contactKey {
        sameContact = index
      } else {
        hasOther = true
      }
    }
    guard let same = sameContact else { return hasOther ? .registerAfterRestart : .register }
    // Some clients take a new Call-ID each time; a CSeq begun anew that way is no restart.
    let firstCSeq = bindings[same].firstCSeq
    let isHabit =
      bindings[same].freshCallIDs > 0 || firstCSeq == transaction.cseq
      || firstCSeq == transaction.cseq &+ 1
    if isHabit { return .register }
    return transaction.cseq < bindings[same].cseq ? .registerAfterRestart : .registerOfNewSeries
  }
}
