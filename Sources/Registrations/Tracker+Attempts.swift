import Capture
import Decode
import SIP

/// Answers to REGISTER, and the failures among them.
extension Tracker {
  mutating func observeRegisterAnswer(
    _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let key = keys.transaction(message, bytes)
    if let number = registerIndex.find(key) {
      answerRegister(number, message, bytes, at: sighting)
      return
    }
    let callID = bytes.hash(message.callID, seed: seed)
    guard let account = knownAccount(of: message, bytes),
      let index = lastRegister(account, callID, message.cseq, at: sighting)
    else {
      holdAnswer(key, bytes, at: sighting)
      return
    }
    // With a rewritten Via it is the answer all the same; one that was taken in before is a copy,
    // and one to the registrar's own address stands on the leg behind a proxy.
    let last = accounts[account, registrant: index].last
    if accounts[account, registrant: index].registrar.address == sighting.source.address,
      let number = number(of: last)
    {
      answerRegister(number, message, bytes, at: sighting)
    }
  }

  private mutating func answerRegister(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    guard message.statusCode >= 200 else { return }
    if registers[number].state == .open {
      findDevice(of: number)
      counts.answers += 1
      noteAnswer(of: registers[number].destination, message, bytes, at: sighting)
      let account = Int(registers[number].account)
      accounts[account].lastSeen = sighting.moment
      if isGarbled(message, bytes, of: account) {
        counts.garbledAnswers += 1
        noteUnknownOutcome(registers[number])
      } else {
        noteNATOfAnswer(number, message, bytes, at: sighting)
        noteDestination(of: number, at: sighting)
        judgeAnswer(number, message, bytes, at: sighting)
      }
    }
    forgetRegister(number)
  }

  private mutating func judgeAnswer(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    measures.countAnswer(message.statusCode)
    switch message.statusCode {
    case 200..<300:
      noteCredentials(number)
      accept(number, message, bytes, at: sighting)
    case 300..<400: break
    case 401, 407: challenge(number, message, bytes, at: sighting)
    default: refuse(number, message, bytes, at: sighting)
    }
  }

  /// How long the registrar waited for the credentials that it accepted.
  private mutating func noteCredentials(_ transaction: UInt32) {
    guard registers[transaction].answersChallenge,
      let number = registrarNumber(registers[transaction].destination),
      registrars[number].slowestCredentials < registers[transaction].retryDelay
    else { return }
    registrars[number].slowestCredentials = registers[transaction].retryDelay
  }

  private mutating func noteAnswer(
    of registrar: Endpoint, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>,
    at sighting: Sighting
  ) {
    guard let number = registrarNumber(registrar) else { return }
    registrars[number].answers += 1
    registrars[number].lastAnswer = sighting.moment.time
    // What it calls itself once is enough; an answer that comes through a proxy may not say it.
    guard registrars[number].server.isEmpty, !message.userAgent.isEmpty else { return }
    registrars[number].server = userAgents[Int(userAgentNumber(message.userAgent, bytes))].name
    registrars[number].trafficClass = sighting.trafficClass
  }

  private mutating func noteChallenge(by registrar: Endpoint, _ status: UInt16) {
    guard let number = registrarNumber(registrar) else { return }
    if status == 401 {
      registrars[number].challenges.with401 += 1
    } else {
      registrars[number].challenges.with407 += 1
    }
  }

