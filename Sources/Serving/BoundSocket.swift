import Glibc

/// Why nothing can be served.
public struct ServingError: Error, CustomStringConvertible {
  /// What errno said.
  public let number: Int32
  /// Where it was tried; `nil` where that made no difference.
  public let address: ListenAddress?

  /// The address and the system's own words.
  public var description: String {
    let words = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return "\(address.map { "\($0): " } ?? "")cannot listen: \(words)"
  }
}

/// A socket that listens, before anybody answers: to be opened while the program still may.
public struct BoundSocket: ~Copyable {
  private static let mostWaiting: Int32 = 16
  private let descriptor: Int32
  /// Whether only programs on the same machine can connect.
  let isLoopback: Bool

  /// Listens at `address`; throws when that is not possible, such as when the port is in use.
  public init(_ address: ListenAddress) throws(ServingError) {
    guard let descriptor = Self.open(address) else {
      throw ServingError(number: errno, address: address)
    }
    self.descriptor = descriptor
    isLoopback = address.isLoopback
  }

  deinit { close(descriptor) }

  /// Gives the socket away: whoever takes it closes it.
  consuming func release() -> Int32 {
    let descriptor = descriptor
    discard self
    return descriptor
  }

  /// `nil` with errno set when something failed.
  private static func open(_ address: ListenAddress) -> Int32? {
    let isIPv6 = address.host.contains(":")
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, kind, 0)
    guard descriptor >= 0 else { return nil }
    // A program that starts again must not wait for the connections of the one before.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    let isBound = isIPv6 ? bindIPv6(descriptor, address) : bindIPv4(descriptor, address)
    guard isBound, listen(descriptor, mostWaiting) == 0 else {
      let number = errno
      close(descriptor)
      errno = number
      return nil
    }
    return descriptor
  }

  private static func bindIPv4(_ descriptor: Int32, _ address: ListenAddress) -> Bool {
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = address.port.bigEndian
    inet_pton(AF_INET, address.host, &place.sin_addr)
    return withUnsafeBytes(of: &place) { bind(descriptor, $0) }
  }

  private static func bindIPv6(_ descriptor: Int32, _ address: ListenAddress) -> Bool {
    var place = sockaddr_in6()
    place.sin6_family = sa_family_t(AF_INET6)
    place.sin6_port = address.port.bigEndian
    inet_pton(AF_INET6, address.host, &place.sin6_addr)
    return withUnsafeBytes(of: &place) { bind(descriptor, $0) }
  }

  private static func bind(_ descriptor: Int32, _ place: UnsafeRawBufferPointer) -> Bool {
    guard let start = place.baseAddress?.assumingMemoryBound(to: sockaddr.self) else {
      return false
    }
    return Glibc.bind(descriptor, start, socklen_t(place.count)) == 0
  }
}
