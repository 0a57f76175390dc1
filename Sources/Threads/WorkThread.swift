import CProcess
import Glibc

/// A thread that runs one body to its end.
///
/// It takes no signals but those of its own faults and what it wants to hear: the others belong to
/// the thread that waits for them.
public struct WorkThread: Sendable {
  private final class Work: Sendable {
    let givesWay: Bool
    let body: @Sendable () -> Void

    init(_ givesWay: Bool, _ body: @escaping @Sendable () -> Void) {
      self.givesWay = givesWay
      self.body = body
    }
  }

  private static let faults = [SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS]
  private let thread: pthread_t

  /// Starts it; `hearing` these signals, and `givingWay` to others, as what has a lot to do beside a
  /// capture should.
  public init(
    hearing signals: [Int32] = [], givingWay: Bool = false, _ body: @escaping @Sendable () -> Void
  ) throws(SystemShortage) {
    var blocked = sigset_t()
    var before = sigset_t()
    sigfillset(&blocked)
    for fault in Self.faults + signals { sigdelset(&blocked, fault) }
    // What a thread blocks it has from the one that starts it.
    pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let work = Unmanaged.passRetained(Work(givingWay, body))
    var thread = pthread_t()
    let result = pthread_create(&thread, nil, Self.main, work.toOpaque())
    guard result == 0 else {
      work.release()
      throw SystemShortage(what: "start a thread", number: result)
    }
    self.thread = thread
  }

  private static let main: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
    guard let pointer = $0 else { return nil }
    let work = Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue()
    if work.givesWay { process_give_way() }
    work.body()
    return nil
  }

  /// Waits until it has come to its end.
  public func join() { pthread_join(thread, nil) }
}
