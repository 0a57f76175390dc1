import Capture
public import Reports

/// The frames that findings name, with what they prove: a pcapng file to be written.
public struct EvidenceFile: Sendable {
  struct Packet: Sendable {
    var header: FrameHeader
    var bytes: [UInt8]
    /// How many frames were read before it.
    var place: UInt64
    var comments: [String]
  }

  /// The file is handed on in pieces of about this size.
  private static let piece = 64 * 1024

  /// How many of the frames that findings name have not come.
  public let missing: Int
  /// How many packets came and are not in the file, since it would not have been held in memory.
  public let leftOut: Int
  /// Whether frames are missing or left out.
  public var isIncomplete: Bool { missing > 0 || leftOut > 0 }
  private let packets: [Packet]
  private let files: [String]

  init(_ packets: [Packet], from files: [String], missing: Int, leftOut: Int) {
    self.packets = packets
    self.files = files
    self.missing = missing
    self.leftOut = leftOut
  }

  /// Writes the file to `sink`.
  public func write<Sink: ReportSink>(to sink: inout Sink) throws(Sink.Failure) {
    let names = files.map { $0 == "-" ? "standard input" : $0 }.joined(separator: ", ")
    var writer = PacketBlockWriter(
      application: "regsift \(regsiftVersion)",
      comment: Visible.text(
        "The frames that the findings of regsift \(regsiftVersion) name, from: \(names)"))
    for packet in packets {
      writer.write(packet.header, packet.bytes, comments: packet.comments)
      if writer.bytes.count >= Self.piece { try sink.write(writer.drain().span) }
    }
    try sink.write(writer.drain().span)
  }
}
