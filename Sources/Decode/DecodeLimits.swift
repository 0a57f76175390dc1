/// Bounds on what a capture can make the decoder hold or follow.
public struct DecodeLimits: Hashable, Sendable {
  /// Layers around the transport: tags, labels, tunnels, IP headers each count one.
  ///
  /// Real networks stack about seven (QinQ, MPLS, pseudowire, IP, GRE, ERSPAN, IP).
  public var layers = 16
  /// IPv6 extension headers of one packet; RFC 8200 4.1 knows six kinds, one of them twice.
  public var extensionHeaders = 8
  /// How long fragments wait for the rest of their datagram, in capture time.
  ///
  /// Linux' own limit (ipfrag_time); RFC 8200 4.5 allows 60 s, where nothing ever comes so late.
  public var reassemblyTimeout: Duration = .seconds(30)
  /// How long a finished datagram is remembered, so that copies of its fragments open no new one.
  ///
  /// Like `DuplicateLimits.sameIdentification`: copies come within milliseconds, retransmissions
  /// after T1 = 500 ms, and some senders never change the identification.
  public var completedMemory: Duration = .milliseconds(400)
  /// Datagrams in reassembly at a time; the oldest goes when one more comes.
  public var datagramsInReassembly = 1024
  /// Bytes held for all datagrams in reassembly; the oldest go until the rest fits.
  public var bytesInReassembly = 8 << 20

  /// The values stated at each limit.
  public init() {}
}

/// How near in time two equal datagrams of one flow must be to be the same packet captured twice.
public struct DuplicateLimits: Hashable, Sendable {
  /// For copies with the same IPv4 identification (not 0).
  ///
  /// Below T1 = 500 ms (RFC 3261 17.1.1.1), after which a sender repeats a request: many small
  /// stacks and generators never change the identification (RFC 6864 4.1 lets them), and their
  /// retransmissions must stay. Copies are milliseconds apart, even across a congested router
  /// seldom more than a tenth of a second.
  public var sameIdentification: Duration = .milliseconds(400)
  /// For copies without an identification (IPv6, or 0 as Linux writes with "don't fragment").
  ///
  /// Some stacks repeat after 100 ms; an `any` capture, a mirror and a router give copies within
  /// a few milliseconds.
  public var noIdentification: Duration = .milliseconds(50)
  /// Datagrams remembered, rounded up to a power of two; at 10,000 messages per second nearly a
  /// second, at more the oldest of two that meet in one place is forgotten sooner.
  public var memory = 8192

  /// The values stated at each limit.
  public init() {}
}
