public import Capture

/// Turns frames into datagrams, ICMP errors and TCP segments; keeps fragments until they are whole.
///
/// Nothing is allocated for a frame that is not a fragment. Checksums are not verified: captures
/// taken on the sending host have wrong ones (offload), so they prove nothing.
public struct Decoder: ~Copyable {
  /// What could not be read, and what became of fragments.
  public internal(set) var counts = DecodeCounts()

  let limits: DecodeLimits
  var reassembler: Reassembler
  private var reassembledPayload = 0..<0

  /// Makes a decoder; `seed` fixes its hashing, which is otherwise secret and different per run.
  public init(limits: DecodeLimits = .init(), seed: UInt64? = nil) {
    self.limits = limits
    reassembler = Reassembler(limits: limits, seed: seed ?? .random(in: 0...UInt64.max))
  }

  /// Reads one frame; `bytes` are its captured bytes.
  public mutating func decode(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Decoded {
    counts.frames &+= 1
    if header.linkType == .ethernet, let datagram = plainDatagram(header, bytes) {
      return .datagram(datagram)
    }
    let window = Window(
      offset: 0, end: bytes.count, wireEnd: max(bytes.count, header.originalLength),
      layersLeft: limits.layers)
    let decoded = link(header, bytes, window)
    if case .failure(let failure) = decoded { counts.count(failure) }
    return decoded
  }

  /// The payload of the last datagram that was reassembled; valid until the next one is.
  public var reassembled: Span<UInt8> {
    @_lifetime(borrow self)
    get { reassembler.completed.span.extracting(reassembledPayload) }
  }

  /// The frames that the last datagram that was reassembled came in, the one that completed it last.
  public var reassembledFrames: [FrameReference] { reassembler.completedFrames }

  /// The payload of `datagram`, wherever it stands; `bytes` are those of the frame just decoded.
  @_lifetime(borrow self, copy bytes)
  public func payload(of datagram: Datagram, in bytes: Span<UInt8>) -> Span<UInt8> {
    datagram.isReassembled ? reassembled : bytes.extracting(datagram.payload)
  }

  /// Datagrams of which fragments are waiting for the rest.
  public var datagramsInReassembly: Int { reassembler.held }

  /// Says that no frame follows: what still waits for fragments was never completed.
  public mutating func finish() {
    reassembler.dropAll(&counts)
  }

  /// Keeps a fragment, or gives the datagram it completes.
  mutating func fragment(
    _ part: Fragment, of packet: IPPacket, _ header: FrameHeader, _ bytes: Span<UInt8>,
    _ window: Window
  ) -> Decoded {
    // What the snap length cut can never be completed: its head is all there will be of it.
    if window.isCut {
      guard part.offset == 0, part.nextHeader == Transport.udp else { return .failure(.truncated) }
      // Its UDP length counts all the fragments.
      return UDP.decode(
        packet, header.reference, bytes,
        Window(
          offset: window.offset, end: window.end, wireEnd: window.offset + ReassemblyBuffer.largest,
          layersLeft: window.layersLeft))
    }
    counts.fragments &+= 1
    let outcome = reassembler.add(
      part, of: packet, header, bytes.extracting(window.offset..<window.end), &counts)
    switch outcome {
    case .held: return .fragment
    case .impossible: return .failure(.badFragment)
    case .completed(let whole): return completed(whole)
    }
  }

  /// Reads the datagram that now stands whole in the reassembler.
  private mutating func completed(_ whole: ReassembledPacket) -> Decoded {
    let decoded = Self.transport(
      of: whole, reassembler.completed.span, extensionHeaders: limits.extensionHeaders)
    // The bytes it pointed into are gone, whatever the new ones turned out to be.
    reassembledPayload = 0..<0
    guard case .datagram(var datagram) = decoded else { return decoded }
    counts.reassembled &+= 1
    reassembledPayload = datagram.payload
    datagram.payload = 0..<datagram.payload.count
    datagram.fragments = whole.fragments
    return .datagram(datagram)
  }

  private static func transport(
    of whole: ReassembledPacket, _ bytes: Span<UInt8>, extensionHeaders limit: Int
  ) -> Decoded {
    var window = Window(offset: 0, end: bytes.count, wireEnd: bytes.count, layersLeft: 1)
    var next = whole.nextHeader
    if !whole.packet.isIPv4 {
      switch IPv6Extensions.walk(bytes, window, next, limit: limit) {
      case .upper(let upper, let rest): (next, window) = (upper, rest)
      case .fragment, .unknown: return .nothing
      case .failed(let failure): return failure
      }
    }
    guard next == Transport.udp else { return .nothing }
    return UDP.decode(whole.packet, whole.firstFragment, bytes, window)
  }
}
