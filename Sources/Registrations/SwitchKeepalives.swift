import Capture
import Decode
import SIP

/// What the keepalives of the switches look like: their text, and how they are spread over time.
public struct SwitchKeepalives: Sendable {
  /// One text that was sent.
  public struct Text: Sendable {
    let key: UInt64
    /// The payload.
    public let text: String
    /// How often it was sent.
    public internal(set) var count = 1
  }

  private static let mostTexts = 16
  private static let mostSizes = 64
  /// Between two keepalives of one burst a switch does nothing else.
  private static let burstGap: Int64 = 50_000_000
  /// A longer time than this is no pause between bursts but the end of a cycle.
  private static let longestPause: Int64 = 5_000_000_000

  /// The texts sent, in the order they were first seen; of very many different ones the first.
  public private(set) var texts: [Text] = []
  /// How often bursts of each size were followed by another one in the same cycle.
  public private(set) var sizes: [Int: Int] = [:]
  /// The most keepalives in one burst.
  public private(set) var largestBurst = 0
  /// The times between bursts of one cycle.
  public private(set) var pauses = GapSample()
  private var last: Timestamp?
  private var size = 0

  mutating func note(_ key: UInt64, _ payload: Span<UInt8>, at time: Timestamp) {
    spread(time)
    if let known = texts.firstIndex(where: { $0.key == key }) {
      texts[known].count += 1
    } else if texts.count < Self.mostTexts {
      texts.append(
        Text(
          key: key,
          text: payload.string(ByteRange(offset: 0, length: UInt16(clamping: payload.count)))))
    }
  }

  private mutating func spread(_ time: Timestamp) {
    defer { last = time }
    let gap = last.map { time.nanosecondsSince($0) } ?? .max
    if gap > Self.burstGap {
      if gap <= Self.longestPause, sizes.count < Self.mostSizes || sizes[size] != nil {
        sizes[size, default: 0] += 1
        pauses.add(milliseconds: UInt32(clamping: gap / 1_000_000))
      }
      size = 0
    }
    size += 1
    largestBurst = max(largestBurst, size)
  }
}

extension Tracker {
  /// Takes note of what a switch sends to hold a mapping open.
  mutating func noteText(_ keepalive: Keepalive, _ payload: Span<UInt8>, at sighting: Sighting) {
    guard keepalive == .text, path(from: sighting.source, to: sighting.destination) != nil else {
      return
    }
    let whole = ByteRange(offset: 0, length: UInt16(clamping: payload.count))
    switchKeepalives.note(payload.hash(whole, seed: seed), payload, at: sighting.moment.time)
  }
}
