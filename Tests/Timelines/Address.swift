/// An address and a port as a timeline writes them.
struct Place: Hashable, Sendable {
  /// The address as written, without brackets.
  var text: String
  /// Four or sixteen bytes in network order.
  var bytes: [UInt8]
  var port: UInt16

  var isIPv6: Bool { bytes.count == 16 }
  /// The address as SIP writes a host: IPv6 in brackets.
  var host: String { isIPv6 ? "[\(text)]" : text }
  /// Host and port as SIP writes them.
  var hostPort: String { "\(host):\(port)" }

  /// Reads `192.0.2.1`, `192.0.2.1:5060`, `2001:db8::1` or `[2001:db8::1]:5060`; port 5060 unless
  /// written.
  init?(_ written: String) {
    var address = written[...]
    port = 5060
    if let bracket = written.lastIndex(of: "]"), written.hasPrefix("[") {
      address = written[..<bracket].dropFirst()
      let rest = written[written.index(after: bracket)...]
      if !rest.isEmpty {
        guard rest.first == ":", let port = UInt16(rest.dropFirst()) else { return nil }
        self.port = port
      }
    } else if let colon = written.firstIndex(of: ":"), colon == written.lastIndex(of: ":") {
      guard let port = UInt16(written[written.index(after: colon)...]) else { return nil }
      self.port = port
      address = written[..<colon]
    }
    guard let bytes = ipv4Bytes(address) ?? ipv6Bytes(address) else { return nil }
    self.bytes = bytes
    text = String(address)
  }
}

private func ipv4Bytes(_ text: Substring) -> [UInt8]? {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  let bytes = parts.compactMap { UInt8($0) }
  return parts.count == 4 && bytes.count == 4 ? bytes : nil
}

private func ipv6Bytes(_ text: Substring) -> [UInt8]? {
  guard let gap = text.range(of: "::") else {
    let bytes = groupBytes(text)
    return bytes?.count == 16 ? bytes : nil
  }
  guard let head = groupBytes(text[..<gap.lowerBound]),
    let tail = groupBytes(text[gap.upperBound...]),
    head.count + tail.count <= 14
  else { return nil }
  return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
}

private func groupBytes(_ text: Substring) -> [UInt8]? {
  if text.isEmpty { return [] }
  var bytes: [UInt8] = []
  for group in text.split(separator: ":", omittingEmptySubsequences: false) {
    guard group.count <= 4, let number = UInt16(group, radix: 16) else { return nil }
    bytes += number.bigEndianBytes
  }
  return bytes
}

extension Substring {
  /// The first place where `pattern` stands.
  fileprivate func range(of pattern: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(pattern) {
        return start..<index(start, offsetBy: pattern.count)
      }
      start = index(after: start)
    }
    return nil
  }
}

extension FixedWidthInteger {
  /// The bytes of this number, most significant first.
  var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }
  /// The bytes of this number, least significant first.
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
