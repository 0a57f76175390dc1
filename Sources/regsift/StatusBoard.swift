import Reports
import Serving
import Synchronization

/// What is told of a running capture, as of its last judging: whoever asks never waits for it.
final class StatusBoard: Sendable {
  /// What is told.
  struct Notice: Sendable {
    var metrics: ServedPage?
    var page: ServedPage?
    var health = HealthReport()
    /// When it was put up.
    var time = ContinuousClock.now
    /// Whether anything was judged yet.
    var isJudged = false
  }

  private let notice = Mutex(Notice())

  /// Tells this from now on.
  func put(_ new: Notice) { notice.withLock { $0 = new } }

  /// What is answered to a request for `path`.
  func answer(_ path: String) -> ServedPage? {
    let notice = notice.withLock { $0 }
    switch path {
    case "/metrics": return notice.metrics ?? Self.tooEarly
    case "/healthz": return Self.health(notice)
    case "/": return notice.page ?? Self.tooEarly
    default: return nil
    }
  }

  private static let tooEarly = ServedPage(
    status: 503, type: "text/plain; charset=utf-8",
    body: Array("Nothing was judged yet: ask again in a few seconds.\n".utf8))

  private static func health(_ notice: Notice) -> ServedPage {
    var health = notice.health
    health.waiting = notice.time.duration(to: .now)
    health.sinceJudging = notice.isJudged ? health.waiting : nil
    return ServedPage(
      status: health.reasons.isEmpty ? 200 : 503, type: "application/json", body: health.json)
  }
}
