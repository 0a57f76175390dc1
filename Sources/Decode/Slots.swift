/// As many slots as a power of two, found by the low bits of whatever number is given: no index can
/// be outside, so that none need be compared, and nobody else holds them, so that none need ask.
///
/// For the tables every message is looked up in. One of the few places that handle memory
/// themselves: `mask` + 1 slots are initialised from `init` to `deinit`, and elements that are plain
/// bytes need no more.
public struct Slots<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// One less than the number of slots: the bits of an index that count.
  public let mask: Int

  /// The least power of two that is not below `minimum`, each with `element`.
  public init(repeating element: Element, minimum: Int) {
    var count = 1
    while count < minimum, count < 1 << 40 { count *= 2 }
    mask = count - 1
    base = .allocate(capacity: count)
    base.initialize(repeating: element, count: count)
  }

  private init(copying other: borrowing Slots) {
    mask = other.mask
    base = .allocate(capacity: other.count)
    base.initialize(from: other.base, count: other.count)
  }

  deinit { base.deallocate() }

  /// How many there are.
  @inlinable public var count: Int { mask &+ 1 }

  /// The same ones once more.
  public func copy() -> Slots { Slots(copying: self) }

  /// The slot whose number has the same low bits as `index`.
  public subscript(index: Int) -> Element {
    @inlinable @inline(__always)
    unsafeAddress { UnsafePointer(base + (index & mask)) }
    @inlinable @inline(__always)
    unsafeMutableAddress { base + (index & mask) }
  }

  /// Where that slot stands, to fetch it.
  @inlinable @inline(__always)
  public func address(of index: Int) -> UnsafePointer<Element> {
    UnsafePointer(base + (index & mask))
  }
}
