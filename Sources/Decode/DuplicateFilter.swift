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
    var hash: UInt64 = 0
    var time = Timestamp(nanoseconds: .min)
    var identification: UInt32 = 0
  }

  private let limits: DuplicateLimits
  private let seed: UInt64
  private let mask: Int
  /// Sets of two, the newer first: a look-up touches one cache line.
  private var entries: [Entry]

  /// Copies recognised so far.
  public private(set) var copies: UInt64 = 0

  /// Makes a filter; `seed` fixes its hashing, which is otherwise secret and different per run.
  public init(limits: DuplicateLimits = .init(), seed: UInt64? = nil) {
    self.limits = limits
    self.seed = seed ?? .random(in: 0...UInt64.max)
    // A power of two, so that sets are found by a mask.
    var sets = 1
    while 2 * sets < limits.memory, sets < 1 << 24 { sets *= 2 }
    mask = sets - 1
    entries = Array(repeating: Entry(), count: 2 * sets)
  }

  /// Whether this datagram was already seen; if not, it is remembered.
  public mutating func isCopy(_ datagram: Datagram, payload: Span<UInt8>, time: Timestamp) -> Bool {
    var hash = KeyedHash(seed: seed)
    hash.combine(datagram.source)
    hash.combine(datagram.destination)
    hash.combine(payload)
    let value = hash.finalize()
    // A copy has the identification of its original; the same payload sent again has not.
    let spread = value ^ (UInt64(datagram.identification) &* 0x9E37_79B9_7F4A_7C15)
    let set = 2 * (Int(truncatingIfNeeded: spread) & mask)
    let entry = Entry(hash: value, time: time, identification: datagram.identification)
    if isCopy(entry, of: entries[set]) || isCopy(entry, of: entries[set + 1]) {
      copies &+= 1
      return true
    }
    entries[set + 1] = entries[set]
    entries[set] = entry
    return false
  }

  private func isCopy(_ entry: Entry, of known: Entry) -> Bool {
    guard entry.hash == known.hash, entry.identification == known.identification else {
      return false
    }
    let limit = entry.identification == 0 ? limits.noIdentification : limits.sameIdentification
    // Frames of a merged or live capture may come slightly out of order.
    let distance =
      entry.time < known.time ? known.time - entry.time : entry.time - known.time
    return distance <= limit
  }
}
