import Capture

/// A datagram whose fragments have all come.
struct ReassembledPacket {
  /// The header of the first fragment.
  var packet: IPPacket
  /// The frame that came earliest.
  var firstFragment: FrameReference
  /// Fragments that brought data.
  var fragments: Int
  /// What the whole starts with: a transport, or an IPv6 extension header.
  var nextHeader: UInt8
}

/// What became of a fragment.
enum FragmentOutcome {
  /// Kept, or not needed because its data was there or its datagram is discarded.
  case held
  /// Its offset and length cannot be.
  case impossible
  /// The whole is in `Reassembler.completed`.
  case completed(ReassembledPacket)
}

/// Which datagram a fragment belongs to (RFC 791 2.3, RFC 8200 4.5); VLAN tags and tunnels are no
/// part of it, so that copies from either side of a switch help each other.
struct FragmentKey: Equatable {
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt32
  /// The protocol for IPv4; 0 for IPv6, where it is no part of the key.
  var transport: UInt8
  var isIPv4: Bool
}

/// Puts datagrams together again from their fragments, within bounds.
///
/// Entries live in slots that are found by hash chains and aged by two lists: those still waiting,
/// and those done with, which are kept for a while so that copies of their fragments start nothing
/// new. A fragment costs what its own bytes cost, whatever came before.
struct Reassembler: ~Copyable {
  /// The last datagram that became whole, from the first byte after the IP header on.
  private(set) var completed: [UInt8] = []
  /// The frames it came in, the one that completed it last.
  private(set) var completedFrames: [FrameReference] = []
  /// Datagrams waiting for fragments.
  private(set) var held = 0

  private let limits: DecodeLimits
  private let seed: UInt64
  private var bytesHeld = 0
  private var slots: [Slot] = []
  private var free: [Int] = []
  private var heads: [Int] = []
  private var waiting = AgeList()
  private var closed = AgeList()

  init(limits: DecodeLimits, seed: UInt64) {
    self.limits = limits
    self.seed = seed
  }

  mutating func add(
    _ part: Fragment, of packet: IPPacket, _ header: FrameHeader, _ data: Span<UInt8>,
    _ counts: inout DecodeCounts
  ) -> FragmentOutcome {
    dropOverdue(at: header.time, &counts)
    // RFC 8200 4.5 and RFC 791: only the last may end between multiples of 8; none beyond 65,535.
    guard data.count > 0, part.isLast || data.count % 8 == 0,
      part.offset + data.count <= ReassemblyBuffer.largest
    else { return .impossible }
    let key = FragmentKey(
      source: packet.source, destination: packet.destination,
      identification: packet.identification, transport: packet.isIPv4 ? part.nextHeader : 0,
      isIPv4: packet.isIPv4)
    let bucket = bucket(of: key)
    let index: Int
    switch find(key, bucket, at: header.time, &counts) {
    case .waiting(let found): index = found
    case .closed(let found):
      if slots[found].isDiscarded { return .held }
      if slots[found].buffer.has(data, at: part.offset) {
        counts.duplicateFragments &+= 1
        return .held
      }
      // Other data: a sender that never changes the identification goes on to its next datagram.
      release(found)
      index = open(key, bucket, header, &counts)
    case .absent: index = open(key, bucket, header, &counts)
    }
    return insert(part, of: packet, data, into: index, header, &counts)
  }

  mutating func dropAll(_ counts: inout DecodeCounts) {
    while waiting.oldest >= 0 { drop(waiting.oldest, &counts) }
  }

  // MARK: One fragment

  private mutating func insert(
    _ part: Fragment, of packet: IPPacket, _ data: Span<UInt8>, into index: Int,
    _ header: FrameHeader, _ counts: inout DecodeCounts
  ) -> FragmentOutcome {
    let before = slots[index].buffer.bytesHeld
    let result = slots[index].buffer.insert(data, at: part.offset, isLast: part.isLast)
    bytesHeld += slots[index].buffer.bytesHeld - before
    switch result {
    case .impossible: return .impossible
    case .duplicate:
      counts.duplicateFragments &+= 1
      return .held
    case .overlapping:
      counts.overlaps &+= 1
      if !packet.isIPv4 {
        // RFC 5722 4: the datagram is discarded, with all fragments that are still to come.
        close(index, at: header.time, for: limits.reassemblyTimeout)
        bytesHeld -= slots[index].buffer.bytesHeld
        slots[index].buffer = ReassemblyBuffer()
        slots[index].isDiscarded = true
        return .held
      }
    case .fresh: break
    }
    slots[index].fragments &+= 1
    // No more than can bring data of their own: what overlaps may go on for ever.
    if slots[index].frames.count < ReassemblyBuffer.largest / 8 {
      slots[index].frames.append(header.reference)
    }
    if part.offset == 0 {
      slots[index].packet = packet
      slots[index].nextHeader = part.nextHeader
    }
    makeRoom(keeping: index, &counts)
    guard slots[index].buffer.isComplete, let first = slots[index].packet else { return .held }
    let whole = ReassembledPacket(
      packet: first, firstFragment: slots[index].firstFrame, fragments: slots[index].fragments,
      nextHeader: slots[index].nextHeader)
    completed = slots[index].buffer.bytes
    completedFrames = slots[index].frames
    slots[index].frames = []
    close(index, at: header.time, for: limits.completedMemory)
    return .completed(whole)
  }

