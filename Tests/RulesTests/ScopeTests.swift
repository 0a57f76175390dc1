import Parameters
import Rules
import Testing
import Timelines

@Suite("A rule says of accounts it does not look at what it would say if it did")
struct ScopeTests {
  @Test("in every sample", arguments: try Sample.all())
  func sample(_ sample: Sample) throws {
    let profile = try Profile(sample)
    try check(diagnose(paths: [sample.capturePath], profile: profile))
  }

  /// Each rule asked of each account must come to the tallies that the judge keeps.
  private func check(_ diagnosis: Diagnosis) throws {
    let together = Set(RuleCatalogue.ofCapture.map { $0.summary.identifier })
    for tally in diagnosis.rules where !together.contains(tally.rule) {
      var asked = RuleTally(rule: tally.rule)
      for position in diagnosis.accounts.indices {
        switch try #require(diagnosis.verdict(of: tally.rule, at: position)) {
        case .violated: asked.violated += 1
        case .held(let tests):
          asked.held += 1
          asked.tests += tests
        case .notObserved: asked.notObserved += 1
        case .undecided(let why):
          asked.undecided += 1
          asked.reasons[why, default: 0] += 1
        }
      }
      #expect(tally == asked, "\(tally.rule)")
    }
  }
}
