import Capture
import Reports
import Rules

extension ViewModel {
  /// Draws what is to be seen on a terminal of this size.
  package mutating func screen(columns: Int, rows: Int, _ around: Surroundings) -> Screen {
    var screen = Screen(columns: columns, rows: rows)
    let frame = Frame(self, around, columns: screen.columns, rows: screen.rows)
    frame.addHeader(to: &screen)
    let footer = frame.footer
    switch page {
    case .list: addList(to: &screen, frame, leaving: footer == nil ? 0 : 1)
    case .help: addPage(Help.lines(limit: screen.columns), to: &screen, footer)
    case .account(let name):
      addPage(AccountPage(self, frame, name).lines, to: &screen, footer)
    case .finding(let row):
      addPage(AccountPage(self, frame, row).lines, to: &screen, footer)
    }
    if let footer {
      screen.fill(leaving: 1)
      screen.add(footer)
    }
    return screen
  }

  private mutating func addList(to screen: inout Screen, _ frame: Frame, leaving rest: Int) {
    if let tabs = frame.tabs { screen.add(tabs) }
    if let heads = frame.heads { screen.add(heads) }
    let events = frame.newest(atMost: screen.room - rest)
    height = max(screen.room - rest - events.count, 1)
    settle()
    if listing.rows.isEmpty {
      screen.add(frame.nothing, .label)
    }
    for place in listing.rows.indices.dropFirst(cursor.top).prefix(height) {
      screen.add(frame.row(at: place, isSelected: place == cursor.place))
    }
    screen.fill(leaving: rest + events.count)
    for line in events { screen.add(line) }
  }

  /// Shows the part of a page that was scrolled to.
  private mutating func addPage(_ lines: [Line], to screen: inout Screen, _ footer: Line?) {
    height = max(screen.room - (footer == nil ? 0 : 1), 1)
    scroll = max(min(scroll, lines.count - height), 0)
    for line in lines.dropFirst(scroll).prefix(height) { screen.add(line) }
  }
}

/// What surrounds the list, and its rows.
struct Frame {
  let model: ViewModel
  let around: Surroundings
  let columns: Int
  let rows: Int
  let clock: TextClock
  /// Whether all that is shown happened today: the time of day is clear.
  let isOneDay: Bool

  init(_ model: ViewModel, _ around: Surroundings, columns: Int, rows: Int) {
    self.model = model
    self.around = around
    self.columns = columns
    self.rows = rows
    let start = min(model.snapshot?.span?.lowerBound ?? around.now, around.now)
    clock = TextClock(around.zone, start...around.now)
    isOneDay = clock.isOneDay
  }

  func line(_ text: String = "", _ style: Style = .plain) -> Line {
    Line(text, style, limit: columns)
  }

  /// `14:02:10`, with the day before it where the capture goes past midnight.
  func time(_ time: Timestamp) -> String {
    let full = clock.full(time)
    return isOneDay ? String(full.suffix(8)) : String(full.dropFirst(5).prefix(11))
  }

  var timeWidth: Int { isOneDay ? 8 : 11 }

  // MARK: Above the list

  func addHeader(to screen: inout Screen) {
    guard rows >= 4 else { return }
    screen.add(title)
    guard model.page == .list, rows >= 10 else { return }
    screen.add(traffic)
    screen.add(standings)
    guard rows >= 14 else { return }
    screen.add(rates)
    if let remark { screen.add(remark) }
    if rows >= 20 { screen.add(line()) }
  }

  private var title: Line {
    var title = line()
    if let paused = model.pausedAt { title.put("PAUSED at \(time(paused))  ", .warning) }
    title.put("regsift sniff", .heading)
    title.put("  \(model.interfaces.joined(separator: ", "))")
    if model.pausedAt == nil {
      let running = Wording.span(.seconds(around.running.components.seconds))
      title.put(atEnd: "running \(running)  \(clock.full(around.now).suffix(8))")
    }
    return title
  }

  private func labelled(_ label: String) -> Line {
    var labelled = line()
    labelled.put(label, cell: 9, .heading)
    return labelled
  }

