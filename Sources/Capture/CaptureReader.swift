/// One input read as frames: classic pcap or pcapng, gzipped or not, told apart by content.
///
/// Reads straight ahead, so pipes work; memory does not grow with the input. A torn tail or a
/// damaged block ends the sequence with `failure` set, and every frame before it was delivered.
public final class CaptureReader {
  // Checked exclusivity would cost a third of the loop; nothing called from inside comes back here.
  @exclusivity(unchecked) private var source: FrameSource

  /// Opens the file `path`, `-` for standard input; `file` is its index in what `next()` returns.
  ///
  /// Throws when the input cannot be opened, is a directory or empty, or begins no capture.
  public init(path: String, file: UInt32) throws(CaptureError) {
    let source = try FrameSource.open(path: path, file: file)
    if let failure = source.failure { throw failure }
    self.source = source
  }

  /// The next frame; `nil` at the end and when the input broke off, which `failure` tells apart.
  public func next() -> FrameHeader? {
    source.next()
  }

  /// The current frame's bytes, valid until `next()` is called; empty when there is none.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { _overrideLifetime(source.window.frame, borrowing: self) }
  }

  /// Where the frame stands that comes after `count` others, if it is in memory already.
  func frameMemory(after count: Int) -> UnsafeRawBufferPointer? { source.frame(after: count) }

  /// The current frame's place in memory, for a view that lives as long as another object.
  var frameMemory: UnsafeRawBufferPointer { source.window.frameMemory }

  /// Why the input could not be read to its end; `nil` while it could.
  public var failure: CaptureError? { source.failure }

  /// The input as the user named it.
  public var name: String { source.name }

  /// The index given when opening.
  public var file: UInt32 { source.file }

  /// What it was recognised as: `pcap`, `pcapng`, `pcap.gz` or `pcapng.gz`.
  public var format: String {
    let suffix = source.isGzip ? ".gz" : ""
    return switch source.layout {
    case .classic: "pcap" + suffix
    case .blocks: "pcapng" + suffix
    }
  }

  /// Frames delivered so far.
  public var framesRead: UInt64 { source.framesRead }

  /// Bytes taken from the input so far, as stored: for gzip before inflating.
  public var bytesRead: UInt64 { source.window.source.bytesRead }

  /// Bytes of the input as stored; `nil` for a pipe.
  public var size: UInt64? { source.window.source.size }

  /// The link types that headers have announced so far, in that order; of more than a hundred the
  /// first.
  public var linkTypes: [LinkType] { source.linkTypes }

  /// Packets that the capturing machine says it lost (pcapng statistics so far); `nil` when it says nothing.
  public var drops: UInt64? { sum(source.pastDrops, source.section.drops) }
}
