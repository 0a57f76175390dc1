import Capture

/// Frames that hold fragments, kept until their datagram may be asked for; the oldest go first.
///
/// As bounded as the decoder's own reassembly: what it has given up nobody can ask for.
struct FragmentStore {
  struct Stored {
    var header: FrameHeader
    var bytes: [UInt8]
    /// How many frames were read before it.
    var place: UInt64
  }

  /// Bytes of frames that are kept: a little more than what the decoder holds without headers.
  private let mostBytes: Int
  private var frames: [FrameReference: Stored] = [:]
  private var order: [FrameReference] = []
  /// Where the oldest of `order` stands.
  private var oldest = 0
  private var bytesHeld = 0

  init(mostBytes: Int) { self.mostBytes = mostBytes }

  mutating func keep(_ frame: Stored) {
    let reference = frame.header.reference
    frames[reference] = frame
    order.append(reference)
    bytesHeld += frame.bytes.count
    while bytesHeld > mostBytes, oldest < order.count {
      _ = take(order[oldest])
      oldest += 1
    }
    // Half of it are frames that are gone: time to move the rest up.
    if oldest > 1024, oldest * 2 > order.count {
      order.removeFirst(oldest)
      oldest = 0
    }
  }

  /// Gives a frame away; `nil` where it is gone already.
  mutating func take(_ reference: FrameReference) -> Stored? {
    guard let frame = frames.removeValue(forKey: reference) else { return nil }
    bytesHeld -= frame.bytes.count
    return frame
  }
}