  /// A new REGISTER of a device closes what its previous one left open.
  ///
  /// Gives the challenge it may answer.
  mutating func beginAttempt(_ transaction: RegisterTransaction) -> Registrant.Offer? {
    let account = Int(transaction.account)
    noteLossBefore(transaction)
    let previous = accounts[account, registrant: transaction.registrant].last
    let isNext =
      previous.callIDKey == transaction.callIDKey && transaction.cseq > previous.cseq
    // With a CSeq left out REGISTERs are missing here, with their answers; with the next one while
    // the last is open, its answer is: without one it would have sent the same again.
    let hasGap = isNext && transaction.cseq > previous.cseq &+ 1
    if previous.callIDKey == transaction.callIDKey, transaction.cseq < previous.cseq,
      accounts[account, registrant: transaction.registrant].registrar.address
        == transaction.destination.address
    {
      noteCSeq(
        transaction, after: previous, isOpen: previous.isCarriedOver || isOpen(previous))
    }
    let isAnswerInferred = isNext && inferAnswer(before: transaction, previous)
    if hasGap || (isNext && !isAnswerInferred && isOpen(previous)) {
      accounts[account, registrant: transaction.registrant].noteMissing()
    }
    let challenge = accounts[account, registrant: transaction.registrant].openChallenge
    if challenge != nil, accounts[account, registrant: transaction.registrant].missesAnswers {
      accounts[account].unheardChallenges += 1
    } else if let challenge, !transaction.hasCredentials, !transaction.isIncomplete, !hasGap,
      accounts[account, registrant: transaction.registrant].isChallenged(transaction)
    {
      fail(transaction, .authentication, challenge) { $0.withoutCredentials += 1 }
      noteFailure(transaction, challenge, .credentials)
    }
    let isRetry = challenge != nil && (isNext || transaction.hasCredentials)
    noteAttempt(transaction, isRetry: isRetry)
    return accounts[account, registrant: transaction.registrant].begin(
      transaction, isRetry: isRetry, &spareAttempts)
  }

  /// Credentials answer a challenge: it came, though the capture does not hold it.
  private mutating func inferAnswer(
    before transaction: RegisterTransaction, _ previous: Registrant.LastRegister
  ) -> Bool {
    guard transaction.hasCredentials, isOpen(previous), let number = number(of: previous),
      !registers[number].hasCredentials
    else { return false }
    registers[number].state = .answeredUnseen
    return true
  }

  private mutating func isOpen(_ register: Registrant.LastRegister) -> Bool {
    number(of: register).map { registers[$0].state == .open } ?? false
  }

  private mutating func challenge(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let transaction = registers[number]
    noteChallenge(by: transaction.destination, message.statusCode)
    let attempt = FailedAttempt(
      request: transaction.sent, answer: sighting.moment, status: message.statusCode,
      hadCredentials: transaction.hasCredentials)
    let account = Int(transaction.account)
    accounts[account, registrant: transaction.registrant].noteOffer(
      message.challenge.map {
        .init(nonceKey: bytes.hash($0.nonce, seed: seed), time: sighting.moment.time)
      }, &spareAttempts)
    guard transaction.hasCredentials else {
      // Credentials may stand where the snap length cut.
      guard !transaction.isIncomplete else { return }
      accounts[account, registrant: transaction.registrant].open(
        attempt, for: transaction.contactKey, &spareAttempts)
      return
    }
    let isStale = message.challenge?.isStale ?? false
    if !isStale {
      noteStranger(transaction, at: transaction.sent)
      noteFailure(transaction, attempt, .credentials)
    }
    let realm = message.challenge?.realm ?? .none
    let isOtherRealm = bytes.hash(realm, seed: seed) != transaction.realmKey
    let isNew = openSeries(transaction, .authentication) == nil
    let realmText = isNew ? bytes.string(realm).shortened() : nil
    fail(transaction, .authentication, attempt) { series in
      if isStale { series.staleNonces += 1 } else { series.rejectedCredentials += 1 }
      if !isStale && !transaction.answersChallenge { series.agedNonces += 1 }
      if !isStale && transaction.answersChallenge { series.noteDialogue(transaction.callIDKey) }
      if transaction.answersChallenge {
        series.slowestRetry = max(series.slowestRetry, transaction.retryDelay)
      }
      series.realmDiffers = series.realmDiffers || isOtherRealm
      series.usernameDiffers = series.usernameDiffers || transaction.usernameDiffers
      if let realmText { series.realm = realmText }
    }
    noteReason(transaction, .authentication, message, bytes)
  }

