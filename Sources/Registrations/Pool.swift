import Decode

/// Records that come and go, addressed by number; freed numbers are used again.
@usableFromInline
struct Pool<Record>: ~Copyable {
  @usableFromInline private(set) var records = Chunks<Record>()
  private var free: [UInt32] = []

  /// The same records under the same numbers once more.
  func copy() -> Pool {
    var copy = Pool()
    copy.records = records.copy()
    copy.free = free
    return copy
  }

  /// Records in use.
  var count: Int { records.count - free.count }

  mutating func add(_ record: consuming Record) -> UInt32 {
    if let number = free.popLast() {
      records[Int(number)] = record
      return number
    }
    records.append(record)
    return UInt32(truncatingIfNeeded: records.count - 1)
  }

  @inline(__always)
  func fetch(_ number: UInt32) { records.fetch(Int(number)) }

  /// The numbers of all records, freed ones too.
  var numbers: Range<UInt32> { 0..<UInt32(truncatingIfNeeded: records.count) }

  mutating func release(_ number: UInt32) {
    free.append(number)
  }

  @inlinable @inline(__always)
  func place(of number: UInt32) -> UnsafeMutablePointer<Record> { records.place(of: Int(number)) }

  subscript(number: UInt32) -> Record {
    @inline(__always)
    unsafeAddress { UnsafePointer(records.place(of: Int(number))) }
    @inline(__always)
    unsafeMutableAddress { records.place(of: Int(number)) }
  }
}

extension Pool: Sendable where Record: Sendable {}

/// The transactions begun, in the order in which they time out; those that are over are passed over.
///
/// All transactions time out the same span after their first transmission (RFC 3261 17.1.2.2,
/// Timer F), so the order of sending is the order of deadlines and a ring is enough.
struct DeadlineRing: ~Copyable {
  struct Deadline: BitwiseCopyable, Sendable {
    var nanoseconds: Int64
    var transaction: UInt32
    /// Tells whether the number still means the transaction that was meant.
    var serial: UInt32

    /// Whether it is the deadline of the transaction with this serial; 0 is that of none.
    func isOf(_ serial: UInt32) -> Bool { serial != 0 && serial == self.serial }
  }

  private var slots: Slots<Deadline>
  private var head = 0
  private(set) var count = 0

  init() { slots = Self.none(1024) }

  private init(_ slots: consuming Slots<Deadline>, _ head: Int, _ count: Int) {
    self.slots = slots
    self.head = head
    self.count = count
  }

  private static func none(_ count: Int) -> Slots<Deadline> {
    Slots(repeating: Deadline(nanoseconds: 0, transaction: 0, serial: 0), minimum: count)
  }

  /// The same deadlines once more.
  func copy() -> DeadlineRing { DeadlineRing(slots.copy(), head, count) }

  /// Whether the next one needs more room.
  var isFull: Bool { count == slots.count }

  /// Makes room where what is held takes more than half of it.
  mutating func makeRoom() {
    if 2 * count > slots.count { grow() }
  }

  /// The next deadline, if any transaction is running.
  var first: Deadline? { count == 0 ? nil : slots[head] }

  mutating func append(_ deadline: Deadline) {
    if count == slots.count { grow() }
    slots[head &+ count] = deadline
    count &+= 1
  }

  mutating func removeFirst() {
    head = (head &+ 1) & slots.mask
    count &-= 1
  }

  private mutating func grow() {
    var larger = Self.none(slots.count * 2)
    for index in 0..<count { larger[index] = slots[head &+ index] }
    slots = larger
    head = 0
  }
}
