import CLibpcap
public import Capture

/// Why a filter expression cannot be used, in libpcap's words.
public struct FilterError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The expression as given.
  public var expression: String
  /// What libpcap says of it.
  public var message: String

  /// Describes a refusal.
  public init(expression: String, message: String) {
    self.expression = expression
    self.message = message
  }

  /// One line: the expression and what is wrong with it.
  public var description: String { "filter '\(expression)': \(message)" }
}

/// A capture filter in pcap-filter(7) syntax, compiled for one link type.
public final class PacketFilter {
  /// The longest packet a capture program writes.
  public static let greatestSnapLength = 262_144

  private var program = bpf_program()

  /// Compiles `expression` for packets of `linkType`; throws with libpcap's own message.
  public init(
    expression: String, linkType: LinkType, snapLength: Int = PacketFilter.greatestSnapLength
  ) throws(FilterError) {
    // The program returns the snap length for a match, so 0 would match nothing.
    let snapLength = Int32(clamping: snapLength > 0 ? snapLength : Self.greatestSnapLength)
    guard let handle = pcap_open_dead(linkType.dataLinkType, snapLength) else {
      throw FilterError(expression: expression, message: "not enough memory")
    }
    defer { pcap_close(handle) }
    // Without the netmask of an interface "ip broadcast" cannot be told: libpcap says so.
    guard pcap_compile(handle, &program, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
      let message = pcap_geterr(handle).map { String(cString: $0) } ?? "cannot be compiled"
      throw FilterError(expression: expression, message: message)
    }
  }

  deinit {
    pcap_freecode(&program)
  }

  /// Whether the frame `header` with these `bytes` passes.
  public func matches(_ header: FrameHeader, _ bytes: Span<UInt8>) -> Bool {
    var packet = pcap_pkthdr()
    packet.caplen = UInt32(clamping: bytes.count)
    packet.len = UInt32(clamping: header.originalLength)
    return bytes.withUnsafeBufferPointer { bytes in
      // An empty frame has no address, and no filter reads it then.
      guard let start = bytes.baseAddress else {
        var nothing: UInt8 = 0
        return pcap_offline_filter(&program, &packet, &nothing) != 0
      }
      return pcap_offline_filter(&program, &packet, start) != 0
    }
  }
}

extension LinkType {
  /// libpcap's DLT_ number on this system where it is not the file format's number.
  fileprivate var dataLinkType: Int32 {
    switch rawValue {
    case 100: DLT_ATM_RFC1483
    case 101: DLT_RAW
    case 102: DLT_SLIP_BSDOS
    case 103: DLT_PPP_BSDOS
    case 106: DLT_ATM_CLIP
    default: Int32(clamping: rawValue)
    }
  }

  /// The file format's number for libpcap's DLT_ number of this system.
  init(dataLinkType: Int32) {
    let all: [UInt32] = [100, 101, 102, 103, 106]
    self =
      all.map { LinkType(rawValue: $0) }.first { $0.dataLinkType == dataLinkType }
      ?? LinkType(rawValue: UInt32(clamping: dataLinkType))
  }
}
