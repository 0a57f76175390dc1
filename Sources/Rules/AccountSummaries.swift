public import Capture
import Parameters
public import Registrations

/// One account in a list.
public struct AccountOverview: Sendable {
  fileprivate let history: History
  fileprivate let account: Int
  /// Its state at the end.
  public let state: AccountState
  /// Seconds in which it could not be reached as far as the findings show; `nil` when unknown.
  public let unreachable: Duration?
  /// The highest level of its findings; `nil` where there is none.
  public let level: Level?
  /// Whether an error about it goes on at the end of the capture.
  public let isFailing: Bool

  /// Its address-of-record; made when it is asked for, since of most accounts it is not.
  public var addressOfRecord: String { history.accounts[account].addressOfRecord }
}

/// The accounts of a report: built one by one when they are read.
///
/// Half a million accounts with copies of their bindings and flows would take gigabytes; kept are
/// the history they are read from and a few bytes for each.
public struct AccountSummaries: RandomAccessCollection, Sendable {
  private struct Entry {
    /// Nanoseconds; negative for `nil`.
    private let reachableTime: Int64
    private let unreachableTime: Int64
    let account: UInt32
    let direction: Direction
    let state: AccountState
    let level: Level?
    let isFailing: Bool

    init(_ standing: Standing, _ direction: Direction, _ index: Int, _ findings: [Finding]) {
      reachableTime = standing.reachable?.wholeNanoseconds ?? -1
      unreachableTime = standing.unreachable?.wholeNanoseconds ?? -1
      account = UInt32(truncatingIfNeeded: index)
      self.direction = direction
      state = standing.state
      level = findings.isEmpty ? nil : findings.map(\.level).max()
      isFailing = findings.contains { $0.level == .error && $0.to == nil }
    }

    var reachable: Duration? { reachableTime < 0 ? nil : .nanoseconds(reachableTime) }
    var unreachable: Duration? { unreachableTime < 0 ? nil : .nanoseconds(unreachableTime) }
  }

  /// What they are read from: all accounts, selected or not.
  public let history: History
  private let capture: CaptureContext
  private var entries: [Entry] = []

  /// The time by which all of this is so.
  public var end: Timestamp { capture.end }

  init(_ history: History, _ capture: CaptureContext) {
    self.history = history
    self.capture = capture
    // An array that doubles would for a moment take twice of what it needs.
    entries.reserveCapacity(history.accounts.count)
  }

  /// Adds the account at `index`, of which these findings are told.
  mutating func append(
    _ standing: Standing, _ direction: Direction, at index: Int, told findings: [Finding]
  ) {
    entries.append(Entry(standing, direction, index, findings))
  }

  /// The first position.
  public var startIndex: Int { entries.startIndex }
  /// The position after the last account.
  public var endIndex: Int { entries.endIndex }

  /// The account at a position.
  public subscript(position: Int) -> AccountSummary {
    let entry = entries[position]
    let subject = Subject(
      history, Int(entry.account), direction: entry.direction, capture: capture,
      profile: nil)
    return AccountSummary(
      subject: subject, state: entry.state, reachable: entry.reachable,
      unreachable: entry.unreachable)
  }

  /// The bindings of the account at a position.
  func bindings(at position: Int) -> Bindings {
    Bindings(history, Int(entries[position].account))
  }

  /// The state in which the account at a position ended.
  public func state(at position: Int) -> AccountState { entries[position].state }

  /// What a list shows of the account at a position, without its bindings.
  public func overview(at position: Int) -> AccountOverview {
    let entry = entries[position]
    return AccountOverview(
      history: history, account: Int(entry.account), state: entry.state,
      unreachable: entry.unreachable, level: entry.level, isFailing: entry.isFailing)
  }

  /// All of them, as rules see them that judge them together.
  var population: Population {
    Population(
      history: history,
      members: entries.map { .init(account: $0.account, direction: $0.direction) },
      capture: capture)
  }

  /// The account at a position as rules judge it.
  func subject(at position: Int, _ profile: Profile) -> Subject {
    let entry = entries[position]
    return Subject(
      history, Int(entry.account), direction: entry.direction, capture: capture,
      profile: profile)
  }

  /// The accounts at these positions, in that order.
  public func selecting(_ positions: [Int]) -> AccountSummaries {
    var selected = self
    selected.entries = positions.map { entries[$0] }
    return selected
  }
}
