public import Capture

/// What the decoder could not read, and what became of fragments.
public struct DecodeCounts: Hashable, Sendable {
  private var failures: [UInt64]

  /// Frames given to the decoder.
  public internal(set) var frames: UInt64 = 0
  /// The first link type that was not known.
  public internal(set) var firstUnknownLinkType: LinkType?
  /// Fragments of UDP datagrams seen, copies included.
  public internal(set) var fragments: UInt64 = 0
  /// Datagrams made whole from fragments.
  public internal(set) var reassembled: UInt64 = 0
  /// Datagrams given up because fragments did not come in time, or not before the capture ended.
  public internal(set) var neverCompleted: UInt64 = 0
  /// Of `neverCompleted`, those of which nothing but the first fragment came: what a capture
  /// filter on a port does, since only the first fragment has the port.
  public internal(set) var onlyFirstFragment: UInt64 = 0
  /// Datagrams given up because a limit on memory was reached.
  public internal(set) var evicted: UInt64 = 0
  /// Fragments that were there already, byte for byte.
  public internal(set) var duplicateFragments: UInt64 = 0
  /// Fragments that overlapped others: the first data won (IPv4), or the datagram was discarded
  /// (IPv6, RFC 5722).
  public internal(set) var overlaps: UInt64 = 0

  init() {
    failures = Array(repeating: 0, count: DecodeFailure.allCases.count)
  }

  /// How many frames failed for this reason.
  public subscript(failure: DecodeFailure) -> UInt64 {
    let index = Int(failure.rawValue)
    return failures.indices.contains(index) ? failures[index] : 0
  }

  /// How many frames could not be read, for any reason.
  public var undecodable: UInt64 {
    failures.reduce(0, &+)
  }

  mutating func count(_ failure: DecodeFailure) {
    let index = Int(failure.rawValue)
    if failures.indices.contains(index) { failures[index] &+= 1 }
  }
}
