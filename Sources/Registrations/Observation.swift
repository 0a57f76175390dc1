public import SIP

/// What one frame contributed to the signalling: made without knowledge of any other frame but the
/// fragments and copies before it, on which alone the histories are built.
///
/// What belongs to it stays where it was read (`ObservationReader.sighting`, `message`, `payload`,
/// `icmpError`): too much to be handed around by value for every frame.
public enum Observation: Sendable {
  /// Nothing of interest: another protocol, a held fragment, a copy of a packet already seen.
  case nothing
  /// A SIP message.
  case message
  /// SIP by its start line, but not a message that can be used; what was recognised is for counting.
  case malformed(SIPParseFailure)
  /// A datagram that may be a keepalive, if its flow turns out to carry signalling.
  case keepalive(Keepalive)
  /// Any other datagram: media, or signalling that cannot be read.
  case opaque
  /// An ICMP error that quotes a datagram.
  case icmp
}
