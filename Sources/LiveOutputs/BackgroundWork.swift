import Synchronization
import Threads

/// Does one piece of work at a time on a thread beside the capture.
public final class BackgroundWork: Sendable {
  /// A piece of work.
  public typealias Work = @Sendable () -> Void

  private struct State: Sendable {
    var work: Work?
    var isEnded = false
  }

  private final class Desk: Sendable {
    let bell: Doorbell
    let state = Mutex(State())
    init(_ bell: Doorbell) { self.bell = bell }

    /// Does what comes, until the end.
    func run() {
      while true {
        let now = state.withLock { $0 }
        if let work = now.work {
          work()
          state.withLock { $0.work = nil }
        } else if now.isEnded {
          return
        } else {
          bell.wait(for: nil)
        }
      }
    }
  }

  private let desk: Desk
  private let thread: WorkThread

  /// Starts the thread.
  public init() throws(OutputError) {
    let desk = Desk(try Doorbell.hung())
    self.desk = desk
    thread = try WorkThread.begun(givingWay: true) { desk.run() }
  }

  /// Whether nothing is being done.
  public var isIdle: Bool { desk.state.withLock { $0.work == nil } }

  /// Has `work` done; only while nothing else is.
  public func begin(_ work: @escaping Work) {
    desk.state.withLock { if $0.work == nil { $0.work = work } }
    desk.bell.ring()
  }

  /// Waits until everything is done, and ends.
  public func finish() {
    desk.state.withLock { $0.isEnded = true }
    desk.bell.ring()
    thread.join()
  }
}
