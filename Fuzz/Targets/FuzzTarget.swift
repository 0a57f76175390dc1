/// A part of regsift that bytes of strangers reach, to be run on any bytes at all.
public enum FuzzTarget: String, CaseIterable, Sendable {
  /// A capture file: classic, pcapng, gzipped or nothing of it.
  case capture
  /// One frame; its first byte chooses the link type.
  case frame
  /// Fragments that come in any order, overlap, repeat and never end.
  case fragments
  /// A datagram read as SIP.
  case sip
  /// The value of a Via header.
  case via
  /// The value of From, To or a Request-URI.
  case address
  /// The value of a Contact header.
  case contact
  /// The value of a CSeq or Call-ID header.
  case cseq
  /// The value of a WWW-Authenticate or Proxy-Authenticate header.
  case challenge
  /// The value of an Authorization or Proxy-Authorization header.
  case credentials
  /// The value of Expires and the other headers of one number.
  case seconds
  /// A request line or a status line.
  case startLine = "start-line"
  /// An address with or without a port, as written in headers and options.
  case host
  /// Frames through redaction.
  case redaction
  /// Datagrams with their times and a random profile, through to every report.
  case pipeline
  /// A saved state.
  case state
  /// A profile file.
  case profile

  /// Runs the part on `bytes`; throws when what came out cannot be right.
  ///
  /// A trap or a hang is a fault, too.
  public func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    switch self {
    case .capture: try CaptureTarget.run(bytes)
    case .frame: try FrameTarget.run(bytes)
    case .fragments: try FragmentTarget.run(bytes)
    case .sip: try MessageTarget.run(bytes)
    case .via, .address, .contact, .cseq, .challenge, .credentials, .seconds, .startLine:
      try HeaderTarget.run(self, bytes)
    case .host: try HostTarget.run(bytes)
    case .redaction: try RedactionTarget.run(bytes)
    case .pipeline: try PipelineTarget.run(bytes)
    case .state: try StateTarget.run(bytes)
    case .profile: try ProfileTarget.run(bytes)
    }
  }
}

/// Something that holds for any input did not hold.
public struct BrokenPromise: Error, Hashable, CustomStringConvertible {
  /// What should have held, and what was found.
  public let description: String
}

/// Throws unless `holds`.
func demand(_ holds: Bool, _ promise: @autoclosure () -> String) throws(BrokenPromise) {
  if !holds { throw BrokenPromise(description: promise()) }
}
