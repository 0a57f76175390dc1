public import Capture
public import Decode

/// What one address failed with at registering, whatever the accounts.
///
/// Only failures reach it, so that a healthy address costs nothing.
public struct SourceFailures: Sendable {
  /// One refused REGISTER.
  struct Failure {
    var moment: Moment
    var account: UInt32
    var callIDKey: UInt64
    var port: UInt16
  }

  /// A span in which failures followed one another as closely as an attack's.
  public struct Burst: Sendable {
    /// The first failure.
    public internal(set) var from: Moment
    /// The last failure.
    public internal(set) var to: Moment
    /// Failures in it.
    public internal(set) var failures: Int
    /// The most accounts within one window, as far as they were told apart.
    public internal(set) var accounts: Int
    /// The most ports within one window: behind a NAT each phone has one of its own.
    public internal(set) var ports: Int
    /// Places of the first and the last account in the history.
    public internal(set) var firstAccount: Int
    /// The last account.
    public internal(set) var lastAccount: Int
  }

  /// The address.
  public let source: IPAddress
  /// Refused REGISTERs in all.
  public internal(set) var failures = 0
  /// When the last one was sent.
  private(set) var last = Timestamp.spare
  /// The bursts.
  public internal(set) var bursts = BoundedList<Burst>(half: 2)
  /// The last failures, at most as many as make a burst, oldest first from `next` on.
  private var recent: [Failure] = []
  private var next = 0

  init(source: IPAddress) { self.source = source }

  mutating func add(_ failure: Failure, _ limits: TrackerLimits) {
    failures += 1
    last = max(last, failure.moment.time)
    keep(failure, max(limits.scanFailures, limits.scanAccounts))
    let earliest = failure.moment.time + .nanoseconds(-limits.scanWindow.wholeNanoseconds)
    let window = recent.filter {
      $0.moment.time >= earliest && $0.moment.time <= failure.moment.time
    }
    let accounts = Set(window.map(\.account)).count
    let ports = Set(window.map(\.port)).count
    // One client that repeats itself under one Call-ID loops; it does not search.
    let isOneClient = accounts == 1 && Set(window.map(\.callIDKey)).count == 1
    let isDense =
      accounts >= limits.scanAccounts || (window.count >= limits.scanFailures && !isOneClient)
    if let last = bursts.kept.last, last.to.time >= earliest, last.to.time <= failure.moment.time {
      bursts.updateLast { burst in
        burst.to = failure.moment
        burst.failures += 1
        burst.accounts = max(burst.accounts, accounts)
        burst.ports = max(burst.ports, ports)
        burst.lastAccount = Int(failure.account)
      }
    } else if isDense, let first = window.min(by: { $0.moment.time < $1.moment.time }) {
      bursts.append(
        Burst(
          from: first.moment, to: failure.moment, failures: window.count, accounts: accounts,
          ports: ports, firstAccount: Int(first.account), lastAccount: Int(failure.account)))
    }
  }

  private mutating func keep(_ failure: Failure, _ capacity: Int) {
    if recent.count < capacity {
      recent.append(failure)
    } else {
      recent[next] = failure
      next = (next + 1) % capacity
    }
  }

  /// Accounts among the last failures that came at `time` or later.
  public func accounts(since time: Timestamp) -> Int {
    Set(recent.lazy.filter { $0.moment.time >= time }.map(\.account)).count
  }
}
