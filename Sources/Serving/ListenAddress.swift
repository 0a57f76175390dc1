import Glibc

/// Where a server listens: an address in numbers and a port.
public struct ListenAddress: Hashable, Sendable, CustomStringConvertible {
  /// The address, without brackets.
  public let host: String
  /// The port; 0 stands for any that is free.
  public let port: UInt16

  /// An address that is known to be one.
  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// Reads `9464`, `192.0.2.1:9464`, `localhost:9464` or `[2001:db8::1]:9464`; `nil` for anything
  /// else.
  ///
  /// A port alone means that only programs on the same machine can ask.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":") else {
      guard let port = Self.port(text[...]) else { return nil }
      self.init(host: "127.0.0.1", port: port)
      return
    }
    var host = text[..<colon]
    guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
    if host == "localhost" { host = "127.0.0.1" }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    guard Self.isAddress(String(host), isBracketed ? AF_INET6 : AF_INET) else { return nil }
    self.init(host: String(host), port: port)
  }

  /// As it stands in a URL.
  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  /// Whether it is one of this machine alone: 127.0.0.0/8 (RFC 1122 3.2.1.3), or ::1 (RFC 4291 2.5.3).
  var isLoopback: Bool {
    guard host.contains(":") else { return host.hasPrefix("127.") }
    var (address, loopback) = (in6_addr(), in6addr_loopback)
    inet_pton(AF_INET6, host, &address)
    return memcmp(&address, &loopback, MemoryLayout<in6_addr>.size) == 0
  }

  private static func port(_ text: Substring) -> UInt16? {
    guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    else { return nil }
    return UInt16(text).flatMap { $0 == 0 ? nil : $0 }
  }

  private static func isAddress(_ text: String, _ family: Int32) -> Bool {
    var address = in6_addr()
    return inet_pton(family, text, &address) == 1
  }
}
