import Glibc

/// Tells the service manager how a service is (sd_notify(3)): a datagram with one `NAME=value` a
/// line to the socket named in NOTIFY_SOCKET.
///
/// That is all of the protocol, so that libsystemd, with its compressors and ciphers, need not be
/// linked; the manual page promises that it stays so.
public final class ServiceNotifier {
  private let socket: Int32
  private let address: [UInt8]
  /// How often the watchdog wants to hear something; `nil` when it does not.
  private let period: Duration?
  private var due = ContinuousClock.now

  /// Finds the service manager; `nil` when none has started the program.
  ///
  /// Takes what it reads out of the environment, so that programs called later do not answer for
  /// this one. Call it before other threads run.
  public init?() {
    let name = Self.take("NOTIFY_SOCKET")
    let microseconds = Self.take("WATCHDOG_USEC").flatMap { Int64($0) } ?? 0
    let isForThis = Self.take("WATCHDOG_PID").map { $0 == String(getpid()) } ?? true
    guard let name, let address = Self.address(name) else { return nil }
    self.address = address
    // Half of the time is what sd_watchdog_enabled(3) advises.
    period = isForThis && microseconds > 0 ? .microseconds(microseconds / 2) : nil
    socket = Glibc.socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return nil }
    // A service manager that does not read must not hold up the capture for long.
    var limit = timeval(tv_sec: 1, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { if socket >= 0 { close(socket) } }

  /// Everything is open: the capture runs.
  public func ready() { send("READY=1") }

  /// What was written to and read is being taken up anew.
  public func reloading() {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let microseconds = Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
  }

  /// The capture has ended; the report is being written.
  public func stopping() { send("STOPPING=1") }

  /// A line for `systemctl status`, which must not hold a line feed.
  public func status(_ text: String) { send("STATUS=\(text)") }

  /// The caller is alive; to be called again and again by what does the work, at no cost.
  public func beat() {
    guard let period, due <= .now else { return }
    // Tried again soon when it did not get through.
    if send("WATCHDOG=1", flags: MSG_DONTWAIT) { due = .now + period }
  }

  @discardableResult
  private func send(_ message: String, flags: Int = 0) -> Bool {
    let sent = address.withUnsafeBytes { address in
      address.withMemoryRebound(to: sockaddr.self) { address in
        message.withCString {
          sendto(
            socket, $0, strlen($0), Int32(MSG_NOSIGNAL | flags),
            address.baseAddress, socklen_t(self.address.count))
        }
      }
    }
    return sent >= 0
  }

  /// The bytes of a `sockaddr_un`: a path, or `@` and a name in the abstract namespace (unix(7)).
  private static func address(_ name: String) -> [UInt8]? {
    var path = Array(name.utf8)
    guard path.count > 1, path.count < 108,
      path[0] == UInt8(ascii: "/") || path[0] == UInt8(ascii: "@")
    else { return nil }
    let isAbstract = path[0] == UInt8(ascii: "@")
    // The length tells where an abstract name ends, a zero where a path does.
    if isAbstract { path[0] = 0 } else { path.append(0) }
    let family = withUnsafeBytes(of: sa_family_t(AF_UNIX)) { Array($0) }
    return family + path
  }

  private static func take(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    defer { unsetenv(name) }
    return String(cString: value)
  }
}
