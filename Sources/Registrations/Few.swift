/// A list that nearly always has one element, which then stands in the record itself.
///
/// In an array it would have a place of its own: with what that takes beside it some forty bytes
/// more, for each of half a million accounts, and one more way to go to each of them.
public struct Few<Element: HasFiller>: RandomAccessCollection, Sendable {
  /// All of them, unless there is just one.
  @usableFromInline var several: [Element] = []
  /// The only one, if there is just one.
  @usableFromInline var only = Element.filler
  @usableFromInline var isOne = false

  init() {}

  /// The first position.
  @inlinable public var startIndex: Int { 0 }
  /// The position after the last element.
  @inlinable public var endIndex: Int { count }
  /// How many there are.
  @inlinable public var count: Int { isOne ? 1 : several.count }
  /// Whether there is none.
  @inlinable public var isEmpty: Bool { !isOne && several.isEmpty }

  /// A copy of the element at a position, which must be one of the list's.
  @inlinable public subscript(position: Int) -> Element {
    guard isOne else { return several[position] }
    precondition(position == 0, "no such element")
    return only
  }

  /// Where the first element that fits is.
  ///
  /// Looks at each where it stands: what any collection has copies the list and each element.
  @inlinable
  public func firstIndex(where fits: (Element) throws -> Bool) rethrows -> Int? {
    guard isOne else { return try several.firstIndex(where: fits) }
    return try fits(only) ? 0 : nil
  }

  /// Whether any element fits.
  @inlinable
  public func contains(where fits: (Element) throws -> Bool) rethrows -> Bool {
    guard isOne else { return try several.contains(where: fits) }
    return try fits(only)
  }

  /// Calls `body` for each element.
  @inlinable
  public func forEach(_ body: (Element) throws -> Void) rethrows {
    guard isOne else { return try several.forEach(body) }
    try body(only)
  }

  mutating func append(_ element: consuming Element) {
    if isEmpty {
      only = element
      isOne = true
      return
    }
    if isOne {
      several = [only]
      clear()
    }
    several.append(element)
  }

  @discardableResult
  mutating func remove(at position: Int) -> Element {
    if isOne {
      precondition(position == 0, "no such element")
      let element = only
      clear()
      return element
    }
    let element = several.remove(at: position)
    settle()
    return element
  }

  mutating func popLast() -> Element? { isEmpty ? nil : remove(at: endIndex - 1) }

  mutating func removeAll(where isOver: (Element) -> Bool) {
    if isOne {
      if isOver(only) { clear() }
    } else {
      several.removeAll(where: isOver)
      settle()
    }
  }

  /// Takes the only one out; what it held is given back.
  private mutating func clear() {
    only = .filler
    isOne = false
  }

  /// Several may have become one or none.
  private mutating func settle() {
    guard several.count <= 1 else { return }
    if let last = several.first {
      only = last
      isOne = true
    }
    several = []
  }
}

/// A list that stands in memory which does not move: its elements can be had by their addresses.
///
/// By address an element is neither copied nor handed out by a coroutine, which two `yield`s keep
/// from being inlined. An address holds until the list is changed.
extension UnsafeMutablePointer {
  @inline(__always)
  func readable<Element>(_ position: Int) -> UnsafePointer<Element> where Pointee == Few<Element> {
    guard pointee.isOne else { return readableOfSeveral(position) }
    return UnsafePointer(only(position))
  }

  @inline(__always)
  func writable<Element>(_ position: Int) -> UnsafeMutablePointer<Element>
  where Pointee == Few<Element> {
    guard pointee.isOne else { return writableOfSeveral(position) }
    return only(position)
  }

  @inline(__always)
  private func only<Element>(_ position: Int) -> UnsafeMutablePointer<Element>
  where Pointee == Few<Element> {
    guard position == 0, let only = pointer(to: \.only) else {
      preconditionFailure("no such element")
    }
    return only
  }

  @inline(never)
  private func readableOfSeveral<Element>(_ position: Int) -> UnsafePointer<Element>
  where Pointee == Few<Element> {
    pointee.several.withUnsafeBufferPointer { elements in
      guard elements.indices.contains(position), let start = elements.baseAddress else {
        preconditionFailure("no such element")
      }
      return start + position
    }
  }

  @inline(never)
  private func writableOfSeveral<Element>(_ position: Int) -> UnsafeMutablePointer<Element>
  where Pointee == Few<Element> {
    pointee.several.withUnsafeMutableBufferPointer { elements in
      guard elements.indices.contains(position), let start = elements.baseAddress else {
        preconditionFailure("no such element")
      }
      return start + position
    }
  }

  @inline(__always)
  func elements<Element>() -> UnsafeBufferPointer<Element> where Pointee == Few<Element> {
    guard pointee.isOne else { return pointee.several.withUnsafeBufferPointer { $0 } }
    return UnsafeBufferPointer(start: UnsafePointer(pointer(to: \.only)), count: 1)
  }
}

extension Chunks<Account> {
  @inline(__always)
  private func bindings(of account: Int) -> UnsafeMutablePointer<Few<Binding>> {
    guard let list = place(of: account).pointer(to: \.current) else {
      preconditionFailure("stands in the account")
    }
    return list
  }

  @inline(__always)
  private func registrants(of account: Int) -> UnsafeMutablePointer<Few<Registrant>> {
    guard let list = place(of: account).pointer(to: \.registrants) else {
      preconditionFailure("stands in the account")
    }
    return list
  }

  /// One of the account's bindings that have not ended.
  subscript(account: Int, binding position: Int) -> Binding {
    @inline(__always) unsafeAddress { bindings(of: account).readable(position) }
    @inline(__always) unsafeMutableAddress { bindings(of: account).writable(position) }
  }

  /// One of the account's registrants.
  subscript(account: Int, registrant position: Int) -> Registrant {
    @inline(__always) unsafeAddress { registrants(of: account).readable(position) }
    @inline(__always) unsafeMutableAddress { registrants(of: account).writable(position) }
  }

  /// All bindings of the account that have not ended, where they stand until it is changed.
  @inline(__always)
  func currentBindings(of account: Int) -> UnsafeBufferPointer<Binding> {
    bindings(of: account).elements()
  }
}

/// A type with a value that holds a place and means nothing.
public protocol HasFiller: Sendable {
  /// That value.
  static var filler: Self { get }
}
