import Decode

/// A map from keyed 64-bit hashes to record numbers: open addressing with linear probing.
///
/// The caller keys its hashes with a seed of the run, so that crafted input cannot pile up
/// collisions; equal hashes are taken for equal keys. Order of storage never shows outside.
struct HashIndex: ~Copyable {
  /// Key and value side by side: a look-up touches one cache line, seldom two.
  ///
  /// The key in halves, since with a whole one they would be padded to sixteen bytes.
  struct Entry: BitwiseCopyable, Sendable {
    private var low: UInt32
    private var high: UInt32
    var value: UInt32

    @inline(__always)
    init(key: UInt64, value: UInt32) {
      low = UInt32(truncatingIfNeeded: key)
      high = UInt32(truncatingIfNeeded: key &>> 32)
      self.value = value
    }

    @inline(__always)
    var key: UInt64 { UInt64(high) &<< 32 | UInt64(low) }
  }

  private var entries: Slots<Entry>
  private(set) var count = 0

  /// Marks an empty slot; a key that hashes to it is moved to 1.
  private static let empty: UInt64 = 0

  init(minimumCapacity: Int = 1024) {
    entries = Slots(repeating: Entry(key: Self.empty, value: 0), minimum: max(minimumCapacity, 16))
  }

  private static func normal(_ key: UInt64) -> UInt64 { key == empty ? 1 : key }

  /// The slot of `key`, or the empty slot where it belongs; the load factor keeps one slot free.
  private func slot(of key: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: key)
    while true {
      let held = entries[slot].key
      if held == key || held == Self.empty { return slot }
      slot = slot &+ 1
    }
  }

  /// Fetches what a look-up of `key` will read first.
  @inline(__always)
  func fetch(_ key: UInt64) {
    Memory.fetch(entries.address(of: Int(truncatingIfNeeded: key)), bytes: 1)
  }

  func find(_ key: UInt64) -> UInt32? {
    let key = Self.normal(key)
    let entry = entries[slot(of: key)]
    return entry.key == key ? entry.value : nil
  }

  mutating func set(_ key: UInt64, _ value: UInt32) {
    if 4 * (count + 1) > 3 * entries.count { grow() }
    let key = Self.normal(key)
    let slot = slot(of: key)
    if entries[slot].key == Self.empty { count += 1 }
    entries[slot] = Entry(key: key, value: value)
  }

  /// Removes `key` if it still names `value`; moves later entries back so that no probe breaks.
  mutating func remove(_ key: UInt64, ifNaming value: UInt32) {
    let key = Self.normal(key)
    var hole = slot(of: key)
    guard entries[hole].key == key, entries[hole].value == value else { return }
    count -= 1
    var next = hole &+ 1
    while entries[next].key != Self.empty {
      let home = Int(truncatingIfNeeded: entries[next].key)
      if (next &- home) & entries.mask >= (next &- hole) & entries.mask {
        entries[hole] = entries[next]
        hole = next
      }
      next = next &+ 1
    }
    entries[hole] = Entry(key: Self.empty, value: 0)
  }

  /// The same map once more.
  func copy() -> HashIndex { HashIndex(entries.copy(), count) }

  private init(_ entries: consuming Slots<Entry>, _ count: Int) {
    self.entries = entries
    self.count = count
  }

  private mutating func grow() {
    var larger = HashIndex(minimumCapacity: entries.count * 2)
    for slot in 0..<entries.count where entries[slot].key != Self.empty {
      larger.set(entries[slot].key, entries[slot].value)
    }
    self = larger
  }
}

/// Joins two hashes into one (the finaliser of SplitMix64 over their sum).
func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
  var value = (left &* 0x9E37_79B9_7F4A_7C15) ^ (right &+ 0x2545_F491_4F6C_DD1D)
  value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
  value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
  return value ^ (value >> 31)
}
