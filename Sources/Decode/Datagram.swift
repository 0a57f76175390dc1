public import Capture

/// A UDP datagram as it crossed the wire, whole again if it came in fragments.
public struct Datagram: Hashable, Sendable {
  /// Who sent it.
  public var source: Endpoint
  /// Whom it was sent to.
  public var destination: Endpoint
  /// Where its payload stands: in the frame's bytes, or in `Decoder.reassembled` when `isReassembled`.
  public var payload: Range<Int>
  /// Whether payload bytes are missing because the snap length cut them off.
  public var isCut: Bool
  /// Time to live (IPv4) or hop limit (IPv6).
  public var ttl: UInt8
  /// Type of service (IPv4) or traffic class (IPv6), DSCP and ECN together.
  public var trafficClass: UInt8
  /// IPv4 identification or that of an IPv6 fragment header; 0 where there is none.
  public var identification: UInt32
  /// How many frames it was made of; 1 when it was not fragmented.
  public var fragments: Int
  /// The earliest frame that carried a part of it; the frame itself when it was not fragmented.
  public var firstFragment: FrameReference

  /// Whether the payload is in `Decoder.reassembled`, not in the frame's bytes.
  public var isReassembled: Bool { fragments > 1 }

  /// Stands for none, with no payload.
  public static let none = Datagram(
    source: Endpoint(address: IPAddress(high: 0, low: 0), port: 0),
    destination: Endpoint(address: IPAddress(high: 0, low: 0), port: 0), payload: 0..<0,
    firstFragment: .earlier)

  /// Describes one datagram.
  public init(
    source: Endpoint, destination: Endpoint, payload: Range<Int>, isCut: Bool = false,
    ttl: UInt8 = 64, trafficClass: UInt8 = 0, identification: UInt32 = 0, fragments: Int = 1,
    firstFragment: FrameReference
  ) {
    self.source = source
    self.destination = destination
    self.payload = payload
    self.isCut = isCut
    self.ttl = ttl
    self.trafficClass = trafficClass
    self.identification = identification
    self.fragments = fragments
    self.firstFragment = firstFragment
  }
}

/// What one frame turned out to be.
public enum Decoded: Hashable, Sendable {
  /// A UDP datagram, complete but for what the snap length cut off.
  case datagram(Datagram)
  /// An ICMP or ICMPv6 error about a UDP datagram.
  case icmp(ICMPError)
  /// A part of a datagram, kept until the rest comes.
  case fragment
  /// A TCP segment: looked at only to say that SIP over TCP or TLS is there.
  case tcp(TCPSegment)
  /// Nothing that could carry SIP: ARP, another transport, an answer to a ping.
  case nothing
  /// A frame that could not be read.
  case failure(DecodeFailure)
}

/// A TCP segment, for counting SIP over TCP and TLS only.
public struct TCPSegment: Hashable, Sendable {
  /// Who sent it.
  public var source: Endpoint
  /// Whom it was sent to.
  public var destination: Endpoint
  /// Where its payload stands in the frame's bytes; empty for a bare acknowledgement.
  public var payload: Range<Int>

  /// Describes one segment.
  public init(source: Endpoint, destination: Endpoint, payload: Range<Int>) {
    self.source = source
    self.destination = destination
    self.payload = payload
  }
}

/// Why a frame could not be read.
public enum DecodeFailure: UInt8, CaseIterable, Hashable, Sendable {
  /// The link-layer type is not among those known.
  case unknownLinkType
  /// The snap length cut the frame inside its headers.
  case truncated
  /// The packet ends inside its own headers although nothing was cut off.
  case shortPacket
  /// An IP header contradicts itself: version, header length or total length.
  case badIPHeader
  /// The chain of IPv6 extension headers is longer than allowed.
  case badExtensionHeaders
  /// A fragment with an impossible offset or length.
  case badFragment
  /// The UDP length is below 8 or beyond the end of the IP packet.
  case badUDPLength
  /// A TCP header length below 20 bytes or beyond the end of the packet.
  case badTCPHeader
  /// A tunnel header (GRE, ERSPAN, PPPoE, MPLS) contradicts itself.
  case badTunnelHeader
  /// More tags, labels and tunnels around the packet than allowed.
  case nestedTooDeep
}

extension DecodeFailure: CustomStringConvertible {
  /// The reason as a report states it.
  public var description: String {
    switch self {
    case .unknownLinkType: "unknown link type"
    case .truncated: "headers cut off by the snap length"
    case .shortPacket: "packet ends inside its headers"
    case .badIPHeader: "bad IP header"
    case .badExtensionHeaders: "too many IPv6 extension headers"
    case .badFragment: "bad IP fragment"
    case .badUDPLength: "bad UDP length"
    case .badTCPHeader: "bad TCP header"
    case .badTunnelHeader: "bad tunnel header"
    case .nestedTooDeep: "too many layers of encapsulation"
    }
  }
}
