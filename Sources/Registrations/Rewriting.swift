public import Decode

// Signs of a middlebox that rewrites SIP; empty for healthy accounts.

/// What Contact a device behind a NAT sent first from each new mapping, before any answer could
/// have told it of that.
public struct FirstContacts: Sendable {
  /// The first REGISTER that named a mapping its device could not know, while its Via was private.
  public internal(set) var first: Moment?
  /// The last one.
  public internal(set) var last: Moment?
  /// How many such REGISTERs there were.
  public internal(set) var foreseen = 0
  /// REGISTERs from a new mapping that did not name it.
  public internal(set) var unforeseen = 0
  /// The device's own address, as its Via has it.
  public internal(set) var inside: IPAddress
  /// The mapping it had last.
  public internal(set) var source: Endpoint
  /// The mapping before.
  public internal(set) var previous: Endpoint
  /// Its user agent.
  public let userAgent: String
}

/// Two accounts of different hosts behind a NAT that share one mapped port.
public struct SharedPort: Sendable {
  /// The address and port they share.
  public let source: Endpoint
  /// This account's host, as its Via has it.
  public let inside: IPAddress
  /// The other account.
  public let other: String
  /// That account's host.
  public let otherInside: IPAddress
  /// The answer that let the later of both in.
  public let noticed: Moment
  /// When the one that had been there was accepted again from that port.
  public internal(set) var heardAgain: Moment?
  /// When the later one was accepted once more after that: they are there at the same time.
  public internal(set) var confirmed: Moment?
  let isLater: Bool
  let otherAccount: UInt32
}
