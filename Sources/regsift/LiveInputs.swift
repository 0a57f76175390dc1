import Analysis
import Capture
import Glibc
import LiveCapture
import Rules

/// The interfaces that are captured from at once.
final class LiveInputs: LiveFeed {
  let clock: any LiveClock = SystemClock()
  private let sources: [LiveSource]
  /// When an interface that went away is tried again.
  private var retry: [UInt32: Duration] = [:]
  private var troubles: [UInt32: String] = [:]
  /// What was seen when losses were asked for last.
  private var lookedAt: Timestamp
  private var countedThen: UInt64 = 0
  private var wasBlind = false

  /// How long to wait before an interface that went away is tried again.
  private static let pause = Duration.seconds(1)
  /// Packets taken before anything else has its turn.
  private static let most = 1024

  /// Begins to capture on `interfaces`; throws when one cannot be captured from.
  init(_ interfaces: [String], options: LiveOptions) throws(LiveError) {
    var sources: [LiveSource] = []
    for (index, name) in interfaces.enumerated() {
      sources.append(
        try LiveSource(interface: name, file: UInt32(clamping: index), options: options))
    }
    self.sources = sources
    lookedAt = clock.wall
  }

  var drops: UInt64? { sources.reduce(0) { $0 + $1.counts.dropped + $1.counts.droppedByInterface } }

  /// Lost is also what passes while an interface is gone.
  func losses() -> ClosedRange<Timestamp>? {
    let (now, count) = (clock.wall, drops ?? 0)
    defer { (lookedAt, countedThen, wasBlind) = (now, count, !retry.isEmpty) }
    guard count > countedThen || wasBlind || !retry.isEmpty else { return nil }
    return min(lookedAt, now)...now
  }

  var summaries: [FileSummary] {
    sources.map { source in
      var summary = FileSummary(
        name: source.interface, format: "live", frames: source.frames, bytes: source.bytes,
        error: troubles[source.file])
      summary.isDown = !source.isUp
      return summary
    }
  }

  func summaries(atEnd unknownLinks: [UnknownLink]) -> [FileSummary] { summaries }

  var isAtEnd: Bool { false }
  var standsStill: Bool { false }

  func wait(until due: Duration?, _ bell: Doorbell) {
    var requests = (sources.compactMap(\.descriptor) + [bell.descriptor]).map {
      pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
    }
    let next = retry.values.reduce(due) { min($0 ?? $1, $1) }
    let milliseconds = next.map { ($0 - clock.steady).wholeNanoseconds / 1_000_000 + 1 }
    _ = poll(
      &requests, nfds_t(requests.count), milliseconds.map { Int32(clamping: max($0, 0)) } ?? -1)
    bell.clear()
  }

  /// The earliest packet of all interfaces comes first: after a while in which nothing was taken
  /// each has a queue, and to empty one after the other would make time go back.
  func deliver(limit: UInt64, to body: (FrameHeader, Span<UInt8>) -> Void) -> Int {
    reopen()
    let most = min(Self.most, Int(clamping: limit))
    var delivered = 0
    while delivered < most, let source = earliest() {
      source.take(body)
      delivered += 1
    }
    return delivered
  }

  private func earliest() -> LiveSource? {
    var earliest: (source: LiveSource, time: Timestamp)?
    for source in sources where source.isOpen {
      do {
        guard let time = try source.peek()?.time else { continue }
        if let earliest, earliest.time <= time { continue }
        earliest = (source, time)
      } catch {
        StandardError.say("\(error): trying again")
        troubles[source.file] = error.description
        retry[source.file] = clock.steady + Self.pause
      }
    }
    return earliest?.source
  }

  private func reopen() {
    guard !retry.isEmpty else { return }
    for source in sources {
      guard let due = retry[source.file], due <= clock.steady else { continue }
      retry[source.file] = clock.steady + Self.pause
      guard (try? source.reopen()) != nil else { continue }
      StandardError.say("interface \(source.interface): captured from again")
      retry[source.file] = nil
    }
  }
}
