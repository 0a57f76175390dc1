import Capture

/// Frames that wait behind a fragment until its datagram is whole or given up, in their order.
struct FragmentQueue {
  /// A frame in its place.
  struct Entry {
    var header: FrameHeader
    var bytes: [UInt8]
    /// The fragment it holds; `nil` for any other frame.
    var fragment: MetFragment?
    /// What stands instead of that.
    var piece: FragmentPiece?
    /// Whether there is nothing to wait for.
    var isSettled: Bool
  }

  /// A datagram that was cut up anew, kept for copies of its fragments.
  private struct Finished {
    var key: DatagramKey
    var parts: [MetFragment]
    var pieces: [FragmentPiece]
  }

  /// Bytes of frames that wait; the first is given up when there are more.
  private static let mostBytes = 16 << 20
  /// Frames that are gone and still in the way.
  private static let mostGone = 1024
  /// Datagrams remembered for copies of their fragments, which come within milliseconds.
  private static let mostFinished = 64

  private let timeout: Duration
  private var entries: [Entry] = []
  /// Where the first one that waits stands.
  private var first = 0
  private var bytes = 0
  private var finished: [Finished] = []

  init(timeout: Duration) { self.timeout = timeout }

  /// Whether no frame waits.
  var isEmpty: Bool { first == entries.count }

  /// Puts a frame at the end.
  mutating func append(_ header: FrameHeader, _ frame: [UInt8], _ fragment: MetFragment?) {
    let known = fragment.flatMap { piece(for: $0) }
    entries.append(
      Entry(
        header: header, bytes: frame, fragment: fragment, piece: known,
        isSettled: fragment == nil || known != nil))
    bytes += frame.count
  }

  /// The fragments in these frames, by their places in the datagram.
  func parts(in frames: Set<FrameReference>) -> [MetFragment] {
    let own = entries[first...].filter { frames.contains($0.header.reference) }
    return own.compactMap { $0.fragment }.sorted { $0.offset < $1.offset }
  }

  /// Settles the frames of a datagram, and copies of them; without `pieces` they are blanked.
  mutating func settle(
    _ frames: Set<FrameReference>, _ parts: [MetFragment], _ pieces: [FragmentPiece]?
  ) {
    if let pieces, let key = parts.first?.key {
      if finished.count >= Self.mostFinished { finished.removeFirst() }
      finished.append(Finished(key: key, parts: parts, pieces: pieces))
    }
    for index in first..<entries.count where !entries[index].isSettled {
      entries[index].piece = entries[index].fragment.flatMap { piece(for: $0) }
      entries[index].isSettled =
        entries[index].piece != nil || frames.contains(entries[index].header.reference)
    }
  }

  /// The first frame, if it waits for nothing any more; without a time, whatever it waits for.
  mutating func next(at time: Timestamp?) -> Entry? {
    guard first < entries.count else { return nil }
    let entry = entries[first]
    if let time, !entry.isSettled, bytes <= Self.mostBytes {
      let age = time < entry.header.time ? entry.header.time - time : time - entry.header.time
      guard age > timeout else { return nil }
    }
    first += 1
    bytes -= entry.bytes.count
    if first == entries.count || first >= Self.mostGone {
      entries.removeFirst(first)
      first = 0
    }
    return entry
  }

  /// What stands instead of a fragment of a datagram that is finished.
  private func piece(for fragment: MetFragment) -> FragmentPiece? {
    guard let known = finished.last(where: { $0.key == fragment.key }) else { return nil }
    return zip(known.parts, known.pieces).first { $0.0.isCopy(of: fragment) }?.1
  }
}
