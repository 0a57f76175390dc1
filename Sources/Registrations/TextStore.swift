import SIP

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
  /// Most bytes of a text that are kept; the longest Contacts in use, those of phones that are woken
  /// by push (RFC 8599), have some 600.
  static let longest = 1024

  private var page: TextPage?
  private var used = 0

  /// Keeps two texts.
  mutating func keep(_ first: String, _ second: String) -> TextPair {
    let (first, second) = (first.shortened(to: Self.longest), second.shortened(to: Self.longest))
    let lengths = (first.utf8.count, second.utf8.count)
    let size = lengths.0 + lengths.1
    guard size > 0 else { return TextPair() }
    let page = pageWithRoom(for: size)
    page.write(first, lengths.0, at: used)
    page.write(second, lengths.1, at: used + lengths.0)
    defer { used += size }
    return TextPair(page, used, used + lengths.0, used + size)
  }

  /// Keeps two texts of a datagram as they stand there; `nil` where they are not ASCII throughout.
  ///
  /// Nothing needs to be mended in what is ASCII, and it needs no string of its own in between.
  mutating func keep(
    _ first: ByteRange, _ second: ByteRange, of bytes: Span<UInt8>
  ) -> TextPair? {
    let (first, second) = (bytes.extracting(first), bytes.extracting(second))
    let size = first.count + second.count
    guard size > 0, max(first.count, second.count) <= Self.longest else { return nil }
    let page = pageWithRoom(for: size)
    let border = used + first.count
    guard page.writeASCII(first, at: used), page.writeASCII(second, at: border) else { return nil }
    defer { used += size }
    return TextPair(page, used, border, used + size)
  }

  /// Keeps `user@host` of a datagram, the host in small letters; `nil` where something in it needs to
  /// be spelled out.
  mutating func keep(
    user: ByteRange, host: ByteRange, of bytes: Span<UInt8>
  ) -> TextPair? {
    let (user, host) = (bytes.extracting(user), bytes.extracting(host))
    let size = user.count + 1 + host.count
    guard size <= Self.longest, AccountName.isPlain(user), AccountName.isPlain(host) else {
      return nil
    }
    let page = pageWithRoom(for: size)
    let border = used + user.count
    guard page.writeASCII(user, at: used), page.writeASCII(host, at: border + 1) else { return nil }
    page.writeAt(border)
    page.makeSmall(from: border + 1, to: used + size)
    defer { used += size }
    return TextPair(page, used, used + size, used + size)
  }

  private mutating func pageWithRoom(for size: Int) -> TextPage {
    if let page, used + size <= page.size { return page }
    let new = TextPage(size: max(size, Self.pageSize))
    page = new
    used = 0
    return new
  }
}

extension String {
  /// What is kept of a name or of words from the wire: a sender may write tens of thousands of them.
  static let mostKept = 256

  /// This text, cut after so many bytes of UTF-8, with a mark that it was.
  func shortened(to most: Int = Self.mostKept) -> String {
    utf8.count <= most ? self : String(decoding: utf8.prefix(most - 3), as: UTF8.self) + "…"
  }
}

/// Bytes of texts, written by one store from the beginning to the end; none that was handed out is
/// written again.
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

  /// Writes a text and says whether it is ASCII throughout.
  func writeASCII(_ text: Span<UInt8>, at start: Int) -> Bool {
    precondition(start >= 0 && start + text.count <= size, "no such place on the page")
    return text.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return true }
      (bytes + start).update(from: first, count: source.count)
      var all: UInt8 = 0
      for byte in source { all |= byte }
      return all < 0x80
    }
  }

  /// Writes an @.
  func writeAt(_ place: Int) {
    precondition(place >= 0 && place < size, "no such place on the page")
    bytes[place] = UInt8(ascii: "@")
  }

  /// Turns the capital letters of an ASCII text into small ones.
  func makeSmall(from start: Int, to end: Int) {
    precondition(0 <= start && start <= end && end <= size, "no such place on the page")
    for place in start..<end {
      let byte = bytes[place]
      bytes[place] = byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
  }

  func text(from start: Int, to end: Int) -> String {
    precondition(0 <= start && start <= end && end <= size, "no such place on the page")
    return String(
      decoding: UnsafeBufferPointer(start: bytes + start, count: end - start), as: UTF8.self)
  }
}
