/// The bytes of a datagram in reassembly and which of them are there, in units of 8 as fragments
/// are cut.
struct ReassemblyBuffer {
  /// The longest IP payload, in bytes; no fragment may end beyond it.
  static let largest = 65_535

  /// What a fragment added.
  enum Insertion {
    /// Only bytes that were missing.
    case fresh
    /// Nothing: all of it was there, with the same content.
    case duplicate
    /// Some bytes that were there already; those were not changed.
    case overlapping
    /// Nothing: it contradicts the end that another fragment stated.
    case impossible
  }

  /// The datagram; zero where nothing came yet.
  private(set) var bytes: [UInt8] = []
  /// One bit for each unit.
  private var present: [UInt64] = []
  private var unitsPresent = 0
  /// The length of the whole, once the last fragment has come.
  private var total: Int?

  /// Memory taken.
  var bytesHeld: Int { bytes.capacity + present.capacity * 8 }

  /// Whether nothing is missing.
  var isComplete: Bool {
    guard let total else { return false }
    return unitsPresent == (total + 7) / 8
  }

  /// Whether all of `data` is there with the same content.
  func has(_ data: Span<UInt8>, at offset: Int) -> Bool {
    let units = offset / 8..<(offset + data.count + 7) / 8
    return offset + data.count <= bytes.count && units.allSatisfy(isPresent)
      && isSame(data, at: offset)
  }

  mutating func insert(_ data: Span<UInt8>, at offset: Int, isLast: Bool) -> Insertion {
    let end = offset + data.count
    if let total, isLast ? end != total : end > total { return .impossible }
    if isLast, total == nil {
      guard bytes.count <= end else { return .impossible }
      total = end
    }
    grow(to: end)
    let units = offset / 8..<(end + 7) / 8
    let old = units.reduce(into: 0) { $0 += isPresent($1) ? 1 : 0 }
    if old > 0 {
      if old == units.count, isSame(data, at: offset) { return .duplicate }
      fillGaps(data, at: offset, units)
      return .overlapping
    }
    fillGaps(data, at: offset, units)
    return .fresh
  }

  private mutating func grow(to end: Int) {
    guard bytes.count < end else { return }
    bytes.append(contentsOf: repeatElement(0, count: end - bytes.count))
    let words = (end + 511) / 512
    if present.count < words {
      present.append(contentsOf: repeatElement(0, count: words - present.count))
    }
  }

  private func isPresent(_ unit: Int) -> Bool {
    present[unit / 64] & (1 << UInt64(unit % 64)) != 0
  }

  private func isSame(_ data: Span<UInt8>, at offset: Int) -> Bool {
    for index in 0..<data.count where bytes[offset + index] != data[index] { return false }
    return true
  }

  private mutating func fillGaps(_ data: Span<UInt8>, at offset: Int, _ units: Range<Int>) {
    unitsPresent += Self.fillGaps(&bytes, &present, data, at: offset, units)
  }

  /// Copies the units that are missing and gives their number.
  private static func fillGaps(
    _ bytes: inout [UInt8], _ present: inout [UInt64], _ data: Span<UInt8>, at offset: Int,
    _ units: Range<Int>
  ) -> Int {
    var span = bytes.mutableSpan
    var target = span.mutableBytes
    var filled = 0
    for unit in units where present[unit / 64] & (1 << UInt64(unit % 64)) == 0 {
      let from = unit * 8 - offset
      if data.count - from >= 8 {
        let word = data.bytes.unsafeLoadUnaligned(fromByteOffset: from, as: UInt64.self)
        target.storeBytes(of: word, toByteOffset: unit * 8, as: UInt64.self)
      } else {
        for index in from..<data.count {
          target.storeBytes(of: data[index], toByteOffset: offset + index, as: UInt8.self)
        }
      }
      present[unit / 64] |= 1 << UInt64(unit % 64)
      filled += 1
    }
    return filled
  }
}
