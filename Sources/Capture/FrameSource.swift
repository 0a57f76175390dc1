/// One opened capture as a sequence of frames: the loop inside `CaptureReader`.
///
/// A noncopyable value, so that the compiler checks exclusive access once and not at run time for
/// every field of every frame.
struct FrameSource: ~Copyable {
  /// What any capture program writes at most (tcpdump's and Wireshark's greatest snap length).
  static let longestPacket = 262_144

  enum Layout {
    case classic(ClassicLayout)
    case blocks
  }

  let name: String
  let file: UInt32
  let isGzip: Bool
  let layout: Layout
  var window: InputWindow
  var section = BlockSection()
  /// Lost packets that sections before the current one stated.
  var pastDrops: UInt64?
  var linkTypes: [LinkType] = []
  var framesRead: UInt64 = 0
  var failure: CaptureError?
  /// Where the frame stands whose number, from 0, is next to be looked at ahead; 0 for none.
  var ahead: (number: UInt64, offset: UInt64) = (0, 0)
  private var lastTime = Timestamp(nanoseconds: 0)
  private var hasEnded = false

  /// Opens the input and reads its file header or first section header.
  ///
  /// When that section header is broken `failure` is set already.
  static func open(path: String, file: UInt32) throws(CaptureError) -> FrameSource {
    var window = InputWindow(source: try ByteSource(path: path))
    let isGzip = try window.beginInput(name: path)
    let layout = try window.recognise(name: path)
    return FrameSource(name: path, file: file, isGzip: isGzip, layout: layout, window: window)
  }

  private init(
    name: String, file: UInt32, isGzip: Bool, layout: Layout, window: consuming InputWindow
  ) {
    self.name = name
    self.file = file
    self.isGzip = isGzip
    self.layout = layout
    self.window = window
    switch layout {
    case .classic(let classic):
      self.window.consume(ClassicLayout.fileHeaderSize)
      linkTypes = [classic.linkType]
    case .blocks:
      _ = readSectionHeader()
    }
  }

  /// The next frame, whose bytes are then in `window.frame`; `nil` at the end and when broken.
  @inline(__always)
  mutating func next() -> FrameHeader? {
    if hasEnded { return nil }
    let header =
      switch layout {
      case .classic(let classic): nextRecord(classic)
      case .blocks: nextPacketBlock()
      }
    if header == nil { end() }
    return header
  }

  private mutating func end() {
    hasEnded = true
    window.release()
  }

  @inline(__always)
  private mutating func nextRecord(_ layout: ClassicLayout) -> FrameHeader? {
    let record = window.takeRecord(
      headerSize: layout.recordHeaderSize, bigEndian: layout.bigEndian, longest: Self.longestPacket)
    return record.map { count($0, layout) } ?? nextRecordBehindWindow(layout)
  }

  // The next record where it is not in memory as a whole, or not at all, or makes no sense.
  @inline(never)
  private mutating func nextRecordBehindWindow(_ layout: ClassicLayout) -> FrameHeader? {
    let headerSize = layout.recordHeaderSize
    guard window.has(headerSize) else { return endOrTear(wanted: headerSize, inFrame: true) }
    let captured = Int(window.load32(at: 8, bigEndian: layout.bigEndian))
    guard captured <= Self.longestPacket else {
      return fail(.packetTooLong(length: captured, limit: Self.longestPacket), inFrame: true)
    }
    guard window.has(headerSize &+ captured) else {
      return endOrTear(wanted: headerSize &+ captured, inFrame: true)
    }
    let record = window.takeRecord(
      headerSize: headerSize, bigEndian: layout.bigEndian, longest: Self.longestPacket)
    return record.map { count($0, layout) }
  }

  @inline(__always)
  private mutating func count(_ record: RecordNumbers, _ layout: ClassicLayout) -> FrameHeader {
    count(
      time: layout.time(seconds: record.seconds, fraction: record.fraction),
      linkType: layout.linkType, captured: Int(record.captured), original: Int(record.original))
  }

