import CZlib

/// Inflates gzip data piece by piece, one member after the other (RFC 1952 2.2).
final class Inflater {
  /// Where the next stored bytes are to be put before `feed`.
  let input: UnsafeMutableRawBufferPointer
  /// Whether bytes are owed: the data read so far ends inside a member.
  private(set) var isInsideMember = true
  /// zlib's words when the data does not inflate.
  private(set) var complaint: String?

  // zlib keeps a pointer back to the stream, so it must never move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Begins with bytes that were read before; `nil` when memory is short.
  init?(beginning: UnsafeRawBufferPointer) {
    let size = max(64 * 1024, beginning.count)
    input = .allocate(byteCount: size, alignment: 16)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    input.copyMemory(from: beginning)
    // 15 bits of window, and 16 more to say gzip instead of zlib framing.
    let answer = inflateInit2_(
      stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard answer == Z_OK else { return nil }
    feed(beginning.count)
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Whether everything fed was used.
  var isHungry: Bool { stream.pointee.avail_in == 0 }

  /// Takes the first `count` bytes of `input` as the next stored bytes; only when hungry.
  func feed(_ count: Int) {
    precondition(isHungry && count <= input.count)
    stream.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = UInt32(count)
  }

  /// Inflates to the front of `target`; returns how many bytes, 0 when it needs more input.
  func inflate(into target: UnsafeMutableRawBufferPointer) -> Int {
    if !isInsideMember {
      skipPadding()
      if isHungry { return 0 }
      inflateReset(stream)
      isInsideMember = true
    }
    let room = UInt32(clamping: target.count)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = room
    let answer = CZlib.inflate(stream, Z_NO_FLUSH)
    let count = Int(room - stream.pointee.avail_out)
    switch answer {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isInsideMember = false
    default: complaint = message(for: answer)
    }
    return count
  }

  /// Passes over the zeros that some writers append to fill a block, as gzip(1) does.
  private func skipPadding() {
    while let next = stream.pointee.next_in, stream.pointee.avail_in > 0, next.pointee == 0 {
      stream.pointee.next_in = next + 1
      stream.pointee.avail_in -= 1
    }
  }

  private func message(for answer: Int32) -> String {
    if let text = stream.pointee.msg { return String(cString: text) }
    return answer == Z_MEM_ERROR ? "not enough memory" : "zlib error \(answer)"
  }
}
