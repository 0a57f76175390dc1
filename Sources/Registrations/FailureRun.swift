public import Capture
public import Decode

/// Attempts of one device at one registrar that failed one after the other, whatever the reason, up
/// to the success that ended them.
///
/// `FailureSeries` tells kinds of failure apart; this tells how long there was no success, and in
/// which rhythm it was sought.
public struct FailureRun: Sendable {
  /// What an attempt failed of.
  public enum Cause: Int, CaseIterable, Sendable {
    /// No answer.
    case unreachable
    /// Credentials refused or missing.
    case credentials
    /// 5xx.
    case server
    /// Any other final error.
    case refused
  }

  /// Where the REGISTERs came from, as of the last one.
  public internal(set) var source: Endpoint
  /// The device that sent them, as the number of its user agent.
  let agent: UInt32
  /// Who was asked.
  public internal(set) var registrar: Endpoint
  /// The first failure.
  public internal(set) var first: FailedAttempt
  /// The last failure.
  public internal(set) var last: FailedAttempt
  /// When the last of them was last transmitted.
  public internal(set) var lastTried: Timestamp
  /// How many failed.
  public internal(set) var attempts = 0
  /// The waits between a failure and the next attempt: the first and the last ones.
  public internal(set) var retries = BoundedList<Retry>(half: 4)
  /// Waits shorter than the limits allow.
  public internal(set) var fastRetries = 0
  /// The answer that ended the run; `nil` while nothing succeeded.
  public internal(set) var success: Moment?
  /// The first REGISTER of the exchange that succeeded.
  public internal(set) var successRequest: Moment?
  /// The REGISTER by which the device gave up the registration after the last failure.
  public internal(set) var removal: Moment?
  /// Whether a REGISTER or its answer may be missing from the capture.
  public internal(set) var mayMissAttempts = false
  /// Until when a binding made before the last failure was valid; `nil` where there was none.
  public internal(set) var registeredUntil: Timestamp?
  /// Whether it made room for others while it went on.
  var isSetAside = false
  private var counts = InlineArray<4, Int>(repeating: 0)
  /// The wait that has begun with the last failure; `nil` once the next attempt ended it.
  var wait: (from: Timestamp, by: Timestamp)?

  init(source: Endpoint, agent: UInt32, registrar: Endpoint, first: FailedAttempt) {
    self.source = source
    self.agent = agent
    self.registrar = registrar
    self.first = first
    last = first
    lastTried = first.request.time
  }

  /// How many attempts failed of `cause`.
  public func failures(of cause: Cause) -> Int { counts[cause.rawValue] }

  mutating func add(_ attempt: FailedAttempt, _ cause: Cause) {
    last = attempt
    removal = nil
    attempts += 1
    counts[cause.rawValue] += 1
  }

  /// The next attempt ends the wait.
  mutating func noteRetry(at next: Moment, fasterThan limit: Duration) {
    guard let begun = wait else { return }
    wait = nil
    let retry = Retry(failure: last, next: next, from: begun.from, by: min(begun.by, next.time))
    guard retry.longest >= .zero else { return }
    retries.append(retry)
    if retry.longest < limit { fastRetries += 1 }
  }
}

/// A wait between a failed attempt and the next one.
public struct Retry: Sendable {
  /// The attempt that failed.
  public let failure: FailedAttempt
  /// The first REGISTER of the next attempt.
  public let next: Moment
  /// The answer, or the last transmission that got none.
  public let from: Timestamp
  /// The answer, or when Timer F fired; the next attempt where that came first.
  public let by: Timestamp

  /// The wait if the device gave up as late as it may: at the answer, or when Timer F fired.
  public var shortest: Duration { next.time - by }
  /// The wait if the device gave up with its last transmission.
  public var longest: Duration { next.time - from }
}

