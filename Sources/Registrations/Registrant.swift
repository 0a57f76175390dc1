import Capture
import Decode

/// The device that sends REGISTERs for an account: told apart by host and user agent.
@usableFromInline
struct Registrant: Sendable {
  /// What an exchange (challenge and retry are one) hands on to the binding it makes.
  struct Exchange {
    /// Its first REGISTER.
    var start: Moment
    /// The first REGISTER since the last success: when the device began to try.
    @OrSpare var pursuitStart: Timestamp? = nil
    /// That REGISTER's CSeq number.
    var cseq: UInt32 = 0
    /// Whether any message of the device showed a NAT in between.
    var isBehindNAT = false
    var isSeenFromInside = false
  }

  /// The nonce of a challenge and when it came.
  struct Offer {
    var nonceKey: UInt64
    var time: Timestamp
  }

  /// The last REGISTER it sent; the serial tells whether the number still means that one.
  struct LastRegister {
    var callIDKey: UInt64 = 0
    var sent = Timestamp(nanoseconds: 0)
    var userKey: UInt64 = 0
    var serial: UInt32 = 0
    var number = RegisterTransaction.none
    var cseq: UInt32 = 0
    /// Whether an earlier run saw it: others may have followed that nobody saw.
    var isCarriedOver = false
  }

  var last = LastRegister()
  /// Whether REGISTERs or their answers may be missing from the capture since the last success.
  var missesRegisters = false
  /// Whether it repeated a REGISTER long after the answer to it.
  var missesAnswers = false
  /// Whether it was ever accepted.
  var hasSucceeded = false
  /// Whether it asked to be removed since it was accepted last.
  var hasAskedForRemoval = false
  var userAgentKey: UInt32
  /// Where its first REGISTER came from.
  @Compact var source: Endpoint
  /// Whom it asked last.
  @Compact var registrar = Endpoint(address: IPAddress(ipv4: 0), port: 0)
  var exchange: Exchange
  /// Its own address as its Via has it, where that is private behind a public source; else 0.0.0.0.
  @Compact private var insideEndpoint = Endpoint(address: IPAddress(ipv4: 0), port: 0)
  private var attempt = Aside<OpenAttempt>()
  @usableFromInline var troubles = Aside<Troubles>()

  init(source: Endpoint, userAgentKey: UInt32, start: Moment) {
    self.userAgentKey = userAgentKey
    self.source = source
    exchange = Exchange(start: start)
  }

  /// Its host.
  var host: IPAddress { source.address }

  /// Its own address as its Via has it, where that is private behind a public source.
  var inside: IPAddress? {
    get {
      let address = insideEndpoint.address
      return address == IPAddress(ipv4: 0) ? nil : address
    }
    set { insideEndpoint = Endpoint(address: newValue ?? IPAddress(ipv4: 0), port: 0) }
  }
}

extension Registrant: HasFiller {
  /// No device at all.
  @usableFromInline static var filler: Registrant {
    Registrant(
      source: Endpoint(address: IPAddress(ipv4: 0), port: 0), userAgentKey: 0, start: .spare)
  }
}

/// What a registrant has between a REGISTER and its success only.
private struct OpenAttempt: HasNoFacts {
  var challenge: FailedAttempt?
  var challengedContact: UInt64 = 0
  var offer: Registrant.Offer?
  var contactKey: UInt64 = 0
  /// Its text as the datagram has it; without a key what an earlier one has left.
  var contact: [UInt8] = []

  /// Bytes of a Contact for which the room is kept when the place is given back.
  private static let mostRoom = 256

  var isOver: Bool { challenge == nil && offer == nil && contactKey == 0 }

  /// Empties the place for another one's attempt.
  mutating func clear() {
    challengedContact = 0
    if contact.capacity > Self.mostRoom { contact = [] }
  }

  mutating func keepContact(_ key: UInt64, _ text: Span<UInt8>) {
    contactKey = key
    if !contact.isEmpty { contact.removeAll(keepingCapacity: true) }
    text.withUnsafeBufferPointer { contact.append(contentsOf: $0.prefix(TextStore.longest)) }
  }
}

/// Places of attempts that are over, for those to come: with each challenge one is needed and given
/// back, which is no reason to ask for memory each time.
struct SpareAttempts: Sendable {
  fileprivate var places: [Aside<OpenAttempt>] = []

  init() {}
}

/// The failures of a registrant since its last success.
@usableFromInline
struct Troubles: HasNoFacts {
  @usableFromInline var series: [FailureSeries] = []
  var runs: [FailureRun] = []

  @usableFromInline init() {}
}

extension Registrant {
  /// The challenge it has not answered yet.
  var openChallenge: FailedAttempt? { attempt.isEmpty ? nil : attempt.kept[0].challenge }

  /// The last answer, where that was a challenge.
  var offer: Offer? { attempt.isEmpty ? nil : attempt.kept[0].offer }

