internal import Capture

/// A course of events written as text that a person can read, played into network packets.
///
/// The same text gives the same bytes always. `samples/README.md` explains the language.
public struct Timeline: Sendable {
  /// Every captured frame in time order.
  public let frames: [TimelineFrame]

  /// Reads the text and plays it; throws a `TimelineError` naming the line that is wrong.
  public init(_ text: String) throws(TimelineError) {
    let script = try ScriptReader(text)
    frames = try Self.frames(of: try Conversation(script), start: script.start)
  }

  /// The same under a label, where the text is easier to tell from other arguments.
  public init(text: String) throws(TimelineError) {
    try self.init(text)
  }

  /// The capture file of all frames.
  public func captureBytes() -> [UInt8] {
    captureFile(frames)
  }

  /// The capture file of the frames at `positions`, counted from 0; positions past the end hold none.
  public func captureBytes(frames positions: Range<Int>) -> [UInt8] {
    captureFile(frames[positions.clamped(to: frames.indices)])
  }

  private static func frames(
    of conversation: Conversation, start: Int64
  ) throws(TimelineError) -> [TimelineFrame] {
    let planned = conversation.planned
    let order = planned.indices.sorted { (planned[$0].time, $0) < (planned[$1].time, $1) }
    var builder = PacketBuilder()
    var lastPackets: [[Int]: [UInt8]] = [:]
    var frames: [TimelineFrame] = []
    for item in order.map({ planned[$0] }) {
      let packet: [UInt8]
      switch item.content {
      case .datagram(let source, let destination, let payload):
        guard source.isIPv6 == destination.isIPv6 else {
          throw TimelineError(line: item.line, message: "one end is IPv4, the other IPv6")
        }
        packet = builder.udp(from: source, to: destination, payload: payload)
        lastPackets[[item.source, item.destination]] = packet
      case .icmp(let reporter, let reason, let quoted):
        let destination = conversation.hosts[item.destination].outside
        guard let cause = lastPackets[[item.destination, quoted]],
          reporter.isIPv6 == destination.isIPv6
        else {
          throw TimelineError(line: item.line, message: "nothing was sent that this could quote")
        }
        packet = builder.icmp(from: reporter, to: destination, reason: reason, quoting: cause)
      }
      guard item.isSeen else { continue }
      let time = Timestamp(seconds: start, nanoseconds: item.time * 1000)
      let frame = ethernet(from: item.source, to: item.destination, packet: packet)
      frames.append(TimelineFrame(time: time, bytes: frame))
    }
    return frames
  }
}
