public import Capture
public import Decode

/// A packet that proves something: when it was seen and where it stands.
public struct Moment: Hashable, Sendable {
  /// When the packet was captured.
  public var time: Timestamp
  /// The input and position it stands at; for a reassembled datagram the fragment that completed it.
  public var frame: FrameReference

  /// Names one packet.
  public init(time: Timestamp, frame: FrameReference) {
    self.time = time
    self.frame = frame
  }
}

/// Where and when a datagram was seen: what every observation carries beside its content.
public struct Sighting: Hashable, Sendable {
  /// Time and frame.
  public var moment: Moment
  /// Who sent it, as the network shows it.
  public var source: Endpoint
  /// Whom it was sent to.
  public var destination: Endpoint
  /// Whether the snap length cut its payload, so that lists in it may be incomplete.
  public var isCut: Bool
  /// Type of service (IPv4) or traffic class (IPv6).
  public var trafficClass: UInt8

  /// Stands for none.
  static let none = Sighting(
    moment: Moment(time: Timestamp(nanoseconds: 0), frame: .earlier), source: Datagram.none.source,
    destination: Datagram.none.destination)

  /// Describes one datagram.
  public init(
    moment: Moment, source: Endpoint, destination: Endpoint, isCut: Bool = false,
    trafficClass: UInt8 = 0
  ) {
    self.moment = moment
    self.source = source
    self.destination = destination
    self.isCut = isCut
    self.trafficClass = trafficClass
  }
}
