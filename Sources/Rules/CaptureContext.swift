public import Capture
public import Decode
import Parameters
public import Registrations

/// What a rule may know of the capture around an account.
///
/// A class, since every account is judged with it at hand.
public final class CaptureContext: Sendable {
  /// Time of the first frame.
  public let start: Timestamp
  /// Time of the last frame.
  public let end: Timestamp
  /// Hosts that were seen to speak SIP over TCP or TLS, which is not analysed.
  public let tcpHosts: Set<IPAddress>
  /// When packets are known to be missing.
  public let losses: Losses
  /// What was measured of the NATs in it; known once the accounts have been read.
  let nats: NATMeasurements?
  /// Who only tries accounts out; known with `nats`.
  let strangers: Strangers?

  /// Describes the capture.
  public convenience init(start: Timestamp, end: Timestamp, tcpHosts: Set<IPAddress> = []) {
    self.init(start, end, tcpHosts, Losses(), nil, nil)
  }

  /// The capture with what all accounts of it tell.
  convenience init(_ capture: CaptureContext, _ history: History, _ profile: Profile) {
    let (start, end, hosts, losses) = (capture.start, capture.end, capture.tcpHosts, history.losses)
    let bare = CaptureContext(start, end, hosts, losses, nil, nil)
    self.init(
      start, end, hosts, losses, NATMeasurements(history, bare, profile),
      Strangers(history, profile))
  }

  private init(
    _ start: Timestamp, _ end: Timestamp, _ tcpHosts: Set<IPAddress>, _ losses: Losses,
    _ nats: NATMeasurements?, _ strangers: Strangers?
  ) {
    self.start = start
    self.end = end
    self.tcpHosts = tcpHosts
    self.losses = losses
    self.nats = nats
    self.strangers = strangers
  }
}
