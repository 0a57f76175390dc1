import Analysis
import Capture
import Glibc
import Registrations
import Reports
import Rules
import Serving

/// Tells monitoring systems and browsers of a running capture.
final class LiveStatus: LiveListener {
  private let file: String?
  private var socket: BoundSocket?
  private var run: MetricsReport.Run
  private let board = StatusBoard()
  private var server: StatusServer?
  private var watched: [any LiveListener] = []
  private var judged: ContinuousClock.Instant?
  private var drops: UInt64 = 0
  private var numbers = FindingNumbers()
  private let options: ReportOptions
  /// What is drawn of the packets on the page.
  private let timelines: LiveTimelines?
  private(set) var trouble: String?

  /// Listens where `metrics` say, while the program still may; throws when it cannot.
  init(
    _ metrics: MetricsOptions, timeZone: ReportTimeZone, timelines: LiveTimelines? = nil
  ) throws {
    self.timelines = timelines
    var options = ReportOptions()
    options.timeZone = timeZone
    self.options = options
    file = metrics.metricsFile
    run = MetricsReport.Run(start: .now, judged: .now)
    run.mostAccounts = try metrics.accounts()
    socket = try metrics.address().map { try BoundSocket($0) }
  }

  /// Begins to answer; what `listeners` have trouble with is told, too.
  func begin(watching listeners: [any LiveListener]) throws {
    watched = listeners
    if let file { try Self.check(file) }
    guard let socket = socket.take() else { return }
    server = try StatusServer(socket) { [board] in board.answer($0) }
  }

  /// Answers no more.
  func end() { server?.stop() }

  private static func check(_ file: String) throws {
    if let obstacle = ReportFile.obstacle(to: file) {
      throw CannotWrite("--metrics-file", file, obstacle)
    }
    var status = stat()
    // A pipe without reader would be waited for.
    guard stat(file, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
      throw UsageError("--metrics-file \(file): it has to be a regular file, which is replaced")
    }
  }

  func learn(_ numbers: FindingNumbers) { self.numbers = numbers }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    count(events)
    var diagnosis = diagnosis
    // Where the kernel gives no answer once, its count would fall.
    drops = max(drops, diagnosis.capture.drops ?? 0)
    diagnosis.capture.drops = drops
    run.judged = .now
    run.residentBytes = Self.residentBytes
    var metrics = ReportBuffer()
    MetricsReport.write(diagnosis, run, to: &metrics)
    if let file { write(metrics.bytes, to: file) }
    if server != nil { putUp(diagnosis, metrics.bytes) }
  }

  private func count(_ events: [LiveEvent]) {
    for event in events {
      if event.kind == .opened { run.seen.add(event.finding) }
      if event.kind == .withdrawn { run.withdrawn += 1 }
    }
  }

  /// Whoever reads the file finds the old numbers or the new ones, never a part.
  private func write(_ bytes: [UInt8], to file: String) {
    do {
      try ReportFile.replace(file, with: bytes)
      trouble = nil
    } catch {
      let words = "\(file): cannot write: \(systemMessage(error.number))"
      // Said once, not every two seconds; health goes on telling it.
      if trouble == nil { StandardError.say(words) }
      trouble = words
    }
  }

  private func putUp(_ diagnosis: Diagnosis, _ metrics: [UInt8]) {
    var notice = StatusBoard.Notice()
    notice.isJudged = true
    notice.metrics = ServedPage(type: MetricsReport.mediaType, body: metrics)
    notice.health.interfaces = diagnosis.capture.files.map {
      HealthReport.Interface(name: $0.name, isUp: !$0.isDown, packets: $0.frames)
    }
    notice.health.drops = drops
    notice.health.troubles = (watched + [self]).compactMap(\.trouble)
    // With very many accounts judging is done less often, and each time takes longer.
    if let judged {
      let gap = judged.duration(to: notice.time)
      notice.health.patience = max(notice.health.patience, gap * 4)
    }
    judged = notice.time
    notice.page = ServedPage(type: LivePage.mediaType, body: page(diagnosis, notice.health))
    board.put(notice)
  }

  private func page(_ diagnosis: Diagnosis, _ health: HealthReport) -> [UInt8] {
    var page = ReportBuffer()
    let run = LivePage.Run(start: run.start, judged: run.judged, health: health) { [numbers] in
      numbers[$0]
    }
    LivePage.write(diagnosis, run, to: &page, options: options) { [timelines] plan, findings in
      timelines?.excerpt(
        of: plan.drawn.map { (diagnosis.accounts[$0.position], $0.window) },
        until: diagnosis.accounts.end,
        naming: Set(findings.flatMap { $0.evidence.map(\.moment.frame) }),
        eventsPerLane: plan.eventsPerLane)
    }
    return page.bytes
  }

  /// The second number in statm(5): pages in memory.
  private static var residentBytes: UInt64? {
    guard let text = try? SmallFile.read("/proc/self/statm") else { return nil }
    let fields = text.split(separator: " ")
    let pageBytes = UInt64(clamping: sysconf(Int32(_SC_PAGESIZE)))
    return fields.count > 1 ? UInt64(fields[1]).map { $0 &* pageBytes } : nil
  }
}

extension Timestamp {
  /// The time of day, as far as the system knows it.
  fileprivate static var now: Timestamp {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Timestamp(seconds: Int64(now.tv_sec), nanoseconds: Int64(now.tv_nsec))
  }
}
