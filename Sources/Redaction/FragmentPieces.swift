/// A fragment as it was captured, with what tells which datagram it belongs to (RFC 791 2.3,
/// RFC 8200 4.5).
struct MetFragment {
  /// Both addresses, as in the header.
  var ends: [UInt8]
  var identification: UInt32
  /// The transport, or the extension header that the whole begins with.
  var transport: UInt8
  var offset: Int
  var isLast: Bool
  var data: Bytes

  /// Which datagram it is a part of.
  var key: DatagramKey {
    DatagramKey(
      ends: ends, identification: identification, transport: ends.count == 8 ? transport : 0)
  }

  /// What copies of it have in common.
  var content: FragmentContent { FragmentContent(key: key, offset: offset, data: data) }
}

/// The same part of the same datagram with the same bytes.
struct FragmentContent: Hashable {
  var key: DatagramKey
  var offset: Int
  var data: Bytes
}

/// Which datagram a fragment belongs to.
struct DatagramKey: Hashable {
  var ends: [UInt8]
  var identification: UInt32
  var transport: UInt8
}

/// What stands instead of a fragment's data, and where in the datagram.
struct FragmentPiece {
  var offset: Int
  var data: [UInt8]
}

/// Cuts a redacted datagram into as many fragments as the original came in.
enum FragmentCutting {
  /// Bytes that a datagram must at least have to be cut into so many: eight for each fragment, as
  /// their places are counted, but one for the last (RFC 791 3.1).
  static func fewestBytes(_ parts: Int) -> Int { max(parts - 1, 0) * 8 + 1 }

  /// The bytes of a datagram whose fragments came in this order, as the decoder takes them: where they
  /// overlap, what came first; `nil` where they leave gaps.
  static func whole(_ arrived: [MetFragment]) -> [UInt8]? {
    let count = arrived.map { $0.offset + $0.data.count }.max() ?? 0
    var bytes = [UInt8](repeating: 0, count: count)
    var isThere = [Bool](repeating: false, count: count)
    var missing = count
    for part in arrived {
      for (place, byte) in zip(part.offset..., part.data) where !isThere[place] {
        bytes[place] = byte
        isThere[place] = true
        missing -= 1
      }
    }
    return missing == 0 ? bytes : nil
  }

  /// The fragments by their places.
  ///
  /// Of those that say where the end is, the first goes last, and others follow as its copies.
  static func ordered(_ parts: [MetFragment]) -> [MetFragment] {
    parts.sorted { ($0.isLast ? 1 : 0, $0.offset) < ($1.isLast ? 1 : 0, $1.offset) }
  }

  /// Pieces of `whole` for the fragments `parts`, in their order; `nil` where it is too short for
  /// so many.
  ///
  /// All but the last keep their places where that can be: only it grows or shrinks. None overlap:
  /// each ends where the next one begins.
  static func pieces(of whole: [UInt8], for parts: [MetFragment]) -> [FragmentPiece]? {
    guard let last = parts.firstIndex(where: \.isLast) else { return nil }
    var starts: [Int] = []
    for (index, part) in parts[...last].enumerated() {
      // Every later piece needs eight bytes before it, the last one a byte of its own.
      let latest = (whole.count - 1) / 8 * 8 - 8 * (last - index)
      guard latest >= 0 else { return nil }
      starts.append(max(min(part.offset, latest), starts.last.map { $0 + 8 } ?? 0))
    }
    return parts.indices.map { index in
      let start = starts[min(index, last)]
      let end = index < last ? starts[index + 1] : whole.count
      return FragmentPiece(offset: start, data: Array(whole[start..<end]))
    }
  }
}
