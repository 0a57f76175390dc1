/// Two texts in one place: each place of its own takes some forty bytes more than its text.
struct TextPair: Sendable {
  /// The length of the first in two bytes, and both.
  private let bytes: [UInt8]

  /// Joins two texts; of the first at most 65535 bytes, which no datagram exceeds.
  init(_ first: String, _ second: String) {
    guard !first.isEmpty || !second.isEmpty else {
      bytes = []
      return
    }
    let length = UInt16(clamping: first.utf8.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(2 + Int(length) + second.utf8.count)
    bytes.append(UInt8(length >> 8))
    bytes.append(UInt8(truncatingIfNeeded: length))
    bytes.append(contentsOf: first.utf8.prefix(Int(length)))
    bytes.append(contentsOf: second.utf8)
    self.bytes = bytes
  }

  private var border: Int { 2 + (Int(bytes[0]) << 8 | Int(bytes[1])) }

  /// The first text.
  var first: String { bytes.isEmpty ? "" : String(decoding: bytes[2..<border], as: UTF8.self) }

  /// The second text.
  var second: String { bytes.isEmpty ? "" : String(decoding: bytes[border...], as: UTF8.self) }
}