  /// The Contact of its last REGISTER that made none of the known bindings anew; 0 for none.
  var contactKey: UInt64 { attempt.isEmpty ? 0 : attempt.kept[0].contactKey }

  /// The text of that Contact.
  var contact: String {
    contactKey == 0 ? "" : String(decoding: attempt.kept[0].contact, as: UTF8.self)
  }

  /// The failures since the last success.
  @usableFromInline var series: [FailureSeries] {
    @inlinable get { troubles.isEmpty ? [] : troubles.kept[0].series }
    _modify { yield &troubles.facts.series }
  }

  /// The same whatever their kind, one run for each registrar.
  var runs: [FailureRun] {
    get { troubles.isEmpty ? [] : troubles.kept[0].runs }
    _modify { yield &troubles.facts.runs }
  }

  /// Takes in a challenge; `challenge` is it where the device is to answer it.
  mutating func noteOffer(_ offer: Offer?, _ spare: inout SpareAttempts) {
    guard offer != nil || !attempt.isEmpty else { return }
    makePlace(&spare)
    attempt.facts.offer = offer
  }

  /// Takes in a challenge that the device has not answered, and the Contact it was made for.
  mutating func open(
    _ challenge: FailedAttempt, for contact: UInt64, _ spare: inout SpareAttempts
  ) {
    makePlace(&spare)
    attempt.facts.challenge = challenge
    attempt.facts.challengedContact = contact
  }

  /// The challenge is answered, or will never be.
  mutating func closeChallenge(_ spare: inout SpareAttempts) {
    guard !attempt.isEmpty else { return }
    attempt.facts.challenge = nil
    tidy(&spare)
  }

  /// Keeps the text of a Contact, for a registrar that lists none in its answer.
  mutating func keepContact(_ key: UInt64, _ text: Span<UInt8>, _ spare: inout SpareAttempts) {
    makePlace(&spare)
    attempt.facts.keepContact(key, text)
  }

  /// The Contact is bound.
  mutating func dropContact(_ spare: inout SpareAttempts) {
    guard !attempt.isEmpty else { return }
    attempt.facts.contactKey = 0
    tidy(&spare)
  }

  private mutating func makePlace(_ spare: inout SpareAttempts) {
    if attempt.isEmpty, let place = spare.places.popLast() { attempt = place }
  }

  private mutating func tidy(_ spare: inout SpareAttempts) {
    guard attempt.kept[0].isOver else { return }
    attempt.facts.clear()
    spare.places.append(attempt)
    attempt = Aside()
  }

  /// Gives the place of failures back where none are left.
  mutating func tidyTroubles() {
    if series.isEmpty, runs.isEmpty { troubles = Aside() }
  }

  /// Takes a new REGISTER for its last one and gives the challenge it may answer.
  mutating func begin(
    _ transaction: RegisterTransaction, isRetry: Bool, _ spare: inout SpareAttempts
  ) -> Offer? {
    if !isRetry {
      exchange.start = transaction.sent
      exchange.cseq = transaction.cseq
    }
    if exchange.pursuitStart == nil {
      exchange.pursuitStart = transaction.sent.time
    }
    last = LastRegister(
      callIDKey: transaction.callIDKey, sent: transaction.sent.time,
      userKey: transaction.contactUserKey, serial: transaction.serial, cseq: transaction.cseq)
    registrar = transaction.destination
    if transaction.isRemoval { hasAskedForRemoval = true }
    guard !attempt.isEmpty else { return nil }
    let offer = offer
    attempt.facts.offer = nil
    closeChallenge(&spare)
    return offer
  }

  /// Takes in that its REGISTER was accepted.
  mutating func noteSuccess(isRemoval: Bool) {
    exchange.pursuitStart = nil
    missesAnswers = false
    hasSucceeded = true
    if !isRemoval { hasAskedForRemoval = false }
  }

  /// Something between the last REGISTER and this moment is not in the capture.
  mutating func noteMissing() {
    missesRegisters = true
    guard !troubles.isEmpty else { return }
    for index in series.indices { series[index].mayMissSuccess = true }
    for index in runs.indices { runs[index].mayMissAttempts = true }
  }

  /// Devices of one kind behind one address register one account side by side: a challenge to one
  /// is no concern of the others.
  func isChallenged(_ transaction: RegisterTransaction) -> Bool {
    last.callIDKey == transaction.callIDKey
      || (!attempt.isEmpty && attempt.kept[0].challengedContact == transaction.contactKey)
  }

  /// The last challenge of a device that answers none counts like those before it.
  mutating func leaveUnanswered(_ challenge: FailedAttempt) {
    for index in series.indices where series[index].withoutCredentials > 0 {
      series[index].withoutCredentials += 1
      series[index].attempts.append(challenge)
    }
  }
}
