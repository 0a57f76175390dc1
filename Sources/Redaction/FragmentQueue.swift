import Capture

/// Frames that wait behind a fragment until its datagram is whole or given up, in their order.
///
/// No frame costs more for the others that wait: captures of strangers may let many wait.
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
    /// Where an earlier copy of the fragment waits or waited, as a number of the queue.
    fileprivate var earlierCopy: Int?

    /// What it takes to let it wait, about: the frame, the records of it and of its fragment.
    fileprivate var cost: Int { bytes.count + (fragment == nil ? 256 : 512) }
  }

  /// A datagram that was cut up anew, kept for copies of its fragments.
  private struct Finished {
    var key: DatagramKey
    var pieces: [FragmentContent: FragmentPiece]
  }

  /// What frames that wait may take; the first is given up when it is more.
  private static let mostBytes = 16 << 20
  /// Places of frames that are gone, at least, before the others move up.
  private static let mostGone = 1024
  /// Datagrams remembered for copies of their fragments, which come within milliseconds.
  private static let mostFinished = 64

  private let timeout: Duration
  /// `nil` where a frame is gone.
  private var entries: [Entry?] = []
  /// Where the first one that waits stands.
  private var first = 0
  /// The number of the frame at the first place, counted from the first one ever.
  private var firstNumber = 0
  private var bytes = 0
  /// The numbers of fragments, by their frames.
  private var numbers: [FrameReference: Int] = [:]
  /// The numbers of those of equal ones that came last.
  private var lastCopies: [FragmentContent: Int] = [:]
  private var finished: [Finished] = []

  init(timeout: Duration) { self.timeout = timeout }

  /// Whether no frame waits.
  var isEmpty: Bool { first == entries.count }

  /// Puts a frame at the end.
  mutating func append(_ header: FrameHeader, _ frame: [UInt8], _ fragment: MetFragment?) {
    var entry = Entry(
      header: header, bytes: frame, fragment: fragment, piece: nil, isSettled: fragment == nil)
    if let fragment {
      let number = firstNumber + entries.count
      numbers[header.reference] = number
      entry.piece = piece(for: fragment)
      entry.isSettled = entry.piece != nil
      if !entry.isSettled {
        entry.earlierCopy = lastCopies.updateValue(number, forKey: fragment.content)
      }
    }
    entries.append(entry)
    bytes += entry.cost
  }

  /// The fragments in these frames, in the order they came.
  func parts(in frames: Set<FrameReference>) -> [MetFragment] {
    let own = frames.compactMap { numbers[$0].flatMap(index) }.sorted()
    return own.compactMap { entries[$0]?.fragment }
  }

  /// Settles the frames of a datagram, and copies of them; without `pieces` they are blanked.
  mutating func settle(
    _ frames: Set<FrameReference>, _ parts: [MetFragment], _ pieces: [FragmentPiece]?
  ) {
    if let pieces, let key = parts.first?.key { settleCopies(of: key, parts, pieces) }
    for frame in frames {
      guard let index = numbers[frame].flatMap(index) else { continue }
      entries[index]?.isSettled = true
    }
  }

  /// The first frame, if it waits for nothing any more; without a time, whatever it waits for.
  mutating func next(at time: Timestamp?) -> Entry? {
    guard first < entries.count, let entry = entries[first] else { return nil }
    if let time, !entry.isSettled, bytes <= Self.mostBytes {
      let age = time < entry.header.time ? entry.header.time - time : time - entry.header.time
      guard age > timeout else { return nil }
    }
    forget(entry)
    entries[first] = nil
    first += 1
    if first == entries.count || (first >= Self.mostGone && first * 2 >= entries.count) {
      entries.removeFirst(first)
      firstNumber += first
      first = 0
    }
    return entry
  }

  /// Takes the first frame out of all that is counted.
  private mutating func forget(_ entry: Entry) {
    bytes -= entry.cost
    guard let fragment = entry.fragment else { return }
    numbers[entry.header.reference] = nil
    let content = fragment.content
    if lastCopies[content] == firstNumber + first { lastCopies[content] = nil }
  }

  /// Gives every copy of these fragments its piece, those that wait and those that will come.
  private mutating func settleCopies(
    of key: DatagramKey, _ parts: [MetFragment], _ pieces: [FragmentPiece]
  ) {
    let known = Dictionary(zip(parts.map(\.content), pieces), uniquingKeysWith: { own, _ in own })
    if finished.count >= Self.mostFinished { finished.removeFirst() }
    finished.append(Finished(key: key, pieces: known))
    for (content, piece) in known {
      var copy = lastCopies.removeValue(forKey: content)
      while let index = copy.flatMap(index) {
        if entries[index]?.isSettled == false {
          entries[index]?.piece = piece
          entries[index]?.isSettled = true
        }
        copy = entries[index]?.earlierCopy
      }
    }
  }

  /// Where the frame of a number stands; `nil` when it is gone.
  private func index(_ number: Int) -> Int? {
    let index = number - firstNumber
    return index >= first && index < entries.count ? index : nil
  }

  /// What stands instead of a fragment of a datagram that is finished.
  private func piece(for fragment: MetFragment) -> FragmentPiece? {
    let key = fragment.key
    return finished.last { $0.key == key }?.pieces[fragment.content]
  }
}
