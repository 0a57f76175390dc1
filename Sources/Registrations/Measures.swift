import Capture

/// What a tracker counts of the traffic as a whole: every number only ever rises.
public struct Measures: Sendable {
  /// REGISTERs, retransmissions not counted.
  public internal(set) var registers: UInt64 = 0
  /// REGISTERs answered with 2xx.
  public internal(set) var accepted: UInt64 = 0
  /// REGISTERs answered with 401 or 407.
  public internal(set) var challenged: UInt64 = 0
  /// REGISTERs answered with anything else that is final.
  public internal(set) var refused: UInt64 = 0
  /// REGISTERs that were sent again and again and got no answer.
  public internal(set) var unanswered: UInt64 = 0
  /// OPTIONS sent to devices, retransmissions not counted.
  public internal(set) var probes: UInt64 = 0
  /// Of these, the ones the device answered.
  public internal(set) var probesAnswered: UInt64 = 0
  /// From the first REGISTER of an exchange, its challenge included, to the 2xx (RFC 6076 4.1).
  ///
  /// Steps around T1 and its doublings, at which a lost packet shows (RFC 3261 17.1.2.1).
  public internal(set) var registrationDelay = Histogram(
    ends: [2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000].map {
      .milliseconds($0)
    })
  /// From the first REGISTER of a refresh to the end of the time granted before; a refresh that came
  /// too late counts as 0.
  ///
  /// Among the steps is 32 s, in which one lost transaction would let the binding lapse.
  public internal(set) var refreshMargin = Histogram(
    ends: [0, 2, 5, 10, 20, 32, 60, 120, 300, 600, 1200, 1800, 3600].map { .seconds($0) })

  mutating func countAnswer(_ status: UInt16) {
    switch status {
    case 200..<300: accepted &+= 1
    case 401, 407: challenged &+= 1
    default: refused &+= 1
    }
  }
}

extension Tracker {
  /// Measures how long an accepted registration took (RFC 6076 4.1, Registration Request Delay).
  mutating func measureDelay(_ transaction: RegisterTransaction, until moment: Moment) {
    let account = Int(transaction.account)
    let start = accounts[account, registrant: transaction.registrant].exchange.start.time
    // Devices of one kind behind one address share an exchange: the later one is not this one's.
    measures.registrationDelay.add(
      moment.time.nanosecondsSince(min(start, transaction.sent.time)))
  }

  /// Measures how much of the granted time was left, where the capture tells what was granted and
  /// holds all that came since.
  mutating func measureMargin(
    _ account: Int, _ position: Int, _ transaction: RegisterTransaction
  ) {
    guard accounts[account, binding: position].unknownSince == nil,
      !accounts[account, binding: position].isCarriedOver,
      isWhole(since: accounts[account, binding: position].refreshed.time)
    else { return }
    switch accounts[account, binding: position].grantSource {
    case .contact, .header: break
    case .request, .assumed: return
    }
    let exchange = accounts[account, registrant: transaction.registrant].exchange
    measures.refreshMargin.add(
      accounts[account, binding: position].expires.nanosecondsSince(exchange.begun))
  }
}
