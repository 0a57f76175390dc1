import Analysis
import Capture
import Glibc
import LiveCapture
import Rules
import Threads

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
  private var isDown = false
  /// When it was asked for last whether the interfaces are up.
  private var askedAt: Duration
  private var askedWall: Timestamp

  /// How long to wait before an interface that went away is tried again.
  private static let pause = Duration.seconds(1)
  /// How often it is asked whether the interfaces are up.
  private static let upPause = Duration.milliseconds(250)
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
    (askedAt, askedWall) = (clock.steady, clock.wall)
  }

  var drops: UInt64? { sources.reduce(0) { $0 + $1.counts.dropped + $1.counts.droppedByInterface } }

  /// Lost is also what passes while an interface is gone or down.
  func losses() -> ClosedRange<Timestamp>? {
    let (now, count) = (clock.wall, drops ?? 0)
    let down = downs()
    let isBlind = !retry.isEmpty || down.isSo
    defer { (lookedAt, countedThen, wasBlind) = (now, count, isBlind) }
    guard count > countedThen || wasBlind || isBlind else { return nil }
    let from = min(lookedAt, down.isSo ? down.since : lookedAt)
    return min(from, now)...now
  }

  /// Whether an interface is down, as of the last look, and when it was not for the last time.
  ///
  /// libpcap keeps silent about it; asking the kernel each time would cost too much.
  private func downs() -> (isSo: Bool, since: Timestamp) {
    guard clock.steady - askedAt >= Self.upPause else { return (isDown, askedWall) }
    let before = askedWall
    (askedAt, askedWall) = (clock.steady, clock.wall)
    isDown = sources.contains { $0.isOpen && !$0.isUp }
    return (isDown, before)
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
  /// Longer than a night in which nobody looks, and than a device's granted time.
  var memory: Duration? { .seconds(86_400) }

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
