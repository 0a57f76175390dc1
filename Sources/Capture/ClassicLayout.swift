/// How the packets of one classic pcap file are written, as its file header says.
///
/// draft-ietf-opsawg-pcap, section 4 (file header) and 5 (packet record).
struct ClassicLayout {
  /// Bytes of the file header.
  static let fileHeaderSize = 24

  var bigEndian: Bool
  /// 1 or 1000: what the record's fraction counts.
  var nanosecondsPerUnit: Int64
  /// 16, or 24 for the "modified" format of an old Linux libpcap, which adds interface and protocol.
  var recordHeaderSize: Int
  var linkType = LinkType.null

  /// Recognises the four first bytes, read as a little-endian number; `nil` when they are not pcap's.
  init?(magic: UInt32) {
    let known: UInt32
    switch magic {
    case 0xa1b2_c3d4, 0xa1b2_3c4d, 0xa1b2_cd34: (known, bigEndian) = (magic, false)
    default: (known, bigEndian) = (magic.byteSwapped, true)
    }
    switch known {
    case 0xa1b2_c3d4: (nanosecondsPerUnit, recordHeaderSize) = (1000, 16)
    case 0xa1b2_3c4d: (nanosecondsPerUnit, recordHeaderSize) = (1, 16)
    case 0xa1b2_cd34: (nanosecondsPerUnit, recordHeaderSize) = (1000, 24)
    default: return nil
    }
  }

  /// The instant of a record; 32 bits of seconds and of either unit cannot overflow.
  @inline(__always)
  func time(seconds: UInt32, fraction: UInt32) -> Timestamp {
    Timestamp(
      nanoseconds: Int64(seconds) &* 1_000_000_000 &+ Int64(fraction) &* nanosecondsPerUnit)
  }
}

extension LinkType {
  /// The type a file states: without the frame-check bits above it, and raw IP under one number.
  ///
  /// draft-ietf-opsawg-pcap section 4: the upper bits say how long the frame check sequence is.
  /// Some systems wrote their own DLT_RAW (12 on Linux, 14 on OpenBSD) instead of LINKTYPE_RAW.
  init(stated field: UInt32) {
    let number = field & 0x03ff_ffff
    self = number == 12 || number == 14 ? .raw : LinkType(rawValue: number)
  }
}
