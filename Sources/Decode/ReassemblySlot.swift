import Capture

/// One datagram in reassembly, or the memory of one.
struct Slot {
  var key: FragmentKey
  var bucket: Int
  /// When it was opened, or closed.
  var since: Timestamp
  /// How long after `since` it is given up, or may be forgotten.
  var lifetime: Duration
  var firstFrame: FrameReference
  /// Next in the same bucket.
  var next: Int
  var older = -1
  var newer = -1
  var isClosed = false
  /// Closed because its fragments contradicted each other; the data is gone.
  var isDiscarded = false
  var fragments = 0
  /// The frames that brought data, in the order they came.
  var frames: [FrameReference] = []
  /// The header of the fragment at offset 0, once that came.
  var packet: IPPacket?
  var nextHeader: UInt8 = 0
  var buffer = ReassemblyBuffer()

  /// Whether its time has not passed; a clock that was set back by more ends it as well.
  func isCurrent(at time: Timestamp) -> Bool {
    (time < since ? since - time : time - since) < lifetime
  }
}

/// Slots by age, oldest first, linked through the slots themselves.
struct AgeList {
  private(set) var oldest = -1
  private var newest = -1

  mutating func append(_ index: Int, _ slots: inout [Slot]) {
    slots[index].older = newest
    slots[index].newer = -1
    if newest >= 0 { slots[newest].newer = index } else { oldest = index }
    newest = index
  }

  mutating func remove(_ index: Int, _ slots: inout [Slot]) {
    let (older, newer) = (slots[index].older, slots[index].newer)
    if older >= 0 { slots[older].newer = newer } else { oldest = newer }
    if newer >= 0 { slots[newer].older = older } else { newest = older }
  }
}
