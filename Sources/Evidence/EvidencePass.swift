public import Capture
import Decode
public import Reports
public import Rules

/// Picks the frames that findings name out of a second reading of the captures.
///
/// Give it every frame in the order of the first reading, then let it write: a pcapng file with
/// these frames and the fragments they were made of, each with comments that say which finding it
/// proves and how. Memory grows with the evidence, not with the captures.
public struct EvidencePass: ~Copyable {
  private struct Picked {
    var frame: FragmentStore.Stored
    var comments: [String]
  }

  private let comments: EvidenceComments
  private let files: [String]
  private var decoder: Decoder
  private var fragments: FragmentStore
  private var picked: [Picked] = []
  private var found = 0
  private var framesRead: UInt64 = 0

  /// Prepares for the evidence of all findings of `diagnosis`.
  public init(diagnosis: Diagnosis) {
    comments = EvidenceComments(diagnosis)
    files = diagnosis.capture.files.map(\.name)
    let limits = DecodeLimits()
    decoder = Decoder(limits: limits)
    // A fragment of 8 bytes comes in a frame of 42; most come in far less than double their own.
    fragments = FragmentStore(mostBytes: 2 * limits.bytesInReassembly)
  }

  /// How many of the frames that findings name have not come.
  public var missing: Int { comments.frames - found }

  /// Takes in one frame.
  public mutating func take(_ header: FrameHeader, _ bytes: Span<UInt8>) {
    framesRead += 1
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

  /// Writes the file to `sink`.
  public consuming func finish<Sink: ReportSink>(to sink: inout Sink) throws(Sink.Failure) {
    let names = files.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
    var writer = PacketBlockWriter(
      application: "regsift \(regsiftVersion)",
      comment: "The frames that the findings of regsift \(regsiftVersion) name, from: \(names)"
        .onOneLine)
    picked.sort { $0.frame.place < $1.frame.place }
    for picked in picked {
      writer.write(picked.frame.header, picked.frame.bytes, comments: picked.comments)
      if writer.bytes.count >= Self.piece { try sink.write(writer.drain().span) }
    }
    try sink.write(writer.drain().span)
  }

  /// The file is handed on in pieces of about this size.
  private static var piece: Int { 64 * 1024 }

  private mutating func pickFragments(completedBy last: FrameReference) {
    for reference in decoder.reassembledFrames where reference != last {
      guard let frame = fragments.take(reference) else { continue }
      pick(frame, comments.comments(on: reference, partOf: last))
    }
  }

  private mutating func pick(_ frame: FragmentStore.Stored, _ comments: [String]) {
    picked.append(Picked(frame: frame, comments: comments))
  }

  private func stored(_ header: FrameHeader, _ bytes: Span<UInt8>) -> FragmentStore.Stored {
    FragmentStore.Stored(
      header: header, bytes: bytes.withUnsafeBufferPointer(Array.init), place: framesRead)
  }
}
