import Capture
import Decode
import SIP

/// What an accepted REGISTER does to the account's bindings.
extension Tracker {
  mutating func accept(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let transaction = registers[number]
    let account = Int(transaction.account)
    accounts[account].accepted += 1
    accounts[account].lastAccepted = sighting.moment
    registrations.count(at: sighting.moment.time)
    let hasFailed = !accounts[account, registrant: transaction.registrant].runs.isEmpty
    succeed(
      account, transaction.registrant, at: transaction.destination.address, sighting.moment)
    defer {
      accounts[account, registrant: transaction.registrant].noteSuccess(
        isRemoval: transaction.isRemoval)
    }
    if !accounts[account].rareFacts.isEmpty {
      settleLostBindings(account, transaction, at: sighting.moment)
      followSharedPort(transaction, at: sighting.moment)
    }
    // A query changes nothing and must not count as a refresh (RFC 3261 10.2.3).
    guard !transaction.isQuery else {
      if !sighting.isCut { learnTimesLeft(transaction, message, bytes, at: sighting.moment) }
      return
    }
    followSeries(transaction, afterFailure: hasFailed, at: sighting.moment)
    readList(message, bytes)
    expireBindings(account, before: transaction.sent.time)
    if transaction.isRemoval {
      remove(transaction, at: sighting.moment)
      return
    }
    measureDelay(transaction, until: sighting.moment)
    let own = ownContact(transaction, message, bytes)
    if transaction.isIncomplete && transaction.contacts == 0 && own == nil {
      noteUnknownOutcome(transaction)
      return
    }
    let grant = Self.grant(own, transaction, message)
    noteRaise(transaction, grant, at: sighting.moment)
    let key = own?.key ?? transaction.contactKey
    let position = accounts[account].current.firstIndex {
      $0.contactKey == key && $0.registrar.address == transaction.destination.address
    }
    if let position, Self.isSameFlow(accounts[account, binding: position], transaction) {
      // The answer has the request's Call-ID (RFC 3261 8.2.6.2); copied where it is new only.
      if accounts[account, binding: position].callIDKey != transaction.callIDKey {
        let contact = accounts[account, binding: position].contact
        accounts[account, binding: position].texts = texts.keep(
          contact, bytes.string(message.callID))
      }
      refresh(account, position, transaction, grant, at: sighting.moment)
    } else {
      let texts = textsOfBinding(own, transaction, position, message, bytes)
      bind(account, position, key, texts, transaction, grant, at: sighting.moment)
    }
    accounts[account, registrant: transaction.registrant].dropContact(&spareAttempts)
    if !listed.isEmpty && !sighting.isCut {
      reconcile(account, own: key, transaction, bytes, at: sighting.moment)
    }
  }

  /// The Contact as listed, else as asked for, and the Call-ID; what is missing as it was before.
  private mutating func textsOfBinding(
    _ own: ListedContact?, _ transaction: RegisterTransaction, _ position: Int?,
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>
  ) -> TextPair {
    if let uri = own?.contact.uri, !uri.isEmpty, !message.callID.isEmpty,
      let kept = texts.keep(uri, message.callID, of: bytes)
    {
      return kept
    }
    let account = Int(transaction.account)
    let asked = accounts[account, registrant: transaction.registrant].contact
    let contact = own.map { bytes.string($0.contact.uri) } ?? asked
    let callID = bytes.string(message.callID)
    let known = position.map { accounts[account, binding: $0].texts }
    return texts.keep(
      contact.isEmpty ? known?.first ?? "" : contact,
      callID.isEmpty ? known?.second ?? "" : callID)
  }

  struct Grant {
    var seconds: UInt32
    var source: GrantSource
  }

  /// Reads the granted expiry in the order of RFC 3261 10.2.4: own Contact, header, request.
  private static func grant(
    _ own: ListedContact?, _ transaction: RegisterTransaction, _ message: borrowing SIPMessage
  ) -> Grant {
    if let seconds = own?.expires { return Grant(seconds: seconds, source: .contact) }
    if let seconds = message.expires { return Grant(seconds: seconds, source: .header) }
    if let seconds = transaction.requestedSeconds {
      return Grant(seconds: seconds, source: .request)
    }
    return Grant(seconds: 3600, source: .assumed)
  }

  private static func isSameFlow(_ binding: Binding, _ transaction: RegisterTransaction) -> Bool {
    binding.source == transaction.source && binding.registrar == transaction.destination
      && !binding.isOnlyListed
  }

