import NIOCore
import Synchronization

/// The connections there are, of which there are never more than so many.
///
/// Whoever holds connections and asks for nothing keeps nobody out: where there is no room, the one
/// that has waited longest for its client makes some.
final class Connections: Sendable {
  private struct Connection {
    let channel: any Channel
    /// Since when it has waited for a request; `nil` while one is answered.
    var idleSince: NIODeadline? = .now()
  }

  private let open = Mutex<[ObjectIdentifier: Connection]>([:])
  private let most: Int

  init(most: Int) { self.most = most }

  /// Takes a new connection in until it is closed; false when all others are at work.
  func admit(_ channel: any Channel) -> Bool {
    let name = ObjectIdentifier(channel)
    let (isRoom, idlest) = open.withLock { open -> (Bool, (any Channel)?) in
      var idlest: (any Channel)?
      if open.count >= most {
        guard let found = Self.idlest(open) else { return (false, nil) }
        idlest = open.removeValue(forKey: found)?.channel
      }
      open[name] = Connection(channel: channel)
      return (true, idlest)
    }
    idlest?.close(promise: nil)
    guard isRoom else { return false }
    channel.closeFuture.whenComplete { _ in self.open.withLock { $0[name] = nil } }
    return true
  }

  /// Notes that a request on a connection is answered from now on, or that it waits for the next.
  func note(_ channel: any Channel, isIdle: Bool) {
    open.withLock { $0[ObjectIdentifier(channel)]?.idleSince = isIdle ? .now() : nil }
  }

  /// Closes them all.
  func end() {
    for channel in open.withLock({ $0.values.map(\.channel) }) { try? channel.close().wait() }
  }

  private static func idlest(_ open: [ObjectIdentifier: Connection]) -> ObjectIdentifier? {
    let idle = open.compactMap { name, connection in
      connection.idleSince.map { (name: name, since: $0) }
    }
    return idle.min { $0.since < $1.since }?.name
  }
}
