/// Two texts of a record.
///
/// They stand with those of others on a page: a place of its own for each text takes some forty
/// bytes more than the text.
struct TextPair: Sendable {
  /// `nil` where both are empty.
  private var page: TextPage?
  private var start: UInt16 = 0
  private var border: UInt16 = 0
  private var end: UInt16 = 0

  /// Two empty texts.
  init() {}

  fileprivate init(_ page: TextPage, _ start: Int, _ border: Int, _ end: Int) {
    self.page = page
    (self.start, self.border, self.end) = (UInt16(start), UInt16(border), UInt16(end))
  }

  /// The first text.
  var first: String { page?.text(from: Int(start), to: Int(border)) ?? "" }

  /// The second text.
  var second: String { page?.text(from: Int(border), to: Int(end)) ?? "" }
}

/// Where the texts of a tracker's records are written.
///
/// Given back is a page when nothing on it is held any more. Pages are small, so that one text that
/// stays does not hold much that is gone.
struct TextStore: ~Copyable {
  private static let pageSize = 1024
  /// Most bytes of a text that are kept; no datagram holds more than twice as many.
  private static let longest = 32_767

  private var page: TextPage?
  private var used = 0

  /// Keeps two texts.
  mutating func keep(_ first: String, _ second: String) -> TextPair {
    let lengths = (
      min(first.utf8.count, Self.longest), min(second.utf8.count, Self.longest)
    )
    let size = lengths.0 + lengths.1
    guard size > 0 else { return TextPair() }
    let page = pageWithRoom(for: size)
    page.write(first, lengths.0, at: used)
    page.write(second, lengths.1, at: used + lengths.0)
    defer { used += size }
    return TextPair(page, used, used + lengths.0, used + size)
  }

  private mutating func pageWithRoom(for size: Int) -> TextPage {
    if let page, used + size <= page.size { return page }
    let new = TextPage(size: max(size, Self.pageSize))
    page = new
    used = 0
    return new
  }
}

/// Bytes of texts, written by one store from the beginning to the end, each once.
///
/// Handles memory itself: every place is compared with the size, and what is read was written before
/// it was handed out. A store and who reads what it has handed out never meet at the same bytes.
private final class TextPage: @unchecked Sendable {
  let size: Int
  private let bytes: UnsafeMutablePointer<UInt8>

  init(size: Int) {
    self.size = size
    bytes = .allocate(capacity: size)
    bytes.initialize(repeating: 0, count: size)
  }

  deinit { bytes.deallocate() }

  /// Writes the first `count` bytes of a text.
  func write(_ text: String, _ count: Int, at start: Int) {
    var text = text
    text.withUTF8 { source in
      precondition(start >= 0 && start + count <= size, "no such place on the page")
      guard let first = source.baseAddress else { return }
      precondition(count <= source.count, "no such part of the text")
      (bytes + start).update(from: first, count: count)
    }
  }

  func text(from start: Int, to end: Int) -> String {
    precondition(0 <= start && start <= end && end <= size, "no such place on the page")
    return String(
      decoding: UnsafeBufferPointer(start: bytes + start, count: end - start), as: UTF8.self)
  }
}
