import Parameters
import Rules

/// Has a bundle written for new errors of a running capture.
///
/// Errors that come together share one: it waits a little for those that belong to the first, and
/// longer after the last bundle.
final class LiveBundles: LiveListener {
  private let writer: BundleWriter
  private var question: AnalysisQuestion
  private let profile: () throws -> Profile
  private var wish: [BundleWish] = []
  /// When the errors that wait are told.
  private var due: ContinuousClock.Instant?
  private var last: ContinuousClock.Instant?
  /// Findings that are in a bundle or wait for one.
  private var told: Set<Int> = []

  private static let gathering = Duration.seconds(10)
  private static let pause = Duration.seconds(60)
  /// Findings that are remembered; of an older one that comes back there would be a second bundle.
  private static let mostTold = 20_000

  /// `profile` reads the profile of the question again.
  init(
    _ writer: BundleWriter, question: AnalysisQuestion, profile: @escaping () throws -> Profile
  ) {
    self.writer = writer
    self.question = question
    self.profile = profile
  }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    for event in events { take(event) }
    guard let due, due <= .now, writer.isIdle else { return }
    write()
  }

  /// A profile that cannot be read is told of where findings are judged by it.
  func reopen() {
    if let profile = try? profile() { question.profile = profile }
  }

  /// Writes what waits, and ends.
  func finish() { writer.finish(wish, question) }

  private func take(_ event: LiveEvent) {
    switch event.kind {
    case .withdrawn: wish.removeAll { $0.number == event.number }
    case .opened, .updated, .closed:
      // What was over when this run began has no packets.
      guard event.finding.level == .error, !event.finding.evidence.isEmpty,
        told.insert(event.number).inserted
      else { return }
      wish.append(
        BundleWish(number: event.number, rule: event.finding.rule, account: event.finding.account))
      let soon = ContinuousClock.now + Self.gathering
      due = due ?? max(soon, last.map { $0 + Self.pause } ?? soon)
    }
  }

  private func write() {
    due = nil
    guard !wish.isEmpty else { return }
    writer.begin(wish, question)
    wish = []
    last = .now
    if told.count > Self.mostTold, let newest = told.max() {
      told = told.filter { $0 > newest - Self.mostTold / 2 }
    }
  }
}
