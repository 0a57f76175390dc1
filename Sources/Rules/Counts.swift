/// How often each of many values was seen, most of which are the same few.
///
/// Hashing a text or an address costs more than comparing it with the few that nearly all are.
public struct Counts<Key: Hashable & Sendable>: Sendable {
  /// The values compared one by one: the first ones seen.
  @usableFromInline static var compared: Int { 8 }
  @usableFromInline var first: [(key: Key, times: Int)] = []
  @usableFromInline var others: [Key: Int] = [:]

  /// Nothing seen yet.
  @inlinable public init() {}

  /// How many different values were seen.
  var count: Int { first.count + others.count }

  /// Every value with its number, in no particular order.
  @inlinable public var all: [(key: Key, times: Int)] {
    first + others.map { ($0.key, $0.value) }
  }

  /// How often `key` was seen.
  @inlinable public subscript(key: Key) -> Int { times(of: key) ?? 0 }

  /// How often `key` was seen; `nil` where it was never added.
  @inlinable public func times(of key: Key) -> Int? {
    for place in first.indices where first[place].key == key { return first[place].times }
    return others.isEmpty ? nil : others[key]
  }

  /// Adds to the number of `key`.
  @inlinable public mutating func add(_ key: Key, times: Int = 1) {
    for place in first.indices where first[place].key == key {
      first[place].times += times
      return
    }
    if first.count < Self.compared {
      first.append((key, times))
    } else {
      others[key, default: 0] += times
    }
  }
}

/// The keys seen, numbered in that order; few, as `Counts` has it.
struct Numbering<Key: Hashable> {
  private static var compared: Int { 8 }
  private(set) var keys: [Key] = []
  private var numbers: [Key: Int] = [:]

  /// The number of `key`, the next one where it is new.
  mutating func number(of key: Key) -> Int {
    for place in keys.indices.prefix(Self.compared) where keys[place] == key { return place }
    if keys.count >= Self.compared, let number = numbers[key] { return number }
    numbers[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }
}
