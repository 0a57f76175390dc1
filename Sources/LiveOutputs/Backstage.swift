import CProcess
import Glibc
import Synchronization

/// A thread beside the capture: work that may take long, or hang, is done there.
///
/// It gives way to the capture, and takes no signals.
final class Backstage: Sendable {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let thread: pthread_t

  /// Begins to run `body`; throws when the system has no threads left.
  init(_ body: @escaping @Sendable () -> Void) throws(OutputError) {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // What a thread blocks it has from the one that starts it.
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(body))
    var thread = pthread_t()
    let result = pthread_create(&thread, nil, Self.main, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw OutputError("cannot start a thread", result)
    }
    self.thread = thread
  }

  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    guard let pointer = $0 else { return nil }
    process_give_way()
    Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
    return nil
  }

  /// Waits until it has ended.
  func join() { pthread_join(thread, nil) }
}
