/// Several inputs as one sequence in order of time.
///
/// Each input's own order is kept, also where its times step back. Between inputs the earlier frame
/// comes first; of equal times the one whose input begins earlier, then the one given first. So
/// the parts of a capture whose times never step back give the whole's sequence in whatever order
/// they are named (parts that begin at the very same instant: in the order given).
public final class CaptureTimeline {
  private let readers: [CaptureReader]
  /// The input where there is one only: nothing to merge.
  ///
  /// `readers` keeps it alive; counting references for every frame would cost more than reading
  /// its header.
  private let only: Unmanaged<CaptureReader>?
  // As in CaptureReader: no way leads back here while it is in use.
  @exclusivity(unchecked) private var merge: Merge

  /// Reads the first frame of every input; frames must not have been taken from them before.
  public init(_ readers: [CaptureReader]) {
    self.readers = readers
    only = readers.count == 1 ? readers.first.map(Unmanaged.passUnretained) : nil
    merge = Merge(only == nil ? readers : [])
  }

  /// The next frame in time; `nil` when no input has any more (which ones broke off, they tell).
  public func next() -> FrameHeader? {
    if let only { return only._withUnsafeGuaranteedRef { $0.next() } }
    return merge.next(readers)
  }

  /// The current frame's bytes, valid until `next()` is called; empty when there is none.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let memory =
        only?._withUnsafeGuaranteedRef { $0.frameMemory }
        ?? merge.current.map { readers[$0].frameMemory }
      return _overrideLifetime(
        Span(_unsafeBytes: memory ?? UnsafeRawBufferPointer(start: nil, count: 0)),
        borrowing: self)
    }
  }

  /// Bytes of the frame that comes after `count` others, valid until `next()` is called; empty where
  /// it is not in memory yet, and where inputs are merged.
  ///
  /// Good enough to prepare for it, no promise that it comes.
  @_lifetime(borrow self)
  public func bytes(after count: Int) -> Span<UInt8> {
    let memory = only?._withUnsafeGuaranteedRef { $0.frameMemory(after: count) }
    return _overrideLifetime(
      Span(_unsafeBytes: memory ?? UnsafeRawBufferPointer(start: nil, count: 0)), borrowing: self)
  }
}

/// Which input is next: the current one as long as it is earliest, the others wait in a binary heap.
private struct Merge {
  /// An input and the frame it stands at, not yet delivered.
  struct Head {
    var header: FrameHeader
    /// Place of its input among all, ordered by first frame.
    var rank: Int
    var reader: Int

    static func < (left: Head, right: Head) -> Bool {
      (left.header.time, left.rank) < (right.header.time, right.rank)
    }
  }

  private(set) var current: Int?
  private var currentRank = 0
  private var waiting: [Head] = []

  init(_ readers: [CaptureReader]) {
    for (index, reader) in readers.enumerated() {
      guard let header = reader.next() else { continue }
      waiting.append(Head(header: header, rank: index, reader: index))
    }
    waiting.sort(by: <)
    for rank in waiting.indices { waiting[rank].rank = rank }
    // A sorted array is a heap already.
  }

  mutating func next(_ readers: [CaptureReader]) -> FrameHeader? {
    guard let reader = current, let header = readers[reader].next() else {
      return deliverEarliest()
    }
    let head = Head(header: header, rank: currentRank, reader: reader)
    guard let earliest = waiting.first, earliest < head else { return header }
    waiting[0] = head
    sink()
    return deliver(earliest)
  }

  private mutating func deliverEarliest() -> FrameHeader? {
    guard let earliest = waiting.first else {
      current = nil
      return nil
    }
    let last = waiting.removeLast()
    if !waiting.isEmpty {
      waiting[0] = last
      sink()
    }
    return deliver(earliest)
  }

  private mutating func deliver(_ head: Head) -> FrameHeader {
    (current, currentRank) = (head.reader, head.rank)
    return head.header
  }

  /// Lets the first head sink to its place.
  private mutating func sink() {
    var place = 0
    while true {
      let left = 2 * place + 1
      guard left < waiting.count else { return }
      let right = left + 1
      let smaller = right < waiting.count && waiting[right] < waiting[left] ? right : left
      guard waiting[smaller] < waiting[place] else { return }
      waiting.swapAt(place, smaller)
      place = smaller
    }
  }
}