  private mutating func refuse(
    _ number: UInt32, _ message: borrowing SIPMessage, _ bytes: Span<UInt8>, at sighting: Sighting
  ) {
    let transaction = registers[number]
    // The device wants to leave; its binding stays until it runs out.
    guard !transaction.isRemoval else { return }
    let attempt = FailedAttempt(
      request: transaction.sent, answer: sighting.moment, status: message.statusCode,
      hadCredentials: transaction.hasCredentials)
    let kind: FailureSeries.Kind =
      switch (message.statusCode, transaction.hasCredentials) {
      case (403, true): .forbidden
      case (423, _): .tooBrief
      default: .refused
      }
    if kind != .tooBrief { noteFailure(transaction, attempt, Self.cause(kind, attempt)) }
    // 5xx is the registrar's own trouble, and meets everybody.
    if kind != .tooBrief, message.statusCode < 500 {
      noteStranger(transaction, at: transaction.sent)
    }
    fail(transaction, kind, attempt) { series in
      if kind == .forbidden { series.rejectedCredentials += 1 }
      series.usernameDiffers = series.usernameDiffers || transaction.usernameDiffers
    }
    noteReason(transaction, kind, message, bytes)
    if kind == .tooBrief {
      noteInterval(transaction, minExpires: message.minExpires)
    } else {
      noteHolder(transaction, kind)
    }
  }

  private static func cause(
    _ kind: FailureSeries.Kind, _ attempt: FailedAttempt
  ) -> FailureRun.Cause {
    if kind == .forbidden { return .credentials }
    return (500..<600).contains(attempt.status) ? .server : .refused
  }

  mutating func openSeries(
    _ transaction: RegisterTransaction, _ kind: FailureSeries.Kind
  ) -> Int? {
    accounts[Int(transaction.account), registrant: transaction.registrant].series
      .firstIndex {
        $0.kind == kind && $0.registrar.address == transaction.destination.address
      }
  }

  /// Adds a failure to the device's series of that kind.
  mutating func fail(
    _ transaction: RegisterTransaction, _ kind: FailureSeries.Kind, _ attempt: FailedAttempt,
    _ change: (inout FailureSeries) -> Void
  ) {
    let account = Int(transaction.account)
    let others = accounts[account].isRegistered(at: now, except: transaction.callIDKey)
    let losses = losses
    let ownEnd = accounts[account].registeredUntil(at: now, transaction.callIDKey)
    if openSeries(transaction, kind) == nil {
      let series = reopenedSeries(transaction, kind) ?? newSeries(transaction, kind)
      makeRoomForSeries(account, transaction.registrant)
      accounts[account, registrant: transaction.registrant].series.append(series)
    }
    guard let index = openSeries(transaction, kind) else { return }
    func update(_ series: inout FailureSeries) {
      if let last = series.last, !losses.touch(last.request.time, attempt.request.time) {
        series.gaps.add(milliseconds: (attempt.request.time - last.request.time).wholeMilliseconds)
      }
      series.attempts.append(attempt)
      series.source = transaction.source
      series.registrar = transaction.destination
      series.status = attempt.status
      series.othersWereRegistered = others
      series.registeredUntil = ownEnd
      change(&series)
    }
    update(&accounts[account, registrant: transaction.registrant].series[index])
  }

  /// Where a device fails at more registrars than are told apart, the series it met longest ago is
  /// set aside.
  private mutating func makeRoomForSeries(_ account: Int, _ registrant: Int) {
    let series = accounts[account, registrant: registrant].series
    guard series.count >= limits.troublesPerRegistrant,
      let oldest = series.indices.min(by: {
        series[$0].last?.request.time ?? .spare < series[$1].last?.request.time ?? .spare
      })
    else { return }
    accounts[account, registrant: registrant].series.remove(at: oldest)
    setAside(series[oldest], of: account)
  }

