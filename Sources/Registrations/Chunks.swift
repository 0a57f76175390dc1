/// Records in a row that grows piece by piece: nothing moves when it does.
///
/// An array doubles, and for tens of thousands of accounts what it copies, leaves behind and keeps
/// in reserve comes to as much memory again as they need. One of the few places that handle memory
/// themselves: `count` records are initialised, and every access compares its index with that.
public struct Chunks<Element>: ~Copyable {
  @usableFromInline static var shift: Int { 8 }
  @usableFromInline static var size: Int { 1 << shift }

  @usableFromInline var pieces: [UnsafeMutablePointer<Element>] = []
  /// How many records there are.
  public private(set) var count = 0

  init() {}

  deinit {
    for (number, piece) in pieces.enumerated() {
      piece.deinitialize(count: min(count - number * Self.size, Self.size))
      piece.deallocate()
    }
  }

  /// The numbers of the records.
  public var indices: Range<Int> { 0..<count }

  /// Where the record at `index` stands as long as nothing is changed.
  @inlinable @inline(__always)
  public func place(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(index >= 0 && index < count, "no such record")
    return pieces[index &>> Self.shift] + (index & (Self.size &- 1))
  }

  /// The record at `index`, which must exist.
  ///
  /// By its address: a `_read` that is not inlined allocates its frame at each use.
  public subscript(index: Int) -> Element {
    @inlinable @inline(__always)
    unsafeAddress { UnsafePointer(place(of: index)) }
    @inlinable @inline(__always)
    unsafeMutableAddress { place(of: index) }
  }

  /// The same records once more.
  func copy() -> Chunks {
    var copy = Chunks()
    for index in indices { copy.append(self[index]) }
    return copy
  }

  mutating func append(_ element: consuming Element) {
    if count == pieces.count * Self.size { pieces.append(.allocate(capacity: Self.size)) }
    (pieces[count &>> Self.shift] + (count & (Self.size &- 1))).initialize(to: element)
    count += 1
  }
}

extension Chunks: @unchecked Sendable where Element: Sendable {}
