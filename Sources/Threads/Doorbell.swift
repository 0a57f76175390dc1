import CProcess
import Glibc

/// Wakes the one thread that waits for it, however often it is rung meanwhile.
public final class Doorbell: Sendable {
  /// What can be polled for it.
  public let descriptor: Int32

  /// Throws when the system has no descriptors left.
  public init() throws(SystemShortage) {
    descriptor = process_bell()
    guard descriptor >= 0 else {
      throw SystemShortage(what: "make an event descriptor", number: errno)
    }
  }

  deinit { close(descriptor) }

  /// Wakes who waits, or who waits next.
  public func ring() {
    var one: UInt64 = 1
    // It fails only when it has been rung 2^64 times.
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Makes it silent until it is rung again.
  public func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
  }

  /// Waits until it is rung, or for so long; `nil` waits for ever.
  public func wait(for time: Duration? = nil) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = time?.components ?? (0, 0)
    let milliseconds = time == nil ? -1 : seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
    guard poll(&request, 1, Int32(clamping: milliseconds)) > 0 else { return }
    clear()
  }
}
