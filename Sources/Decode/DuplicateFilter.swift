import CPrefetch
public import Capture

/// Recognises copies of one packet and lets true retransmissions pass.
///
/// The same packet is captured twice on an `any` interface, at a mirrored port or on both sides of
/// a router; TTL, link-layer addresses and tags then differ, the datagram does not. A copy has
/// the same flow, the same payload and the same IP identification, and follows at once. The same
/// payload under another identification was sent again: a retransmission, or the next keepalive.
/// To be asked about SIP messages and keepalives, not about media.
public struct DuplicateFilter: ~Copyable {
  /// Identification and datagram in one hash, so that two entries take half a cache line.
  struct Entry: BitwiseCopyable, Sendable {
    var hash: UInt64 = 0
    var time = Timestamp(nanoseconds: .min)

    @inline(__always)
    func isCopy(of known: Entry, within limit: Int64) -> Bool {
      guard hash == known.hash else { return false }
      // Frames of a merged or live capture may come slightly out of order.
      return time.nanosecondsSince(known.time) <= limit
        && known.time.nanosecondsSince(time) <= limit
    }
  }

  /// The limits in nanoseconds: compared for every message.
  private let sameIdentification: Int64
  private let noIdentification: Int64
  private let seed: UInt64
  /// Counts up when all that is remembered is forgotten: it is a part of every hash.
  private var generation: UInt64 = 0
  /// Sets of two, the newer first: a look-up touches one cache line.
  private var entries: Slots<Entry>

  /// Copies recognised so far.
  public private(set) var copies: UInt64 = 0

  /// Makes a filter; `seed` fixes its hashing, which is otherwise secret and different per run.
  public init(limits: DuplicateLimits = .init(), seed: UInt64? = nil) {
    sameIdentification = limits.sameIdentification.wholeNanoseconds
    noIdentification = limits.noIdentification.wholeNanoseconds
    self.seed = seed ?? .random(in: 0...UInt64.max)
    entries = Slots(repeating: Entry(), minimum: min(max(limits.memory, 2), 1 << 25))
  }

  /// What a datagram is recognised by.
  public struct Imprint {
    fileprivate let entry: Entry
    fileprivate let limit: Int64
  }

  /// Takes the imprint of a datagram and fetches the place where the same one would be remembered:
  /// whoever reads the datagram before asking for it need not wait for that.
  public mutating func imprint(
    of datagram: Datagram, payload: Span<UInt8>, time: Timestamp
  ) -> Imprint {
    var hash = KeyedHash(seed: seed)
    hash.combine(datagram.source)
    hash.combine(datagram.destination)
    // A copy has the identification of its original; the same payload sent again has not.
    hash.combine(UInt64(datagram.identification), generation)
    hash.combine(payload)
    let entry = Entry(hash: hash.finalize(), time: time)
    let set = place(of: entry)
    prefetch_line(entries.address(of: set))
    return Imprint(
      entry: entry, limit: datagram.identification == 0 ? noIdentification : sameIdentification)
  }

  /// The clock went back: what comes now is no copy of what was seen before.
  ///
  /// Where captures stand one behind the other, it depended on chance which of the packets seen
  /// twice were remembered still, and those left out looked like silence.
  public mutating func forget() { generation &+= 1 }

  /// Whether the datagram of this imprint was already seen; if not, it is remembered.
  public mutating func isCopy(_ imprint: Imprint) -> Bool {
    let entry = imprint.entry
    let set = place(of: entry)
    if entry.isCopy(of: entries[set], within: imprint.limit)
      || entry.isCopy(of: entries[set &+ 1], within: imprint.limit)
    {
      copies &+= 1
      return true
    }
    entries[set &+ 1] = entries[set]
    entries[set] = entry
    return false
  }

  @inline(__always)
  private func place(of entry: Entry) -> Int {
    Int(truncatingIfNeeded: entry.hash &<< 1)
  }
}
