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
  private var wishes = BundleWishes()
  /// When the errors that wait are told.
  private var due: ContinuousClock.Instant?
  private var last: ContinuousClock.Instant?

  private static let gathering = Duration.seconds(10)
  private static let pause = Duration.seconds(60)

  /// `profile` reads the profile of the question again.
  init(
    _ writer: BundleWriter, question: AnalysisQuestion, profile: @escaping () throws -> Profile
  ) {
    self.writer = writer
    self.question = question
    self.profile = profile
  }

  func heard(_ events: [LiveEvent], in diagnosis: Diagnosis) {
    if wishes.take(events) {
      let soon = ContinuousClock.now + Self.gathering
      due = due ?? max(soon, last.map { $0 + Self.pause } ?? soon)
    }
    guard let due, due <= .now, writer.isIdle else { return }
    write()
  }

  /// A profile that cannot be read is told of where findings are judged by it.
  func reopen() {
    if let profile = try? profile() { question.profile = profile }
  }

  /// Writes what waits, and ends; trouble is it where any bundle could not be written.
  func finish() -> ExitStatus { writer.finish(wishes.taken(), question) }

  private func write() {
    due = nil
    let wish = wishes.taken()
    guard !wish.isEmpty else { return }
    writer.begin(wish, question)
    last = .now
  }
}
