import Analysis
import Capture
import Rules
import Threads

/// Where a running capture gets its packets and its time from.
protocol LiveFeed: AnyObject {
  /// The clock its packets are stamped by.
  var clock: any LiveClock { get }
  /// Packets lost on the way to the program; `nil` where nobody says.
  var drops: UInt64? { get }
  /// The time since the last call, where packets were lost in it.
  func losses() -> ClosedRange<Timestamp>?
  /// What became of each source, as of files.
  var summaries: [FileSummary] { get }
  /// The same once nothing comes any more; `unknownLinks` are frames that could not be decoded.
  func summaries(atEnd unknownLinks: [UnknownLink]) -> [FileSummary]
  /// How long what is over is to be remembered; `nil` for ever.
  var memory: Duration? { get }
  /// Whether its time stands still until it is waited for.
  var standsStill: Bool { get }
  /// Whether nothing comes any more.
  var isAtEnd: Bool { get }

  /// Waits for packets or for `bell`, until the steady clock shows `due` at the latest.
  func wait(until due: Duration?, _ bell: Doorbell)

  /// Hands on what has arrived in order of time, `limit` packets at the most, and says how many;
  /// their bytes are lent for the call.
  func deliver(limit: UInt64, to body: (FrameHeader, Span<UInt8>) -> Void) -> Int
}
