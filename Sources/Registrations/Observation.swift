public import Decode
public import SIP

/// What one frame contributed to the signalling: a plain value, made without knowledge of any other
/// file, on which alone the histories are built.
///
/// A message and its bytes travel beside it (`ObservationReader.message` and `payload`), since they
/// are too large to be handed around by value for every frame; written out together they can be
/// read back elsewhere.
public enum Observation: Sendable {
  /// Nothing of interest: another protocol, a held fragment, a copy of a packet already seen.
  case nothing
  /// A SIP message.
  case message(Sighting)
  /// SIP by its start line, but not a message that can be used; what was recognised is for counting.
  case malformed(SIPParseFailure, Sighting)
  /// A datagram that may be a keepalive, if its flow turns out to carry signalling.
  case keepalive(Keepalive, Sighting)
  /// Any other datagram: media, or signalling that cannot be read.
  case opaque(Sighting)
  /// An ICMP error that quotes a datagram.
  case icmp(ICMPError, Moment)
}

extension Tracker {
  /// Takes in one observation with its message and the datagram it was read from.
  ///
  /// As a function of its own: where it is taken apart in its caller the message is copied first.
  @inline(never)
  public mutating func observe(
    _ observation: Observation, _ message: borrowing SIPMessage, _ payload: Span<UInt8>
  ) {
    switch observation {
    case .nothing, .malformed: break
    case .message(let sighting): observe(message, payload, at: sighting)
    case .keepalive(let keepalive, let sighting):
      observe(keepalive, at: sighting)
      noteText(keepalive, payload, at: sighting)
    case .opaque(let sighting): observe(nil, at: sighting)
    case .icmp(let error, let moment): observe(error, at: moment)
    }
  }
}
