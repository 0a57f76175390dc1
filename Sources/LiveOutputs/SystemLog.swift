import Glibc
import Synchronization
import Threads

/// Lines for the system's log (syslog(3)), handed over by a thread of their own: a log that does
/// not read would hold up whoever writes to it.
public final class SystemLog: Sendable {
  /// Who writes, as the log sorts it.
  public enum Facility: String, CaseIterable, Sendable {
    case daemon, user, local0, local1, local2, local3, local4, local5, local6, local7

    var code: Int32 {
      let number: Int32 =
        switch self {
        case .daemon: 3
        case .user: 1
        case .local0: 16
        case .local1: 17
        case .local2: 18
        case .local3: 19
        case .local4: 20
        case .local5: 21
        case .local6: 22
        case .local7: 23
        }
      return number << 3
    }
  }

  /// How much a line matters (RFC 5424 6.2.1).
  public enum Severity: Int32, Sendable {
    case error = 3
    case warning, notice, information
  }

  private struct Line: Sendable {
    let severity: Severity
    let text: String
  }

  private struct State: Sendable {
    var lines: [Line] = []
    var omitted = 0
    var isEnded = false
  }

  private final class Queue: Sendable {
    let bell: Doorbell
    let state = Mutex(State())
    init(_ bell: Doorbell) { self.bell = bell }
  }

  /// Who writes, as the log shows it.
  private static let name: StaticString = "regsift"
  /// So many lines may wait.
  private static let most = 1000
  /// Bytes of a line: what every receiver has to take (RFC 5424 6.1), less the header.
  private static let longest = 1024

  private let queue: Queue
  private let thread: WorkThread

  /// Opens the log.
  public init(facility: Facility) throws(OutputError) {
    // openlog(3) keeps the pointer, not the name: that of a String would be gone after the call.
    openlog(
      UnsafeRawPointer(Self.name.utf8Start).assumingMemoryBound(to: CChar.self),
      LOG_PID | LOG_NDELAY, facility.code)
    let queue = Queue(try Doorbell.hung())
    self.queue = queue
    thread = try WorkThread.begun { Self.run(queue) }
  }

  /// Has a line written, which must not hold control characters; what is too long is cut.
  public func write(_ severity: Severity, _ text: String) {
    let line = Line(severity: severity, text: Self.clipped(text))
    queue.state.withLock {
      if $0.lines.count < Self.most { $0.lines.append(line) } else { $0.omitted += 1 }
    }
    queue.bell.ring()
  }

  /// What keeps lines from being written just now, in words; `nil` where nothing does.
  public var trouble: String? {
    if queue.state.withLock({ $0.lines.count >= Self.most }) { return "the log is too slow" }
    // syslog(3) does not tell.
    return Self.obstacle.map { "nobody reads the log: \($0)" }
  }

  /// Why the log does not take anything; `nil` where it does.
  private static var obstacle: OutputError? {
    let log = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard log >= 0 else { return OutputError("cannot open a socket", errno) }
    defer { close(log) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "/dev/log".utf8) }
    let status = withUnsafePointer(to: address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(log, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return status == 0 ? nil : OutputError("/dev/log", errno)
  }

  /// Writes what is left, for a while, and ends.
  ///
  /// The thread is not waited for: where the log does not read it never ends.
  public func finish() {
    queue.state.withLock { $0.isEnded = true }
    queue.bell.ring()
    let due = ContinuousClock.now + .seconds(2)
    while !queue.state.withLock({ $0.lines.isEmpty }), .now < due { usleep(10_000) }
  }

  private static func run(_ queue: Queue) {
    while true {
      queue.bell.wait(for: nil)
      let now = queue.state.withLock { state in
        defer { state.omitted = 0 }
        return state
      }
      for line in now.lines { send(line) }
      if now.omitted > 0 {
        send(Line(severity: .warning, text: "\(now.omitted) events left out: the log is too slow"))
      }
      queue.state.withLock { $0.lines.removeFirst(now.lines.count) }
      if now.isEnded { return }
    }
  }

  private static func send(_ line: Line) {
    line.text.withCString { text in
      // The text is an argument, never the format.
      withVaList([text]) { vsyslog(line.severity.rawValue, "%s", $0) }
    }
  }

  /// The longest beginning of whole characters that fits.
  static func clipped(_ text: String) -> String {
    guard text.utf8.count > longest else { return text }
    var length = 0
    let kept = text.unicodeScalars.prefix {
      length += String($0).utf8.count
      return length <= longest - 3
    }
    return String(kept) + "..."
  }
}
