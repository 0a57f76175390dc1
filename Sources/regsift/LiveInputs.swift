import Capture
import Glibc
import LiveCapture
import Rules

/// The interfaces that are captured from at once.
final class LiveInputs {
  private let sources: [LiveSource]
  /// When an interface that went away is tried again.
  private var retry: [UInt32: ContinuousClock.Instant] = [:]
  private var troubles: [UInt32: String] = [:]

  /// How long to wait before an interface that went away is tried again.
  private static let pause = Duration.seconds(1)
  /// Packets taken from one interface before the others have their turn.
  private static let most = 256

  /// Begins to capture on `interfaces`; throws when one cannot be captured from.
  init(_ interfaces: [String], options: LiveOptions) throws(LiveError) {
    var sources: [LiveSource] = []
    for (index, name) in interfaces.enumerated() {
      sources.append(
        try LiveSource(interface: name, file: UInt32(clamping: index), options: options))
    }
    self.sources = sources
  }

  /// What can be waited on for packets.
  var descriptors: [Int32] { sources.compactMap(\.descriptor) }

  /// Packets that were lost on the way to the program.
  var drops: UInt64 { sources.reduce(0) { $0 + $1.counts.dropped + $1.counts.droppedByInterface } }

  /// What became of each interface, as of files.
  var summaries: [FileSummary] {
    sources.map { source in
      var summary = FileSummary(
        name: source.interface, format: "live", frames: source.frames, bytes: source.bytes,
        error: troubles[source.file])
      summary.isDown = !source.isUp
      return summary
    }
  }

  /// Hands on what has arrived, and says so when an interface has gone or is back.
  ///
  /// `limit` packets at the most.
  func deliver(limit: UInt64, to body: (FrameHeader, Span<UInt8>) -> Void) -> Int {
    var delivered = 0
    for source in sources {
      guard source.isOpen || isBack(source) else { continue }
      do {
        let left = limit - min(limit, UInt64(delivered))
        delivered += try source.deliver(most: min(Self.most, Int(clamping: left)), to: body)
      } catch {
        StandardError.say("\(error): trying again")
        troubles[source.file] = error.description
        retry[source.file] = .now + Self.pause
      }
    }
    return delivered
  }

  private func isBack(_ source: LiveSource) -> Bool {
    guard let due = retry[source.file], due <= .now else { return false }
    retry[source.file] = .now + Self.pause
    guard (try? source.reopen()) != nil else { return false }
    StandardError.say("interface \(source.interface): captured from again")
    retry[source.file] = nil
    return true
  }
}
