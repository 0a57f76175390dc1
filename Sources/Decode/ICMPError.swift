/// An ICMP or ICMPv6 error that quotes a UDP datagram: somebody says it did not arrive.
public struct ICMPError: Hashable, Sendable {
  /// Which of the two protocols `type` and `code` belong to.
  public enum Family: UInt8, Hashable, Sendable {
    /// ICMP (RFC 792).
    case v4
    /// ICMPv6 (RFC 4443).
    case v6
  }

  /// What the error says, the same words for both families.
  public enum Reason: UInt8, Hashable, Sendable, CaseIterable {
    /// The host is there, nobody listens on the port.
    case portUnreachable
    /// The host does not answer to its router (IPv6: address unreachable).
    case hostUnreachable
    /// No route leads there.
    case networkUnreachable
    /// A filter refused it.
    case administrativelyProhibited
    /// It was on the way for too many hops, or its fragments for too long.
    case timeExceeded
    /// It was too long for a link and must not be fragmented (IPv6: packet too big).
    case fragmentationNeeded
    /// Any other error, such as a parameter problem.
    case other
  }

  /// Who sent the error: a router on the way or the destination itself.
  public var reporter: IPAddress
  /// Whether it is ICMP or ICMPv6.
  public var family: Family
  /// The ICMP type as on the wire.
  public var type: UInt8
  /// The ICMP code as on the wire.
  public var code: UInt8
  /// Who had sent the quoted datagram.
  public var source: Endpoint
  /// Whom the quoted datagram was for.
  public var destination: Endpoint
  /// IPv4 identification of the quoted datagram, or that of its IPv6 fragment header; 0 if none.
  public var identification: UInt32
  /// What is quoted of its payload, in the frame's bytes; often empty (RFC 792: 8 bytes of UDP).
  public var quotedPayload: Range<Int>

  /// Describes one error.
  public init(
    reporter: IPAddress, family: Family, type: UInt8, code: UInt8, source: Endpoint,
    destination: Endpoint, identification: UInt32 = 0, quotedPayload: Range<Int> = 0..<0
  ) {
    self.reporter = reporter
    self.family = family
    self.type = type
    self.code = code
    self.source = source
    self.destination = destination
    self.identification = identification
    self.quotedPayload = quotedPayload
  }

  /// What type and code mean.
  public var reason: Reason {
    switch family {
    case .v4: Self.reason(type: type, code: code)
    case .v6: Self.reasonV6(type: type, code: code)
    }
  }

  /// RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1.
  private static func reason(type: UInt8, code: UInt8) -> Reason {
    switch (type, code) {
    case (3, 3): .portUnreachable
    case (3, 1), (3, 7), (3, 8), (3, 12): .hostUnreachable
    case (3, 0), (3, 6), (3, 11): .networkUnreachable
    case (3, 9), (3, 10), (3, 13), (3, 14), (3, 15): .administrativelyProhibited
    case (3, 4): .fragmentationNeeded
    case (11, _): .timeExceeded
    default: .other
    }
  }

  /// RFC 4443 3.1 to 3.4.
  private static func reasonV6(type: UInt8, code: UInt8) -> Reason {
    switch (type, code) {
    case (1, 4): .portUnreachable
    case (1, 3): .hostUnreachable
    case (1, 0): .networkUnreachable
    case (1, 1), (1, 5), (1, 6): .administrativelyProhibited
    case (2, _): .fragmentationNeeded
    case (3, _): .timeExceeded
    default: .other
    }
  }
}