  private mutating func refresh(
    _ account: Int, _ position: Int, _ transaction: RegisterTransaction, _ grant: Grant,
    at moment: Moment
  ) {
    measureMargin(account, position, transaction)
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    noteLapse(account, position, transaction)
    noteDisturbance(account, position, transaction)
    let isNewSeries = accounts[account, binding: position].callIDKey != transaction.callIDKey
    let isWhole = isWhole(since: accounts[account, binding: position].refreshed.time)
    func update(_ binding: inout Binding) {
      // Between two runs of the program refreshes may be missing: their gap measures nothing.
      if !binding.isCarriedOver {
        let gap = moment.time - binding.refreshed.time
        if isWhole {
          binding.noteMargin(
            begun: exchange.begun, at: moment, limits)
          binding.noteGap(milliseconds: gap.wholeMilliseconds)
        }
        binding.noteRush(gap: gap, to: moment, limits)
      }
      binding.refreshes += 1
      if isNewSeries {
        binding.freshCallIDs += 1
        binding.callIDKey = transaction.callIDKey
        binding.firstCSeq = exchange.cseq
      } else {
        binding.keptCallIDs += 1
      }
      binding.take(transaction, grant, exchange, at: moment)
    }
    update(&accounts[account, binding: position])
    accounts[account, registrant: transaction.registrant].missesRegisters = false
  }

  /// Makes a binding: a new Contact, or a known one that comes over another flow.
  private mutating func bind(
    _ account: Int, _ position: Int?, _ key: UInt64, _ texts: TextPair,
    _ transaction: RegisterTransaction, _ grant: Grant, at moment: Moment
  ) {
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    var binding = Binding(
      contactKey: key,
      callIDKey: transaction.callIDKey,
      source: transaction.source,
      registrar: transaction.destination,
      expires: moment.time + .seconds(Int64(grant.seconds)),
      isOnlyListed: false,
      refreshed: moment,
      refreshRequest: exchange.start,
      grantedSeconds: grant.seconds,
      requestedSeconds: transaction.requestedSeconds,
      grantSource: grant.source,
      cseq: transaction.cseq,
      instanceKey: transaction.instanceKey,
      isBehindNAT: exchange.isBehindNAT,
      isSeenFromInside: exchange.isSeenFromInside,
      texts: texts,
      agent: userAgents[Int(transaction.userAgent)],
      from: moment,
      fromRequest: exchange.start,
      firstCSeq: exchange.cseq)
    binding.urnKey = transaction.urnKey
    noteRegistered(account, key)
    let path = pathForBinding(transaction)
    retain(path)
    binding.path = path
    paths[path].replacedAt = .max
    paths[path].isBehindNAT = paths[path].isBehindNAT || binding.isBehindNAT
    noteInsideContact(path, transaction)
    if isCrowded(path) { noteSharedPort(account, path, transaction, at: moment) }
    if let position {
      let old = accounts[account].current.remove(at: position)
      if old.source.address == binding.source.address, old.userAgent == binding.userAgent {
        let isFresh = old.callIDKey != binding.callIDKey
        binding.freshCallIDs = old.freshCallIDs + (isFresh ? 1 : 0)
        binding.keptCallIDs = old.keptCallIDs + (isFresh ? 0 : 1)
      }
      noteLapseOverNewFlow(old, &binding, transaction, exchange)
      if let lapse = binding.lapses.kept.last, lapse.isCertain {
        noteLapse(account, old, by: binding, at: exchange.start)
      }
      succeedBinding(account, old, by: binding, at: moment)
    } else {
      noteReturn(account, binding, exchange.start)
    }
    accounts[account, registrant: transaction.registrant].missesRegisters = false
    makeRoomForBinding(account, at: moment)
    accounts[account].current.append(consume binding)
  }

  /// Where an account has as many bindings as are followed, the one that runs out first is given up:
  /// what becomes of it is not known.
  ///
  /// Not the new one, which is what its device uses from now on.
  private mutating func makeRoomForBinding(_ account: Int, at moment: Moment) {
    guard !hasRoomForBinding(account),
      let first = accounts[account].current.indices.min(by: {
        accounts[account, binding: $0].expires < accounts[account, binding: $1].expires
      })
    else { return }
    endBinding(account, accounts[account].current.remove(at: first), .unknown, moment)
  }

  /// Whether the account may have one more binding; counts it where it may not.
  mutating func hasRoomForBinding(_ account: Int) -> Bool {
    if accounts[account].current.count < limits.bindingsPerAccount { return true }
    counts.bindingsLeftOut += 1
    return false
  }