  /// Counts a frame and describes it.
  @inline(__always)
  mutating func count(
    time: Timestamp?, linkType: LinkType, captured: Int, original: Int
  ) -> FrameHeader {
    framesRead &+= 1
    if let time { lastTime = time }
    return FrameHeader(
      reference: FrameReference(file: file, number: UInt32(clamping: framesRead)),
      time: lastTime, linkType: linkType, capturedLength: captured, originalLength: original,
      hasTime: time != nil)
  }

  /// Tells the clean end from one in the middle of something that wants `count` bytes.
  mutating func endOrTear(wanted count: Int, inFrame: Bool) -> FrameHeader? {
    if let trouble = window.source.trouble {
      return fail(trouble, inFrame: false)
    }
    let left = window.available
    return left == 0 ? nil : fail(.torn(wanted: count, got: left), inFrame: inFrame)
  }

  /// Records why this input cannot be read on; what was read before stays valid.
  @discardableResult
  mutating func fail(_ kind: CaptureError.Kind, inFrame: Bool) -> FrameHeader? {
    failure = CaptureError(
      kind: kind, name: name, frame: inFrame ? framesRead + 1 : nil, offset: window.offset)
    return nil
  }
}

extension InputWindow {
  /// Reads the first bytes and inflates from there when they are gzip's; tells whether they are.
  fileprivate mutating func beginInput(name: String) throws(CaptureError) -> Bool {
    _ = has(4)
    if let trouble = source.trouble { throw CaptureError(kind: trouble, name: name) }
    guard available > 0 else { throw CaptureError(kind: .empty, name: name) }
    // RFC 1952 2.3.1: ID1, ID2.
    guard available >= 2, load16(at: 0, bigEndian: true) == 0x1f8b else { return false }
    inflate()
    _ = has(4)
    if available < 4, let trouble = source.trouble {
      throw CaptureError(kind: trouble, name: name)
    }
    guard available > 0 else { throw CaptureError(kind: .empty, name: name) }
    return true
  }

  /// Which format the first bytes begin; for classic pcap the file header is read (not consumed).
  fileprivate mutating func recognise(name: String) throws(CaptureError) -> FrameSource.Layout {
    guard available >= 4 else { throw notACapture(name: name) }
    let magic = load32(at: 0, bigEndian: false)
    if magic == BlockSection.BlockType.sectionHeader { return .blocks }
    guard var classic = ClassicLayout(magic: magic) else { throw notACapture(name: name) }
    guard has(ClassicLayout.fileHeaderSize) else {
      let kind =
        source.trouble ?? .torn(wanted: ClassicLayout.fileHeaderSize, got: available)
      throw CaptureError(kind: kind, name: name, offset: 0)
    }
    let major = load16(at: 4, bigEndian: classic.bigEndian)
    let minor = load16(at: 6, bigEndian: classic.bigEndian)
    // Before 2.4 the two lengths of a record stood in either order.
    guard major == 2, minor >= 4 else {
      throw CaptureError(
        kind: .unsupportedVersion(format: "pcap", major: major, minor: minor), name: name)
    }
    classic.linkType = LinkType(stated: load32(at: 20, bigEndian: classic.bigEndian))
    return .classic(classic)
  }

  private func notACapture(name: String) -> CaptureError {
    let beginning = (0..<min(4, available)).map { load8(at: $0) }
    let kind: CaptureError.Kind =
      switch beginning {
      case [0x28, 0xb5, 0x2f, 0xfd]: .compressed(method: "zstd")
      case [0xfd, 0x37, 0x7a, 0x58]: .compressed(method: "xz")
      case [0x04, 0x22, 0x4d, 0x18]: .compressed(method: "lz4")
      case [0x50, 0x4b, 0x03, 0x04]: .compressed(method: "zip")
      default:
        beginning.starts(with: [0x42, 0x5a, 0x68])
          ? .compressed(method: "bzip2") : .notACapture(beginning: beginning)
      }
    return CaptureError(kind: kind, name: name)
  }
}
