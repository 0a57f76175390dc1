import Glibc

/// Something of the system that a running capture needs cannot be had.
struct SystemShortage: Error, CustomStringConvertible {
  let what: String
  let number: Int32

  var description: String { "cannot \(what): \(systemMessage(number))" }
}

/// A thread that runs one body to its end.
struct LiveThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let handle: pthread_t

  /// Starts it; throws when the system has none to give.
  init(_ run: @escaping @Sendable () -> Void) throws(SystemShortage) {
    let body = Unmanaged.passRetained(Body(run))
    var handle = pthread_t()
    let status = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard status == 0 else {
      body.release()
      throw SystemShortage(what: "start a thread", number: status)
    }
    self.handle = handle
  }

  /// Waits until it has come to its end.
  func join() { pthread_join(handle, nil) }
}

/// Wakes the one thread that waits for it, however often it is rung meanwhile.
final class Doorbell: Sendable {
  /// What can be polled for it.
  let descriptor: Int32
  private let button: Int32

  /// Throws when the system has no pipe to give.
  init() throws(SystemShortage) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SystemShortage(what: "make a pipe", number: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    (descriptor, button) = (ends[0], ends[1])
  }

  deinit {
    close(descriptor)
    close(button)
  }

  /// Wakes who waits, or who waits next.
  func ring() {
    var byte: UInt8 = 0
    // A pipe that is full rings anyway.
    _ = write(button, &byte, 1)
  }

  /// Makes it silent until it is rung again.
  func clear() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(descriptor, &bytes, bytes.count) == bytes.count {}
  }

  /// Waits until it is rung.
  func wait() {
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    _ = poll(&request, 1, -1)
    clear()
  }
}