  // MARK: Entries

  private enum Found {
    case waiting(Int), closed(Int), absent
  }

  private func bucket(of key: FragmentKey) -> Int {
    var hash = KeyedHash(seed: seed)
    hash.combine(key.source.high, key.source.low)
    hash.combine(key.destination.high, key.destination.low)
    hash.combine(UInt64(key.identification), UInt64(key.transport))
    return Int(truncatingIfNeeded: hash.finalize() & 0x3FF)
  }

  private mutating func find(
    _ key: FragmentKey, _ bucket: Int, at time: Timestamp, _ counts: inout DecodeCounts
  ) -> Found {
    guard !heads.isEmpty else { return .absent }
    var index = heads[bucket]
    while index >= 0, slots[index].key != key { index = slots[index].next }
    guard index >= 0 else { return .absent }
    if slots[index].isClosed {
      if slots[index].isCurrent(at: time) { return .closed(index) }
      release(index)
      return .absent
    }
    if slots[index].isCurrent(at: time) { return .waiting(index) }
    drop(index, &counts)
    return .absent
  }

  private mutating func open(
    _ key: FragmentKey, _ bucket: Int, _ header: FrameHeader, _ counts: inout DecodeCounts
  ) -> Int {
    if heads.isEmpty { heads = Array(repeating: -1, count: 1024) }
    if free.isEmpty, slots.count >= max(1, limits.datagramsInReassembly) {
      if closed.oldest >= 0 {
        release(closed.oldest)
      } else {
        counts.evicted &+= 1
        release(waiting.oldest)
      }
    }
    let slot = Slot(
      key: key, bucket: bucket, since: header.time, lifetime: limits.reassemblyTimeout,
      firstFrame: header.reference, next: heads[bucket])
    let index = free.popLast() ?? slots.count
    if index == slots.count { slots.append(slot) } else { slots[index] = slot }
    heads[bucket] = index
    waiting.append(index, &slots)
    held += 1
    return index
  }

  /// Done with: stays known for a while.
  private mutating func close(_ index: Int, at time: Timestamp, for lifetime: Duration) {
    waiting.remove(index, &slots)
    closed.append(index, &slots)
    held -= 1
    slots[index].isClosed = true
    slots[index].since = time
    slots[index].lifetime = lifetime
  }

  /// Forgets an entry altogether.
  private mutating func release(_ index: Int) {
    if slots[index].isClosed {
      closed.remove(index, &slots)
    } else {
      waiting.remove(index, &slots)
      held -= 1
    }
    bytesHeld -= slots[index].buffer.bytesHeld
    slots[index].buffer = ReassemblyBuffer()
    slots[index].frames = []
    unchain(index)
    free.append(index)
  }

  private mutating func unchain(_ index: Int) {
    let bucket = slots[index].bucket
    if heads[bucket] == index {
      heads[bucket] = slots[index].next
      return
    }
    var before = heads[bucket]
    while before >= 0, slots[before].next != index { before = slots[before].next }
    if before >= 0 { slots[before].next = slots[index].next }
  }

  // MARK: Bounds

  /// Gives up an entry whose rest did not come.
  private mutating func drop(_ index: Int, _ counts: inout DecodeCounts) {
    counts.neverCompleted &+= 1
    if slots[index].fragments == 1, slots[index].packet != nil { counts.onlyFirstFragment &+= 1 }
    release(index)
  }

  private mutating func dropOverdue(at time: Timestamp, _ counts: inout DecodeCounts) {
    while waiting.oldest >= 0, !slots[waiting.oldest].isCurrent(at: time) {
      drop(waiting.oldest, &counts)
    }
    while closed.oldest >= 0, !slots[closed.oldest].isCurrent(at: time) {
      release(closed.oldest)
    }
  }

  private mutating func makeRoom(keeping index: Int, _ counts: inout DecodeCounts) {
    while bytesHeld > limits.bytesInReassembly {
      if closed.oldest >= 0, closed.oldest != index {
        release(closed.oldest)
      } else if waiting.oldest >= 0, waiting.oldest != index {
        counts.evicted &+= 1
        release(waiting.oldest)
      } else {
        return
      }
    }
  }
}
