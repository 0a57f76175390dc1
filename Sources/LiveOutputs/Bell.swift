import CProcess
import Glibc

/// Wakes up one thread that waits for something to do.
final class Bell: Sendable {
  private let descriptor: Int32

  /// Throws when the system has no descriptors left.
  init() throws(OutputError) {
    descriptor = process_bell()
    guard descriptor >= 0 else { throw OutputError("cannot make an event descriptor", errno) }
  }

  deinit { close(descriptor) }

  /// Ends the wait, or the next one where nobody waits.
  func ring() {
    var one: UInt64 = 1
    // It fails only when it has been rung 2^64 times.
    _ = write(descriptor, &one, MemoryLayout<UInt64>.size)
  }

  /// Waits until somebody rings, or for so long; `nil` waits for ever.
  func wait(for time: Duration?) {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let (seconds, attoseconds) = time?.components ?? (0, 0)
    let milliseconds = time == nil ? -1 : seconds * 1000 + attoseconds / 1_000_000_000_000_000 + 1
    guard poll(&request, 1, Int32(clamping: milliseconds)) > 0 else { return }
    var count: UInt64 = 0
    _ = read(descriptor, &count, MemoryLayout<UInt64>.size)
  }
}
