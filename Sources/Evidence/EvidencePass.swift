public import Capture
import Decode
public import Rules

/// Picks the frames that findings name out of a second reading of the captures.
///
/// Give it every frame in the order of the first reading, then let it write: a pcapng file with
/// these frames and the fragments they were made of, each with comments that say which finding it
/// proves and how. Memory grows with the evidence, not with the captures, and up to a limit.
public struct EvidencePass: ~Copyable {
  private let comments: EvidenceComments
  private let files: [String]
  private var decoder: Decoder
  private var fragments: FragmentStore
  private var picked: [EvidenceFile.Packet] = []
  private var found = 0
  private var framesRead: UInt64 = 0
  private let mostBytes: Int
  private var bytesHeld = 0
  private var leftOut = 0

  /// Bytes of frames that are kept unless told otherwise: of frames of 600 bytes some 160,000, more
  /// than anybody looks at, while strangers may send a thousand findings a frame of 64 KiB each.
  public static let mostBytes = 128 << 20
  /// What a frame takes beside its bytes, about: its header, its place and its comments.
  private static let costOfFrame = 256

  /// Prepares for the evidence of all findings of `diagnosis`; frames beyond `mostBytes` are left
  /// out, the later ones.
  public init(diagnosis: Diagnosis, mostBytes: Int = Self.mostBytes) {
    self.mostBytes = mostBytes
    comments = EvidenceComments(diagnosis)
    files = diagnosis.capture.files.map(\.name)
    let limits = DecodeLimits()
    decoder = Decoder(limits: limits)
    // A fragment of 8 bytes comes in a frame of 42; most come in far less than double their own.
    fragments = FragmentStore(mostBytes: 2 * limits.bytesInReassembly)
  }

  /// How many of the frames that findings name have not come.
  private var missing: Int { comments.frames - found }

  /// Takes in one frame.
  public mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    framesRead += 1
    guard header.hasTime else { return }
    let decoded = decoder.decode(header, bytes)
    if comments.name(header.reference) {
      found += 1
      pick(stored(header, bytes), comments.comments(on: header.reference))
      if case .datagram(let datagram) = decoded, datagram.isReassembled {
        pickFragments(completedBy: header.reference)
      }
    } else if case .fragment = decoded {
      fragments.keep(stored(header, bytes))
    }
  }

  /// Says that no frame follows, and gives the file.
  public consuming func finish() -> EvidenceFile {
    EvidenceFile(
      picked.sorted { $0.place < $1.place }, from: files, missing: missing, leftOut: leftOut)
  }

  private mutating func pickFragments(completedBy last: FrameReference) {
    for reference in decoder.reassembledFrames where reference != last {
      guard let frame = fragments.take(reference) else { continue }
      pick(frame, comments.comments(on: reference, partOf: last))
    }
  }

  private mutating func pick(_ frame: FragmentStore.Stored, _ comments: [String]) {
    let cost = frame.bytes.count + Self.costOfFrame
    guard bytesHeld + cost <= mostBytes else {
      leftOut += 1
      return
    }
    bytesHeld += cost
    picked.append(
      EvidenceFile.Packet(
        header: frame.header, bytes: frame.bytes, place: frame.place, comments: comments))
  }

  private func stored(_ header: FrameHeader, _ bytes: Span<UInt8>) -> FragmentStore.Stored {
    FragmentStore.Stored(
      header: header, bytes: bytes.withUnsafeBufferPointer(Array.init), place: framesRead)
  }
}
