/// Why an input cannot be read, or not any further: file, frame or offset, what was wanted and found.
///
/// Thrown when an input is no capture at all; kept in `CaptureReader.failure` when a capture broke
/// off after some frames, which stay valid.
public struct CaptureError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// open(2) refused; the number is errno's.
    case cannotOpen(errno: Int32)
    /// read(2) failed; the number is errno's.
    case cannotRead(errno: Int32)
    /// The name is a directory's.
    case directory
    /// There is not one byte.
    case empty
    /// The first bytes are those of no capture format.
    case notACapture(beginning: [UInt8])
    /// The first bytes are those of a compression this module does not read.
    case compressed(method: String)
    /// A capture format of a version that is laid out otherwise.
    case unsupportedVersion(format: String, major: UInt16, minor: UInt16)
    /// The input ends inside a header, packet or block.
    case torn(wanted: Int, got: Int)
    /// A packet says it is longer than any capture program writes.
    case packetTooLong(length: Int, limit: Int)
    /// A pcapng block's length is impossible.
    case badBlockLength(length: Int, shortest: Int, longest: Int)
    /// The length after a pcapng block is not the one before it.
    case blockLengthsDiffer(before: Int, after: Int)
    /// A packet's bytes do not fit in the pcapng block that holds it.
    case packetPastBlock(wanted: Int, got: Int)
    /// A pcapng section begins with neither byte order's mark.
    case badByteOrderMark(UInt32)
    /// A packet names an interface that its pcapng section has not described.
    case unknownInterface(number: Int, described: Int)
    /// A pcapng section describes more interfaces than this module keeps.
    case tooManyInterfaces(limit: Int)
    /// The frames' link type is none the program decodes; for who reads the frames to say, not the reader.
    case unknownLinkType(LinkType)
    /// The gzip data ends before its own end mark.
    case gzipTorn
    /// The gzip data does not inflate; the text is zlib's.
    case gzipDamaged(String)
  }

  /// What is wrong.
  public var kind: Kind
  /// The input as the user named it; `-` for standard input.
  public var name: String
  /// 1-based position of the packet that could not be read; `nil` when the trouble is no packet's.
  public var frame: UInt64?
  /// Where the broken part begins, in bytes from 0 (of the inflated data for gzip); `nil` when nothing was read.
  public var offset: UInt64?

  /// Describes a failure.
  public init(kind: Kind, name: String, frame: UInt64? = nil, offset: UInt64? = nil) {
    self.kind = kind
    self.name = name
    self.frame = frame
    self.offset = offset
  }
}

extension CaptureError: CustomStringConvertible {
  /// One line: the input, where in it, what is wrong.
  public var description: String {
    var text = name == "-" ? "standard input" : name.onOneLine
    switch (frame, offset) {
    case (let frame?, let offset?): text += ": frame \(frame) at byte \(offset)"
    case (let frame?, nil): text += ": frame \(frame)"
    case (nil, let offset?): text += ": at byte \(offset)"
    case (nil, nil): break
    }
    return text + ": " + reason
  }

  /// What is wrong, without the place.
  public var reason: String {
    switch kind {
    case .cannotOpen(let number): "cannot open: \(systemMessage(number))"
    case .cannotRead(let number): "cannot read: \(systemMessage(number))"
    case .directory: "is a directory, not a capture"
    case .empty: "is empty, not a capture"
    case .notACapture(let beginning):
      "is not a capture: wanted pcap or pcapng, either gzipped or not, but it begins with \(hex(beginning))"
    case .compressed(let method): "is compressed with \(method), only gzip is read as it is"
    case .unsupportedVersion(let format, let major, let minor):
      "is \(format) of version \(major).\(minor), which is not readable"
    case .torn(let wanted, let got): "breaks off: \(wanted) bytes wanted, \(got) left"
    case .packetTooLong(let length, let limit):
      "damaged: a packet of \(length) bytes, longer than the \(limit) any capture holds"
    case .badBlockLength(let length, let shortest, let longest):
      "damaged: a block of \(length) bytes; wanted \(shortest) to \(longest), a multiple of 4"
    case .blockLengthsDiffer(let before, let after):
      "damaged: a block of \(before) bytes that ends with the length \(after)"
    case .packetPastBlock(let wanted, let got):
      "damaged: a packet of \(wanted) bytes in a block with room for \(got)"
    case .badByteOrderMark(let mark):
      "damaged: a section whose byte-order mark is 0x\(String(mark, radix: 16))"
    case .unknownInterface(let number, let described):
      "damaged: a packet of interface \(number), while the section describes \(described)"
    case .tooManyInterfaces(let limit): "more than \(limit) interfaces in one section"
    case .unknownLinkType(let type): "link type \(type.rawValue) cannot be decoded"
    case .gzipTorn: "breaks off: the gzip data has no end"
    case .gzipDamaged(let message): "damaged gzip data: \(message)"
    }
  }
}

extension String {
  /// This text with controls and marks of direction spelled out, so that a file's name can neither
  /// break the line nor turn it around.
  fileprivate var onOneLine: String {
    var line = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        line += scalar.escaped(asASCII: true)
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }
}

private func hex(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
}
