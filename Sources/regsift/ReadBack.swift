import Analysis
import Capture
import Rules
import Threads

/// Captures that are taken as if their packets came now; their time passes as fast as it can.
final class ReadBack: LiveFeed {
  /// Shows the time of the packets.
  private final class PacketClock: LiveClock {
    var wall = Timestamp(nanoseconds: 0)
    var steady = Duration.zero

    func advance(by time: Duration) {
      guard time > .zero else { return }
      wall = wall + time
      steady += time
    }
  }

  private let inputs: Inputs
  private let timeline: CaptureTimeline
  private let filter: FrameFilter?
  private let time = PacketClock()
  /// The frame that comes next.
  private var next: FrameHeader?

  /// How far packets may be out of order before the capture's clock was set back.
  private static let disorder = Duration.seconds(5)
  /// Packets taken before anything else has its turn.
  private static let most = 1024

  /// Opens the captures `names`; throws when there is nothing to read.
  init(_ names: [String], filter: FrameFilter?) throws(NothingToRead) {
    inputs = Inputs(opening: names)
    guard !inputs.readers.isEmpty else { throw NothingToRead() }
    timeline = CaptureTimeline(inputs.readers)
    self.filter = filter
    proceed()
    if let next { time.wall = next.time }
  }

  var clock: any LiveClock { time }
  var drops: UInt64? { inputs.drops }
  var summaries: [FileSummary] { inputs.summariesSoFar }
  var isAtEnd: Bool { next == nil }
  var standsStill: Bool { true }
  var memory: Duration? { nil }

  /// A file may count what was lost, but not say when.
  func losses() -> ClosedRange<Timestamp>? { nil }

  func summaries(atEnd unknownLinks: [UnknownLink]) -> [FileSummary] {
    inputs.summaries(unknownLinks: unknownLinks, filter: filter)
  }

  /// Lets the time pass in which nothing happens.
  func wait(until due: Duration?, _ bell: Doorbell) {
    guard let next else { return }
    let untilPacket = next.time - time.wall
    time.advance(by: due.map { min($0 - time.steady, untilPacket) } ?? untilPacket)
  }

  func deliver(limit: UInt64, to body: (FrameHeader, Span<UInt8>) -> Void) -> Int {
    let most = min(Self.most, Int(clamping: limit))
    let timeline = timeline
    var delivered = 0
    while delivered < most, let header = next, !header.hasTime || header.time <= time.wall {
      if header.hasTime, time.wall - header.time > Self.disorder { time.wall = header.time }
      body(header, timeline.bytes)
      delivered += 1
      proceed()
    }
    return delivered
  }

  private func proceed() {
    repeat { next = timeline.next() } while next.map(isLeftOut) ?? false
  }

  private func isLeftOut(_ header: FrameHeader) -> Bool {
    let timeline = timeline
    return filter.map { !$0.matches(header, timeline.bytes) } ?? false
  }
}

/// None of the captures could be opened; why was said of each.
struct NothingToRead: Error {}
