import Glibc

/// A connection to a port of this machine, to say things no proper client would.
final class Client {
  private let descriptor: Int32

  init?(port: Int) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = UInt16(clamping: port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &place.sin_addr)
    let isConnected = withUnsafeBytes(of: &place) { place in
      guard let start = place.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
        return false
      }
      return connect(descriptor, start, socklen_t(place.count)) == 0
    }
    // An answer that does not come must not be waited for without end.
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    guard isConnected else { return nil }
  }

  /// Goes away without a word, as a program that is killed: what was sent to it is lost.
  func reset() {
    var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
  }

  deinit { close(descriptor) }

  /// Sends `text`; false when the other side has gone.
  @discardableResult
  func send(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        == bytes.count
    }
  }

  /// What arrives until `end` has, or until the other side closes.
  func receive(until end: String? = nil) -> String {
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { break }
      received += buffer[..<count]
      if let end, String(decoding: received, as: UTF8.self).contains(end) { break }
    }
    return String(decoding: received, as: UTF8.self)
  }
}
