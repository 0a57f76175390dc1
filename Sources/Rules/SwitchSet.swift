public import Decode

/// The hosts taken for switches, to be asked for many endpoints: there may be as many as accounts.
public struct SwitchSet: Sendable {
  private var addresses: Set<IPAddress> = []
  private var onAnyPort: Set<IPAddress> = []
  private var endpoints: Set<Endpoint> = []

  /// Takes in the hosts.
  public init(_ hosts: [SwitchHost]) {
    for host in hosts {
      addresses.insert(host.address)
      if let port = host.port {
        endpoints.insert(Endpoint(address: host.address, port: port))
      } else {
        onAnyPort.insert(host.address)
      }
    }
  }

  /// Whether one of them has that address, whatever the port.
  func isAddress(_ address: IPAddress) -> Bool { addresses.contains(address) }

  /// Whether `endpoint` belongs to one of them.
  public func contains(_ endpoint: Endpoint) -> Bool {
    endpoints.contains(endpoint) || onAnyPort.contains(endpoint.address)
  }
}
