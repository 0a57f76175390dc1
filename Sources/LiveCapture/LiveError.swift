/// Why packets cannot be captured on an interface.
public struct LiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of trouble it is.
  public enum Kind: Hashable, Sendable {
    /// Capturing needs a right that the program does not have.
    case noPermission
    /// There is no such interface, or it has gone.
    case noSuchInterface
    /// The interface is there, but down.
    case isDown
    /// The filter does not fit its link type.
    case filter
    /// Anything else that libpcap reports.
    case other
  }

  /// What kind of trouble it is.
  public let kind: Kind
  /// The interface.
  public let interface: String
  /// What libpcap says.
  public let message: String

  /// Describes trouble with an interface.
  public init(_ kind: Kind, interface: String, message: String) {
    self.kind = kind
    self.interface = interface
    self.message = message
  }

  /// One line: the interface, what is wrong, and what to do where that is known.
  public var description: String {
    let advice =
      kind == .noPermission
      ? ": capturing needs root or CAP_NET_RAW (setcap cap_net_raw+ep regsift)" : ""
    return "interface \(interface): \(message)\(advice)"
  }
}