extension Tracker {
  /// An attempt failed: goes on with the device's run at that registrar, or begins one.
  mutating func noteFailure(
    _ transaction: RegisterTransaction, _ attempt: FailedAttempt, _ cause: FailureRun.Cause
  ) {
    guard !transaction.isRemoval else { return }
    func update(_ runs: inout [FailureRun], _ next: Moment?, _ limit: Duration, _ due: Timestamp) {
      if !runs.contains(where: { $0.registrar.address == transaction.destination.address }) {
        runs.append(
          FailureRun(
            source: transaction.source, agent: transaction.userAgent,
            registrar: transaction.destination, first: attempt))
      }
      for index in runs.indices
      where runs[index].registrar.address == transaction.destination.address {
        runs[index].add(attempt, cause)
        runs[index].lastTried = attempt.answer == nil ? transaction.last.time : attempt.request.time
        runs[index].registeredUntil = registeredUntil
        let answered = attempt.answer?.time
        runs[index].wait = (answered ?? transaction.last.time, answered ?? due)
        // A client with a timer shorter than Timer F has tried again before this one failed.
        if let next { runs[index].noteRetry(at: next, fasterThan: limit) }
      }
    }
    let account = Int(transaction.account)
    makeRoomForRun(account, transaction)
    let registeredUntil = accounts[account].current.lazy.map(\.expires).max()
    let due = transaction.sent.time + limits.transactionTimeout
    update(
      &accounts[account, registrant: transaction.registrant].runs,
      transaction.nextAttempt, limits.fastRetry, due)
  }

  /// Where a device fails at more registrars than are told apart, the outage it met longest ago is
  /// set aside.
  private mutating func makeRoomForRun(_ account: Int, _ transaction: RegisterTransaction) {
    let runs = accounts[account, registrant: transaction.registrant].runs
    guard runs.count >= limits.troublesPerRegistrant,
      !runs.contains(where: { $0.registrar.address == transaction.destination.address }),
      let oldest = runs.indices.min(by: { runs[$0].lastTried < runs[$1].lastTried })
    else { return }
    accounts[account, registrant: transaction.registrant].runs.remove(at: oldest)
    setAside(runs[oldest], of: account)
  }

  /// A new REGISTER that answers no challenge is the next attempt.
  mutating func noteAttempt(_ transaction: RegisterTransaction, isRetry: Bool) {
    let account = Int(transaction.account)
    let last = accounts[account, registrant: transaction.registrant].last
    if !isRetry, let previous = number(of: last), registers[previous].state == .open {
      registers[previous].nextAttempt = transaction.sent
    }
    guard !accounts[account, registrant: transaction.registrant].runs.isEmpty else { return }
    let offer = accounts[account, registrant: transaction.registrant].offer
    let isAnswer = transaction.hasCredentials && offer?.nonceKey == transaction.nonceKey
    for index in accounts[account, registrant: transaction.registrant].runs.indices
    where accounts[account, registrant: transaction.registrant].runs[index].registrar.address
      == transaction.destination.address
    {
      if transaction.isRemoval {
        accounts[account, registrant: transaction.registrant].runs[index].removal =
          transaction.sent
      }
      if isRetry || isAnswer || transaction.isRemoval {
        // What follows the challenge at once is no attempt of its own.
        accounts[account, registrant: transaction.registrant].runs[index].wait = nil
      } else {
        accounts[account, registrant: transaction.registrant].runs[index].noteRetry(
          at: transaction.sent, fasterThan: limits.fastRetry)
      }
    }
  }

  /// A success ends the run at that registrar; a nonce that had aged was no failure.
  mutating func endRuns(
    _ account: Int, _ registrant: Int, at registrar: IPAddress, _ moment: Moment
  ) {
    let start = accounts[account, registrant: registrant].exchange.start
    var left: [FailureRun] = []
    for var run in accounts[account, registrant: registrant].runs {
      guard run.registrar.address == registrar else {
        left.append(run)
        continue
      }
      if run.removal == nil {
        run.success = moment
        run.successRequest = start
      }
      let isAgedNonce =
        run.attempts == 1 && run.failures(of: .credentials) == 1
        && moment.time - run.first.request.time < .seconds(10)
      if !isAgedNonce { accounts[account].pastRuns.append(run) }
    }
    accounts[account, registrant: registrant].runs = left
    accounts[account, registrant: registrant].tidyTroubles()
  }
}
