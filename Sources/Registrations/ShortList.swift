import Capture
import Decode

/// A list that nearly always has one element: that one stands in the list itself.
///
/// An array of one is a place of its own in memory, with a head that takes as much again as some
/// records, and one more wait for whoever reads it.
public struct ShortList<Element: HasBlank>: RandomAccessCollection, MutableCollection, Sendable {
  /// The first element; means nothing while there is none.
  @usableFromInline var head = Element.blank
  @usableFromInline var rest: [Element] = []
  /// Whether there is any element.
  @usableFromInline var hasHead = false

  init() {}

  /// The place of the first element.
  @inlinable public var startIndex: Int { 0 }
  /// The place after the last element.
  @inlinable public var endIndex: Int { hasHead ? rest.count + 1 : 0 }

  /// The element at a place, which must exist.
  public subscript(position: Int) -> Element {
    @inlinable @inline(__always)
    _read {
      if position == 0 {
        precondition(hasHead, "no such element")
        yield head
      } else {
        yield rest[position - 1]
      }
    }
    @inlinable @inline(__always)
    _modify {
      if position == 0 {
        precondition(hasHead, "no such element")
        yield &head
      } else {
        yield &rest[position - 1]
      }
    }
  }

  mutating func append(_ element: Element) {
    if hasHead {
      rest.append(element)
    } else {
      head = element
      hasHead = true
    }
  }

  @discardableResult
  mutating func remove(at position: Int) -> Element {
    guard position == 0 else { return rest.remove(at: position - 1) }
    precondition(hasHead, "no such element")
    let removed = head
    hasHead = !rest.isEmpty
    head = rest.isEmpty ? .blank : rest.removeFirst()
    return removed
  }

  mutating func popLast() -> Element? { isEmpty ? nil : remove(at: count - 1) }

  mutating func removeAll(where isOver: (Element) -> Bool) {
    rest.removeAll(where: isOver)
    if hasHead, isOver(head) { remove(at: 0) }
  }

  /// Where the first element stands and where the others do, as long as the list stays as it is.
  mutating func places() -> (first: UnsafePointer<Element>?, others: UnsafeBufferPointer<Element>) {
    (
      hasHead ? withUnsafePointer(to: &head) { $0 } : nil,
      rest.withUnsafeBufferPointer { $0 }
    )
  }
}

/// A record of which there is one that says nothing.
public protocol HasBlank: Sendable {
  /// That one.
  static var blank: Self { get }
}

extension Binding: HasBlank {
  /// A binding of nobody.
  public static var blank: Binding {
    let nowhere = Endpoint(address: IPAddress(ipv4: 0), port: 0)
    let never = Moment(time: Timestamp(nanoseconds: 0), frame: .earlier)
    return Binding(
      contactKey: 0, callIDKey: 0, source: nowhere, registrar: nowhere, expires: never.time,
      isOnlyListed: true, refreshed: never, refreshRequest: never, grantedSeconds: 0,
      grantSource: .assumed, cseq: 0, instanceKey: 0, isBehindNAT: false, isSeenFromInside: false,
      texts: TextPair(), agent: .none, from: never, fromRequest: never, firstCSeq: 0)
  }
}

extension Registrant: HasBlank {
  @usableFromInline static var blank: Registrant {
    Registrant(
      source: Endpoint(address: IPAddress(ipv4: 0), port: 0), userAgentKey: 0,
      start: Moment(time: Timestamp(nanoseconds: 0), frame: .earlier))
  }
}