  /// The same Contact over another flow: the same device elsewhere, or another one with that Contact.
  private mutating func succeedBinding(
    _ account: Int, _ old: Binding, by binding: Binding, at moment: Moment
  ) {
    if old.isOnlyListed { return }
    let isSame = old.isSameDevice(as: binding) || old.source.address == binding.source.address
    endBinding(account, old, old.end(takenOverBySameDevice: isSame), moment)
    noteChange(account, from: old, to: binding, isSame, at: moment)
  }

  private mutating func remove(_ transaction: RegisterTransaction, at moment: Moment) {
    let account = Int(transaction.account)
    var position = accounts[account].current.count - 1
    while position >= 0 {
      let binding = accounts[account, binding: position]
      if transaction.isWildcard || binding.contactKey == transaction.contactKey
        || (listed.isEmpty && accounts[account].current.count == 1)
      {
        accounts[account].current.remove(at: position)
        noteRemoval(account, binding, at: moment)
        endBinding(account, binding, .removed, moment)
      }
      position -= 1
    }
    accounts[account].lastRemoved = moment
  }

  /// Moves bindings whose time is over to the past.
  private mutating func expireBindings(_ account: Int, before time: Timestamp) {
    guard accounts[account].current.count > 1 else { return }
    var position = accounts[account].current.count - 1
    while position >= 0 {
      let binding = accounts[account, binding: position]
      if binding.expires < time && !isAwaited(binding, account) {
        accounts[account].current.remove(at: position)
        let end = Moment(time: binding.expires, frame: binding.refreshed.frame)
        if !binding.isOnlyListed { endBinding(account, binding, .expired, end) }
      }
      position -= 1
    }
  }

  /// A binding that ran out stays a while: its own late refresh may be the REGISTER at hand.
  private func isAwaited(_ binding: Binding, _ account: Int) -> Bool {
    binding.expires + .seconds(Int64(max(binding.grantedSeconds, 60))) > now
  }

  mutating func endBinding(
    _ account: Int, _ binding: Binding, _ end: BindingEnd, _ moment: Moment
  ) {
    guard !binding.isOnlyListed else { return }
    // What the switch sends from now on is counted anew.
    if end == .removed, let path = binding.path { paths[path].lastProbe = nil }
    var ended = binding
    ended.end = end
    ended.ended = moment
    if end == .expired { ended.noteExpiry(losses) }
    if end == .replaced, let path = binding.path { noteReplaced(account, path, at: moment) }
    if let evicted = accounts[account].past.append(ended), let path = evicted.path {
      release(path)
    }
  }
}

extension Binding {
  /// How it ended when another one took its place; one that only an earlier run knew may have been
  /// removed before.
  func end(takenOverBySameDevice isSame: Bool) -> BindingEnd {
    if isSame { return .refreshed }
    return isCarriedOver ? .unknown : .replaced
  }

  /// Takes over what an accepted refresh says.
  mutating func take(
    _ transaction: RegisterTransaction, _ grant: Tracker.Grant,
    _ exchange: Registrant.Exchange,
    at moment: Moment
  ) {
    noteShorterGrant(grant, at: moment)
    // What an earlier run knew of it ends here.
    if isCarriedOver { (instanceKey, urnKey) = (transaction.instanceKey, transaction.urnKey) }
    refreshedBefore = refreshed.time
    refreshed = moment
    refreshRequest = exchange.start
    grantedSeconds = grant.seconds
    grantSource = grant.source
    requestedSeconds = transaction.requestedSeconds
    expires = moment.time + .seconds(Int64(grant.seconds))
    cseq = transaction.cseq
    unknownSince = nil
    isBehindNAT = isBehindNAT || exchange.isBehindNAT
    isSeenFromInside = isSeenFromInside || exchange.isSeenFromInside
  }

  /// Follows rows of accepted registrations that came far sooner than the granted time needs.
  mutating func noteRush(gap: Duration, to moment: Moment, _ limits: TrackerLimits) {
    let share = Duration.milliseconds(Int64(grantedSeconds) * 10 * Int64(limits.rushShare))
    if gap < limits.rushInterval && gap < share {
      var row = rush ?? RegistrationRush()
      row.extend(from: refreshed, to: moment, gap: gap, grantedSeconds: grantedSeconds)
      rush = row
    } else if !rareFacts.isEmpty {
      rareFacts.facts.rush?.current = 0
    }
  }
}
