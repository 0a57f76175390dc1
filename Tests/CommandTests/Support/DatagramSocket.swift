import Foundation
import Synchronization
import Testing

/// A socket that a service manager or a log listens on.
final class DatagramSocket: Sendable {
  private let socket: Int32
  private let heard = Mutex<[String]>([])

  init(_ path: String) throws {
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0, "\(path): \(errno)")
    listen()
  }

  deinit { close(socket) }

  /// What has come so far.
  var messages: [String] { heard.withLock { $0 } }

  /// Takes what comes as a service manager does: only so many datagrams wait in a socket.
  private func listen() {
    var limit = timeval(tv_sec: 0, tv_usec: 100_000)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    Thread.detachNewThread { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      while let self {
        let count = recv(self.socket, &buffer, buffer.count, 0)
        guard count > 0 else { continue }
        let message = String(decoding: buffer[..<count], as: UTF8.self)
        self.heard.withLock { $0.append(message) }
      }
    }
  }
}
