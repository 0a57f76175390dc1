public import Capture
public import Decode

/// A frame with everything replaced that says whose it is.
public struct RedactedFrame: Sendable {
  /// What the capture says of it; the lengths are the new ones.
  public var header: FrameHeader
  /// Its bytes.
  public var bytes: [UInt8]
}

/// Replaces names, numbers and addresses in frames before anything else sees them.
///
/// Equal texts become equal ones, in every frame and under one key in every capture, so that an
/// analysis finds in the redacted frames what it would have found in the original ones. Give it
/// every frame in order with `take`, and fetch what is ready with `next`: frames come out in the
/// same order, but behind a fragment they wait until its datagram is whole or given up.
public struct Redactor: ~Copyable {
  private let names: Pseudonyms
  private var decoder: Decoder
  private var rewriter: FrameRewriter
  private var queue: FragmentQueue
  private var ready: [RedactedFrame] = []
  private var delivered = 0

  /// Makes a redactor with a secret key, of which 16 bytes are enough and fewer too few.
  ///
  /// With `remembersAll` the map has every text that was replaced, and memory grows with them;
  /// without it Call-IDs, tags and the like are left out. `keepaliveText` is the text that the
  /// switch is set to send, which stays.
  public init(key: [UInt8], remembersAll: Bool = false, keepaliveText: String = "HELLO") {
    names = Pseudonyms(key: key, remembersAll: remembersAll)
    let limits = DecodeLimits()
    queue = FragmentQueue(timeout: limits.reassemblyTimeout)
    decoder = Decoder(limits: limits)
    rewriter = FrameRewriter(names: names, keepaliveText: Array(keepaliveText.utf8))
  }

  /// A key nobody can guess.
  public static func randomKey() -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<32).map { _ in generator.next() }
  }

  /// The bytes a key must at least have.
  public static let shortestKey = 16

  /// What was replaced by what so far.
  public var map: RedactionMap { RedactionMap(names) }

  /// What stands for `address` in the redacted frames.
  public func replacement(for address: IPAddress) -> IPAddress { names.address(address) }

  // MARK: Frames

  /// Takes in one frame.
  public mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    let frame = bytes.withUnsafeBufferPointer(Array.init)
    let decoded = decoder.decode(header, bytes)
    var isFragment = false
    var isLast = false
    switch decoded {
    case .fragment: isFragment = true
    case .datagram(let datagram) where datagram.isReassembled: (isFragment, isLast) = (true, true)
    default: break
    }
    if !isFragment, queue.isEmpty { return release(header, frame, nil) }
    var fragment: MetFragment?
    if isFragment {
      _ = rewriter.rewrite(header, frame)
      fragment = rewriter.fragment
    }
    queue.append(header, frame, fragment)
    if isLast { settle() }
    while let entry = queue.next(at: header.time) {
      release(entry.header, entry.bytes, entry.piece)
    }
  }

  /// Says that no frame follows: what still waits for fragments is given up.
  public mutating func finish() {
    while let entry = queue.next(at: nil) { release(entry.header, entry.bytes, entry.piece) }
  }

  /// The next redacted frame; `nil` while none is ready.
  public mutating func next() -> RedactedFrame? {
    guard delivered < ready.count else {
      ready.removeAll(keepingCapacity: true)
      delivered = 0
      return nil
    }
    delivered += 1
    return ready[delivered - 1]
  }

  private mutating func release(_ header: FrameHeader, _ bytes: [UInt8], _ piece: FragmentPiece?) {
    let redacted = rewriter.rewrite(header, bytes, piece)
    var header = header
    header.originalLength += redacted.count - bytes.count
    header.capturedLength = redacted.count
    ready.append(RedactedFrame(header: header, bytes: redacted))
  }

  /// Redacts the datagram that became whole last, and settles its frames.
  private mutating func settle() {
    let frames = Set(decoder.reassembledFrames)
    let arrived = queue.parts(in: frames)
    let parts = FragmentCutting.ordered(arrived)
    queue.settle(frames, parts, redacted(parts, FragmentCutting.whole(arrived)))
  }

  private mutating func redacted(
    _ parts: [MetFragment], _ whole: [UInt8]?
  ) -> [FragmentPiece]? {
    guard let first = parts.first, first.transport == Transport.udp, let whole else { return nil }
    let half = first.ends.count / 2
    let ends = Ends(
      new: rewriter.address(first.ends[..<half]) + rewriter.address(first.ends[half...]),
      isIPv4: first.ends.count == 8)
    let datagram = Part(bytes: whole[...], missing: 0, layersLeft: rewriter.limits.layers)
    let redacted = rewriter.udp(
      ends, datagram, fewestBytes: FragmentCutting.fewestBytes(parts.count))
    return FragmentCutting.pieces(of: redacted, for: parts)
  }
}
