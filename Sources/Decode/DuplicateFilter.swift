public import Capture

/// Recognises copies of one packet and lets true retransmissions pass.
///
/// The same packet is captured twice on an `any` interface, at a mirrored port or on both sides of
/// a router; TTL, link-layer addresses and tags then differ, the datagram does not. A copy has
/// the same flow, the same payload and the same IP identification, and follows at once. The same
/// payload under another identification was sent again: a retransmission, or the next keepalive.
/// To be asked about SIP messages and keepalives, not about media.
public struct DuplicateFilter: ~Copyable {
  private struct Entry {
    var hash: UInt64
    var time: Timestamp
    var identification: UInt32
    /// Number of the entry before it in its chain, counted from 1 since the start; 0 if none.
    var previous: UInt64
  }

  private let limits: DuplicateLimits
  private let seed: UInt64
  private let mask: UInt64
  /// A ring: entry `n` stands at `n & mask` until entry `n + count` takes its place.
  private var ring: [Entry]
  /// Number of the newest entry of each chain.
  private var heads: [UInt64]
  private var written: UInt64 = 0

  /// Copies recognised so far.
  public private(set) var copies: UInt64 = 0

  /// Makes a filter; `seed` fixes its hashing, which is otherwise secret and different per run.
  public init(limits: DuplicateLimits = .init(), seed: UInt64? = nil) {
    self.limits = limits
    self.seed = seed ?? .random(in: 0...UInt64.max)
    // A power of two, so that positions are found by a mask.
    var size = 1
    while size < limits.memory, size < 1 << 24 { size *= 2 }
    mask = UInt64(size - 1)
    let empty = Entry(hash: 0, time: Timestamp(nanoseconds: 0), identification: 0, previous: 0)
    ring = Array(repeating: empty, count: size)
    heads = Array(repeating: 0, count: size)
  }

  /// Whether this datagram was already seen; if not, it is remembered.
  public mutating func isCopy(_ datagram: Datagram, payload: Span<UInt8>, time: Timestamp) -> Bool {
    var hash = KeyedHash(seed: seed)
    hash.combine(datagram.source)
    hash.combine(datagram.destination)
    hash.combine(payload)
    let value = hash.finalize()
    let bucket = Int(truncatingIfNeeded: value & mask)
    if wasSeen(value, bucket, datagram.identification, time) {
      copies &+= 1
      return true
    }
    written &+= 1
    ring[position(written)] = Entry(
      hash: value, time: time, identification: datagram.identification, previous: heads[bucket])
    heads[bucket] = written
    return false
  }

  private func position(_ number: UInt64) -> Int {
    Int(truncatingIfNeeded: number & mask)
  }

  private func wasSeen(
    _ hash: UInt64, _ bucket: Int, _ identification: UInt32, _ time: Timestamp
  ) -> Bool {
    let limit = identification == 0 ? limits.noIdentification : limits.sameIdentification
    var number = heads[bucket]
    for _ in 0..<limits.comparisons {
      // Older entries of the chain have been overwritten.
      guard number > 0, written - number <= mask else { return false }
      let entry = ring[position(number)]
      if entry.hash == hash, entry.identification == identification {
        // Frames of a merged or live capture may come slightly out of order.
        let distance = time < entry.time ? entry.time - time : time - entry.time
        if distance <= limit { return true }
      }
      number = entry.previous
    }
    return false
  }
}
