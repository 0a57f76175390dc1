package import Capture
package import Reports
import Rules

/// What the clocks and meters outside of a capture say when a screen is drawn.
package struct Surroundings: Sendable {
  package var now: Timestamp
  package var running: Duration
  /// Memory of the program in bytes; `nil` when the system does not tell.
  package var memory: UInt64?
  package var zone: ReportTimeZone

  package init(now: Timestamp, running: Duration, memory: UInt64?, zone: ReportTimeZone) {
    self.now = now
    self.running = running
    self.memory = memory
    self.zone = zone
  }
}

/// What the view shows and where in it the operator is; knows no terminal.
package struct ViewModel: Sendable {
  package enum Page: Hashable, Sendable {
    case list, help
    case account(String)
    case finding(RowID)
  }

  /// Where in a list the operator is.
  struct Cursor: Sendable {
    /// The row; it is followed when it moves.
    var row: RowID?
    var place = 0
    /// The first place shown.
    var top = 0
  }

  /// Longer texts to look for are no use.
  private static let longestFilter = 60

  package let interfaces: [String]
  package internal(set) var snapshot: Snapshot?
  package internal(set) var news = NewsList()
  private var waiting: (snapshot: Snapshot?, news: NewsList)?

  package internal(set) var page = Page.list
  package internal(set) var list = ListKind.findings
  package internal(set) var filter = ""
  package internal(set) var isTyping = false
  /// When the display was stopped; `nil` while it goes on.
  package internal(set) var pausedAt: Timestamp?
  /// Whether the run has been asked to end.
  package var isEnding = false
  var orders: [ListKind: Int] = [:]
  var cursors: [ListKind: Cursor] = [:]
  /// First line of a page that is shown.
  var scroll = 0
  /// Rows of the list, or lines of a page, shown at the last drawing.
  var height = 1
  private(set) var listing: Listing

  package init(interfaces: [String]) {
    self.interfaces = interfaces
    listing = Listing(.findings, .level, filter: "", nil, [])
  }

  /// Takes in what is new; shown once the display goes on where it was stopped.
  package mutating func show(_ snapshot: Snapshot?, _ news: NewsList) {
    guard pausedAt == nil else {
      waiting = (snapshot, news)
      return
    }
    self.snapshot = snapshot
    self.news = news
    arrange()
  }

  var order: Order {
    let orders = list.orders
    let place = self.orders[list] ?? 0
    return orders.indices.contains(place) ? orders[place] : .newest
  }

  mutating func arrange() {
    listing = Listing(list, order, filter: filter, snapshot, news.entries)
    settle()
  }

  // MARK: Where the operator is

  var cursor: Cursor {
    get { cursors[list] ?? Cursor() }
    set { cursors[list] = newValue }
  }

  func row(at place: Int) -> RowID? {
    guard listing.rows.indices.contains(place) else { return nil }
    let source = listing.rows[place]
    switch listing.kind {
    case .findings: return snapshot.map { Self.row($0.findings[source]) }
    case .accounts: return snapshot.map { .account($0.accounts[source].name) }
    case .events: return .event(news.entries[source].number)
    }
  }

  static func row(_ finding: Finding) -> RowID {
    .finding(rule: finding.rule, account: finding.account, from: finding.from)
  }

  /// Keeps the cursor on its row, and the row on the screen.
  ///
  /// At the top of a list it stays there: what is new or worst shall not hide above the screen.
  mutating func settle() {
    var cursor = cursor
    if cursor.place > 0, let row = cursor.row, self.row(at: cursor.place) != row,
      let place = listing.rows.indices.first(where: { self.row(at: $0) == row })
    {
      cursor.place = place
    }
    cursor.place = max(min(cursor.place, listing.rows.count - 1), 0)
    cursor.row = row(at: cursor.place)
    cursor.top = min(cursor.top, cursor.place)
    cursor.top = max(cursor.top, cursor.place - height + 1)
    cursor.top = max(min(cursor.top, listing.rows.count - height), 0)
    self.cursor = cursor
  }

  /// The account a row is about.
  func account(of row: RowID?) -> String? {
    switch row {
    case .finding(_, let account, _): account
    case .account(let name): name
    case .event(let number): news.entries.first { $0.number == number }?.account
    case nil: nil
    }
  }

  /// The accounts whose registrations may be asked for next: those on the screen.
  package var wanted: Set<String> {
    var names: Set<String> = []
    if case .account(let name) = page { names.insert(name) }
    for place in cursor.top..<cursor.top + height {
      if let name = account(of: row(at: place)) { names.insert(name) }
    }
    return names
  }

  // MARK: Keys

  /// Does what `key` asks for; `true` when that is the end of the run.
  package mutating func press(_ key: Key, at now: Timestamp) -> Bool {
    if isTyping {
      type(key)
      return false
    }
    switch key {
    case .character("q") where page == .list: return true
    case .character("q"), .escape: goBack()
    case .up, .character("k"): move(-1)
    case .down, .character("j"): move(1)
    case .pageUp: move(-max(height - 1, 1))
    case .pageDown, .character(" "): move(max(height - 1, 1))
    case .home, .character("g"): move(-.max)
    case .end, .character("G"): move(.max)
    case .character("?"): open(page == .help ? .list : .help)
    case .character("p"): pause(at: now)
    case .enter: enter()
    case .tab where page == .list: turn(to: list.next)
    case .character("s") where page == .list: sort()
    case .character("/") where page == .list: isTyping = true
    case .tab, .backspace, .redraw, .character: break
    }
    return false
  }

  private mutating func goBack() {
    if page != .list {
      open(.list)
    } else if !filter.isEmpty {
      filter = ""
      arrange()
    }
  }

  private mutating func open(_ page: Page) {
    self.page = page
    scroll = 0
  }

  private mutating func enter() {
    guard page == .list else { return open(.list) }
    let row = cursor.row
    if let name = account(of: row) {
      open(.account(name))
    } else if let row, case .finding = row {
      open(.finding(row))
    }
  }

  private mutating func turn(to list: ListKind) {
    self.list = list
    arrange()
  }

  private mutating func sort() {
    orders[list] = ((orders[list] ?? 0) + 1) % list.orders.count
    cursor = Cursor()
    arrange()
  }

  private mutating func pause(at now: Timestamp) {
    if pausedAt == nil {
      pausedAt = now
      return
    }
    pausedAt = nil
    if let waiting { show(waiting.snapshot, waiting.news) }
    waiting = nil
  }

  private mutating func move(_ rows: Int) {
    guard page == .list else {
      // Drawing knows how far down there is anything.
      scroll = max(scroll.addingReportingOverflow(rows).partialValue, 0)
      if rows == .max { scroll = .max / 2 }
      return
    }
    var cursor = cursor
    let last = listing.rows.count - 1
    cursor.place = max(min(rows, last - cursor.place), -cursor.place) + cursor.place
    cursor.row = row(at: cursor.place)
    self.cursor = cursor
    settle()
  }

  private mutating func type(_ key: Key) {
    switch key {
    case .enter: isTyping = false
    case .escape:
      isTyping = false
      filter = ""
    case .backspace: if !filter.isEmpty { filter.unicodeScalars.removeLast() }
    case .character(let scalar):
      if filter.unicodeScalars.count < Self.longestFilter { filter.unicodeScalars.append(scalar) }
    default: break
    }
    cursor = Cursor()
    arrange()
  }
}