  private var traffic: Line {
    var traffic = labelled("Packets")
    if let snapshot = model.snapshot {
      traffic.put("\(Self.rate(snapshot.rates.packets))/s, ")
      traffic.put(
        "\(Words.grouped(snapshot.drops)) dropped", snapshot.drops > 0 ? .warning : .plain)
      traffic.put(", \(Words.grouped(snapshot.frames)) in all")
    } else {
      traffic.put("none yet")
    }
    if let memory = around.memory { traffic.put("; memory \(Words.size(memory))") }
    return traffic
  }

  private var standings: Line {
    var standings = labelled("Accounts")
    let accounts = model.snapshot?.accounts ?? []
    guard !accounts.isEmpty else {
      standings.put("none seen yet")
      return standings
    }
    standings.put("\(Words.grouped(accounts.count)): ")
    standings.put(AccountStanding.counts(accounts.lazy.map(\.standing)))
    return standings
  }

  private var rates: Line {
    var rates = labelled("Rates")
    let measured = model.snapshot?.rates ?? Rates()
    rates.put(
      "\(Self.rate(measured.registrations * 60)) registrations/min, "
        + "\(Self.rate(measured.probes * 60)) probes/min")
    return rates
  }

  /// What went wrong with an interface, or what limits the conclusions.
  private var remark: Line? {
    guard let snapshot = model.snapshot else { return nil }
    let troubles = snapshot.inputs.compactMap(\.error)
    guard let first = troubles.first ?? snapshot.notes.first else { return nil }
    var remark = line()
    remark.put(troubles.isEmpty ? "Note" : "Trouble", cell: 9, .warning)
    remark.put(first)
    return remark
  }

  private static func rate(_ number: Double) -> String {
    // Not a number where something has gone wrong with a clock: none is better than a crash.
    guard number.isFinite, number < 1e15 else { return "-" }
    guard number < 9.95 else { return Words.grouped(Int(number.rounded())) }
    let tenths = Int((number * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }

  /// The lists with their numbers, and how this one is ordered.
  var tabs: Line? {
    guard rows >= 6 else { return nil }
    var tabs = line()
    for kind in ListKind.allCases {
      tabs.put(" \(Self.name(kind)) \(Words.grouped(count(kind))) ", style(of: kind))
      tabs.skip(1)
    }
    tabs.put(atEnd: model.order.words, .label)
    return tabs
  }

  private func style(of kind: ListKind) -> Style { kind == model.list ? .selected : .label }

  private static func name(_ kind: ListKind) -> String {
    switch kind {
    case .findings: "Current findings"
    case .accounts: "Accounts"
    case .events: "Events"
    }
  }

  private func count(_ kind: ListKind) -> Int {
    switch kind {
    case .findings: model.snapshot?.current.count ?? 0
    case .accounts: model.snapshot?.accounts.count ?? 0
    case .events: model.news.entries.count
    }
  }

  var nothing: String {
    if model.listing.total > 0 { return "  nothing fits the filter" }
    switch model.list {
    case .findings: return "  no finding goes on, as far as the packets tell"
    case .accounts: return "  no account has registered yet"
    case .events: return "  nothing has happened yet"
    }
  }

  // MARK: Below the list

  /// The newest events, where there is room for them; the list of events has them itself.
  func newest(atMost room: Int) -> [Line] {
    guard model.list != .events, room >= 12, !model.news.entries.isEmpty else { return [] }
    let shown = model.news.entries.prefix(room / 4)
    return [line("Newest events", .label)] + shown.map { event($0, indent: 2) }
  }

  /// Keys, what is being typed or what narrows the list down; `nil` where there is no room for it.
  var footer: Line? {
    guard rows >= 3 else { return nil }
    if model.isEnding { return line("ending: the report follows", .heading) }
    if model.isTyping {
      var prompt = line("/", .heading)
      prompt.put(model.filter)
      prompt.put("_", .selected)
      prompt.put(atEnd: "Enter keeps it, Esc takes it away", .label)
      return prompt
    }
    guard model.page == .list else {
      return line("j/k PgUp/PgDn scroll  Esc back  p pause  ? help", .label)
    }
    guard model.filter.isEmpty else {
      let count =
        "\(Words.grouped(model.listing.rows.count)) of \(Words.grouped(model.listing.total))"
      return line("filter: \(model.filter)  shows \(count), Esc takes it away", .heading)
    }
    return line(
      "j/k move  Enter history  Tab list  / filter  s sort  p pause  ? help  q quit", .label)
  }
}