  private mutating func newSeries(
    _ transaction: RegisterTransaction, _ kind: FailureSeries.Kind
  ) -> FailureSeries {
    var series = FailureSeries(
      kind: kind, source: transaction.source, registrar: transaction.destination,
      userAgent: userAgents[Int(transaction.userAgent)].name, callIDKey: transaction.callIDKey)
    let account = Int(transaction.account)
    series.deviceWasAccepted = accounts[account, registrant: transaction.registrant].hasSucceeded
    for index in accounts[account].registrants.indices where index != transaction.registrant {
      for other in accounts[account, registrant: index].series
      where other.registrar.address == transaction.destination.address {
        series.rejectedOfOthers += other.rejectedCredentials
      }
    }
    return series
  }

  /// A Call-ID that fails again after a success under another one: that was another device's, of
  /// the same kind behind the same address.
  private mutating func reopenedSeries(
    _ transaction: RegisterTransaction, _ kind: FailureSeries.Kind
  ) -> FailureSeries? {
    guard
      var series = accounts[Int(transaction.account)].failures.takeLast(where: {
        $0.kind == kind && $0.callIDKey == transaction.callIDKey && $0.wasEndedByAnother
          && $0.source.address == transaction.source.address
      })
    else { return nil }
    series.success = nil
    series.wasEndedByAnother = false
    return series
  }

  /// Copies the answer's words when they are new: one failure repeated stores them once.
  private mutating func noteReason(
    _ transaction: RegisterTransaction, _ kind: FailureSeries.Kind, _ message: borrowing SIPMessage,
    _ bytes: Span<UInt8>
  ) {
    guard let index = openSeries(transaction, kind) else { return }
    let account = Int(transaction.account)
    func update(_ series: inout FailureSeries) {
      series.retryAfter = message.retryAfter
      guard series.attempts.total == 1 || series.attempts.kept.last?.status != series.statusOfReason
      else { return }
      series.statusOfReason = message.statusCode
      series.reason = bytes.string(message.reasonPhrase).shortened()
      series.warning = bytes.string(message.warning).shortened()
    }
    update(&accounts[account, registrant: transaction.registrant].series[index])
  }

  /// A success ends the device's failures; a single one right before it was an aged nonce.
  mutating func succeed(
    _ account: Int, _ registrant: Int, at registrar: IPAddress, _ moment: Moment
  ) {
    if accounts[account].marks.contains(.hasSetAside) {
      endSetAside(account, registrant, at: registrar, moment)
    }
    if !accounts[account, registrant: registrant].runs.isEmpty {
      endRuns(account, registrant, at: registrar, moment)
    }
    let callID = accounts[account, registrant: registrant].last.callIDKey
    guard !accounts[account, registrant: registrant].series.isEmpty else { return }
    var left: [FailureSeries] = []
    for var series in accounts[account, registrant: registrant].series {
      // A success at one registrar does not end an outage of another.
      guard series.registrar.address == registrar else {
        left.append(series)
        continue
      }
      series.success = moment
      series.wasEndedByAnother = series.callIDKey != callID
      if !series.wasEndedByAnother && series.isAgedNonce(before: moment) {
        accounts[account].recovered += 1
      } else {
        accounts[account].failures.append(series)
      }
    }
    accounts[account, registrant: registrant].series = left
    accounts[account, registrant: registrant].tidyTroubles()
  }
}

extension FailureSeries {
  /// Whether the credentials were refused once and accepted within 10 s: servers that do not say
  /// `stale=true` let nonces age that way, and the client computes new credentials by itself.
  func isAgedNonce(before success: Moment) -> Bool {
    guard kind == .authentication, attempts.total == 1, let first else { return false }
    return success.time - first.request.time < .seconds(10)
  }
}
