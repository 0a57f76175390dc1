/// Header lines that were rewritten lately: an answer repeats most of its request's.
final class LineMemory {
  /// A line, hashed as a whole and not byte by byte.
  private struct Line: Hashable {
    let bytes: Bytes

    func hash(into hasher: inout Hasher) {
      bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  /// Lines that are kept, and how long one may be: 16 MB at most.
  private static let mostLines = 1 << 15
  private static let longestLine = 256

  private var lines: [Line: [UInt8]] = [:]

  /// What stands for `line`, worked out by `rewrite` where it is not known.
  func replacement(for line: Bytes, _ rewrite: () -> [UInt8]) -> [UInt8] {
    guard line.count <= Self.longestLine else { return rewrite() }
    if let known = lines[Line(bytes: line)] { return known }
    let text = rewrite()
    if lines.count >= Self.mostLines { lines.removeAll(keepingCapacity: true) }
    // A slice would keep all of its datagram.
    lines[Line(bytes: Bytes(Array(line)))] = text
    return text
  }
}
