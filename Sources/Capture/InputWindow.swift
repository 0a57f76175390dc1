/// The part of an input that is in memory: frames are read straight out of it, nothing is copied.
///
/// With `ByteSource` and `Inflater` the only code of this module that touches raw memory. Every
/// load and every view is checked against what the window holds.
struct InputWindow: ~Copyable {
  /// Read in one go: large enough that the system call does not count, small enough to leave room in
  /// the cache for what is kept of the messages (256 KiB cost 6 % more).
  static let blockSize = 96 * 1024
  /// The first read is small: of a hundred files given at once most wait for their turn.
  static let firstReadSize = 8 * 1024

  /// What the bytes come from.
  private(set) var source: ByteSource
  /// Position of the window's first byte in the input (in the inflated data for gzip).
  private(set) var offset: UInt64 = 0

  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var frameStart = 0
  private var frameCount = 0

  init(source: consuming ByteSource) {
    self.source = source
    // Room for the longest packet that was begun and a whole block behind it.
    memory = .allocate(byteCount: 2 * Self.blockSize + 4096, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  /// Bytes here and not yet consumed.
  var available: Int { end &- start }

  /// Whether `count` bytes are here or can be got.
  @inline(__always)
  mutating func has(_ count: Int) -> Bool {
    available >= count || fill(count)
  }

  /// The 32-bit number `position` bytes ahead.
  @inline(__always)
  func load32(at position: Int, bigEndian: Bool) -> UInt32 {
    let value = load(UInt32.self, at: position)
    return bigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
  }

  /// The 16-bit number `position` bytes ahead.
  @inline(__always)
  func load16(at position: Int, bigEndian: Bool) -> UInt16 {
    let value = load(UInt16.self, at: position)
    return bigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
  }

  /// The byte `position` bytes ahead.
  func load8(at position: Int) -> UInt8 { load(UInt8.self, at: position) }

  @inline(__always)
  private func load<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, at position: Int
  ) -> Number {
    precondition(position >= 0 && position <= available &- MemoryLayout<Number>.size)
    return memory.loadUnaligned(fromByteOffset: start &+ position, as: Number.self)
  }

  /// Remembers the `count` bytes from `position` ahead as the current frame.
  @inline(__always)
  mutating func markFrame(at position: Int, count: Int) {
    precondition(position >= 0 && count >= 0 && count <= available &- position)
    frameStart = start &+ position
    frameCount = count
  }

  /// The four numbers that begin the record ahead, whose packet becomes the current frame and is
  /// stepped over; `nil`, with nothing done, unless all of it is here and no longer than `longest`.
  ///
  /// What `has`, `load32`, `markFrame` and `consume` would do with a comparison each, in two.
  @inline(__always)
  mutating func takeRecord(
    headerSize: Int, bigEndian: Bool, longest: Int
  ) -> RecordNumbers? {
    guard headerSize >= 16, available >= headerSize else { return nil }
    let numbers = RecordNumbers(memory, at: start, bigEndian: bigEndian)
    let captured = Int(numbers.captured)
    guard captured <= longest, captured <= available &- headerSize else { return nil }
    frameStart = start &+ headerSize
    frameCount = captured
    start = frameStart &+ captured
    offset &+= UInt64(truncatingIfNeeded: headerSize &+ captured)
    return numbers
  }

  /// The bytes of the current frame; none before the first and while no frame is current.
  var frame: Span<UInt8> {
    @_lifetime(borrow self)
    get { _overrideLifetime(Span(_unsafeBytes: frameMemory), borrowing: self) }
  }

  /// The same as plain memory, for a view with the lifetime of whatever owns this window.
  var frameMemory: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: memory[frameStart..<(frameStart &+ frameCount)])
  }

  /// The `count` bytes from `position` ahead, where they are here.
  @inline(__always)
  func memory(at position: Int, count: Int) -> UnsafeRawBufferPointer? {
    guard position >= 0, count >= 0, position <= available, count <= available &- position else {
      return nil
    }
    let first = start &+ position
    return UnsafeRawBufferPointer(rebasing: memory[first..<(first &+ count)])
  }

  /// Steps over `count` bytes that are here.
  @inline(__always)
  mutating func consume(_ count: Int) {
    precondition(count >= 0 && count <= available)
    start &+= count
    offset &+= UInt64(count)
  }

  /// Takes the bytes here as the beginning of gzip data, and from here on gives what they inflate to.
  mutating func inflate() {
    source.inflate(beginning: UnsafeRawBufferPointer(rebasing: memory[start..<end]))
    end = start
  }

  /// Gives file and memory back; nothing is available any more.
  mutating func release() {
    source.close()
    memory.deallocate()
    memory = .allocate(byteCount: 0, alignment: 16)
    (start, end, frameStart, frameCount) = (0, 0, 0, 0)
  }

  /// Moves the tail to the front and reads on until `count` bytes are here; false when they never will be.
  @inline(never)
  private mutating func fill(_ count: Int) -> Bool {
    (frameStart, frameCount) = (0, 0)
    makeRoom(for: count)
    while available < count {
      let limit = offset == 0 && end == 0 ? Self.firstReadSize : Self.blockSize
      let upper = min(memory.count, end + limit)
      let got = source.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[end..<upper]))
      if got == 0 { return false }
      end += got
    }
    return true
  }

  private mutating func makeRoom(for count: Int) {
    let tail = memory[start..<end]
    if count <= memory.count {
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: tail))
    } else {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: tail))
      memory.deallocate()
      memory = larger
    }
    end -= start
    start = 0
  }
}

/// What the header of a classic pcap record says (draft-ietf-opsawg-pcap, section 5).
struct RecordNumbers {
  let seconds: UInt32
  let fraction: UInt32
  let captured: UInt32
  let original: UInt32

  // The caller has seen that sixteen bytes are there.
  @inline(__always)
  fileprivate init(_ memory: UnsafeMutableRawBufferPointer, at start: Int, bigEndian: Bool) {
    let words = memory.loadUnaligned(fromByteOffset: start, as: SIMD4<UInt32>.self)
    if bigEndian {
      seconds = UInt32(bigEndian: words[0])
      fraction = UInt32(bigEndian: words[1])
      captured = UInt32(bigEndian: words[2])
      original = UInt32(bigEndian: words[3])
    } else {
      seconds = UInt32(littleEndian: words[0])
      fraction = UInt32(littleEndian: words[1])
      captured = UInt32(littleEndian: words[2])
      original = UInt32(littleEndian: words[3])
    }
  }
}
