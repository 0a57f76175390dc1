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

  /// The bytes of a datagram whose fragments are `parts`; `nil` where they overlap or leave gaps.
  static func whole(_ parts: [MetFragment]) -> [UInt8]? {
    var bytes: [UInt8] = []
    for part in parts {
      guard part.offset == bytes.count else { return nil }
      bytes += part.data
    }
    return bytes
  }

  /// Pieces of `whole` for the fragments `parts`, in their order; `nil` where it is too short for
  /// so many.
  ///
  /// All but the last keep their places where that can be: only it grows or shrinks.
  static func pieces(of whole: [UInt8], for parts: [MetFragment]) -> [FragmentPiece]? {
    var starts: [Int] = []
    for (index, part) in parts.enumerated() {
      // Every later piece needs eight bytes before it, the last one a byte of its own.
      let latest = (whole.count - 1) / 8 * 8 - 8 * (parts.count - 1 - index)
      let start = min(part.offset, latest)
      guard start >= 0, start > starts.last ?? -1 else { return nil }
      starts.append(start)
    }
    return starts.enumerated().map { index, start in
      let end = index + 1 < starts.count ? starts[index + 1] : whole.count
      return FragmentPiece(offset: start, data: Array(whole[start..<end]))
    }
  }
}
