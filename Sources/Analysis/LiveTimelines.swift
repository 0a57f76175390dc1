public import Capture
public import Registrations
public import Rules
import Synchronization

/// The packets of a running capture as timelines show them, for accounts with open findings.
///
/// Of all packets the last ones are kept, as notes of 64 bytes, so that what came before a finding
/// can be drawn. For an account that is drawn events are collected from these, and from then on for
/// as long as it is: the notes may go, its events stay, the older the coarser. All of it is bounded,
/// and none of it is done on the thread that takes packets but to write the notes.
public final class LiveTimelines: Sendable {
  /// Notes that are kept: 32 MiB, an hour of 8,000 accounts that are probed every minute.
  public static let mostNotes = 1 << 19
  private let timeout: Duration
  private let arrived = Mutex<[PacketLog]>([])
  private let kept = Mutex(Kept())

  /// Nothing kept yet; `timeout` is how long an answer may take.
  public init(timeout: Duration) { self.timeout = timeout }

  /// Takes the notes since the last time, the one thing done on the thread that takes packets.
  public func take(_ notes: PacketLog) { arrived.withLock { $0.append(notes) } }

  /// What there is to draw of `accounts`, each in the time that is drawn of it, up to `now`.
  ///
  /// `named` are the packets that findings name: events of theirs are shown for themselves as long
  /// as there is room.
  public func excerpt(
    of accounts: [(account: AccountSummary, window: ClosedRange<Timestamp>)], until now: Timestamp,
    naming named: Set<FrameReference>, eventsPerLane: Int
  ) -> Excerpt {
    let batches = arrived.withLock { arrived in
      defer { arrived = [] }
      return arrived
    }
    return kept.withLock { kept in
      for batch in batches { kept.take(batch) }
      kept.turn += 1
      var excerpt = Excerpt()
      for (account, window) in accounts.prefix(Kept.mostAccounts) {
        guard let place = kept.place(of: account, timeout) else { continue }
        kept.entries[place].ledger.advance(to: now)
        guard let events = kept.entries[place].ledger.eventsSoFar() else { continue }
        var timeline = events.cut(to: window, limit: eventsPerLane, naming: named).finished()
        timeline.start = kept.entries[place].start
        excerpt.accounts[kept.entries[place].name] = timeline
      }
      kept.forget()
      return excerpt
    }
  }
}

/// What is kept of the packets.
private struct Kept {
  /// Accounts whose events are collected at the most: those drawn and the last that were.
  static let mostAccounts = 32
  /// Events of one lane that are collected for themselves; more than are ever drawn.
  private static let eventsPerLane = 180

  struct Entry {
    let name: String
    var ledger: TimelineLedger
    /// From when on its packets are known; `nil` where that is always.
    let start: Timestamp?
    var turn: Int
  }

  var log: PacketLog?
  var entries: [Entry] = []
  /// From when on the notes are whole; `nil` where that is always.
  var start: Timestamp?
  var turn = 0

  /// Takes in further notes, for the accounts that are drawn and for those that will be.
  mutating func take(_ batch: PacketLog) {
    if batch.hasForgotten {
      // What went in between is missing in everything kept up to now.
      entries = []
      log = nil
      start = batch.start
    }
    if log == nil { log = batch.emptied() }
    batch.forEach { note in
      log?.append(note)
      for place in entries.indices { entries[place].ledger.take(note) }
    }
    if let log, log.hasForgotten { start = log.start }
  }

  /// Where the events of an account are collected, from now on if they were not.
  mutating func place(of account: AccountSummary, _ timeout: Duration) -> Int? {
    guard let log else { return nil }
    let name = account.subject.account.addressOfRecord
    if let place = entries.firstIndex(where: { $0.name == name }) {
      entries[place].turn = turn
      entries[place].ledger.learn(account, at: 0)
      return place
    }
    let wish = TimelineLedger.Wish(
      account: account, key: account.subject.account.key,
      events: AccountEvents(window: nil, limit: Self.eventsPerLane))
    var ledger = TimelineLedger([wish], timeout: timeout, log.taker, limits: .live)
    // Who registers on its flows is known from the start only if it is looked for before.
    for _ in 0..<2 { log.forEach { ledger.meet($0) } }
    log.forEach { ledger.take($0) }
    entries.append(Entry(name: name, ledger: ledger, start: start, turn: turn))
    return entries.count - 1
  }

  /// Forgets all but the accounts that were drawn last.
  mutating func forget() {
    guard entries.count > Self.mostAccounts else { return }
    entries.sort { $0.turn > $1.turn }
    entries.removeLast(entries.count - Self.mostAccounts)
  }
}
