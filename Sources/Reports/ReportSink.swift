/// Where a report's bytes go, piece by piece: a file, a terminal, memory.
public protocol ReportSink {
  /// What can go wrong on the way, such as a full disk or a closed pipe.
  associatedtype Failure: Error

  /// Takes the next bytes of the report.
  mutating func write(_ bytes: Span<UInt8>) throws(Failure)
}

/// A report kept in memory.
public struct ReportBuffer: ReportSink, Sendable {
  /// What was written so far.
  public private(set) var bytes: [UInt8] = []

  /// An empty buffer.
  public init() {}

  /// Appends the next bytes.
  public mutating func write(_ bytes: Span<UInt8>) throws(Never) {
    bytes.withUnsafeBufferPointer { self.bytes.append(contentsOf: $0) }
  }

  /// What was written so far as text.
  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Bytes on their way to a sink: collected, so that a sink is called once for many lines.
struct PendingBytes {
  /// A report is handed on in pieces of about this size.
  private static let piece = 64 * 1024
  private(set) var bytes: [UInt8] = []

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func append(_ byte: UInt8, count: Int) {
    bytes.append(contentsOf: repeatElement(byte, count: max(count, 0)))
  }

  /// Hands on what is there once it is worth a call; all of it when `isLast`.
  mutating func drain<Sink: ReportSink>(
    to sink: inout Sink, isLast: Bool = false
  ) throws(Sink.Failure) {
    guard bytes.count >= Self.piece || (isLast && !bytes.isEmpty) else { return }
    try sink.write(bytes.span)
    bytes.removeAll(keepingCapacity: true)
  }
}
