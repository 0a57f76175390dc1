import Parameters
import Rules
import Testing
import Timelines

@Suite("Every rule's samples come out as written beside them")
struct SampleTests {
  @Test("expectation", arguments: try Sample.all())
  func expectation(_ sample: Sample) throws {
    let diagnosis = try diagnose(paths: [sample.capturePath], profile: Profile(sample))
    for expected in sample.expectations {
      try check(expected, sample, diagnosis)
    }
    let allowed = Set(sample.allowances.map { "\($0.rule) \($0.account)" })
    let accounts = Set(sample.expectations.map(\.account))
    for finding in diagnosis.findings where finding.level == .error {
      let account = finding.account ?? "-"
      if finding.rule == sample.rule && accounts.contains(account) { continue }
      #expect(
        allowed.contains("\(finding.rule) \(account)"),
        "unexpected \(finding.rule): \(finding.summary)")
    }
  }

  private func check(
    _ expected: Sample.Expectation, _ sample: Sample, _ diagnosis: Diagnosis
  ) throws {
    let verdict = try diagnosis.verdict(of: sample.rule, for: expected.account)
    #expect(
      expected.verdicts.contains(verdict.kind),
      "\(expected.account) came out as \(verdict.kind): \(verdict)")
    guard case .violated(let findings) = verdict, let finding = findings.first,
      expected.verdicts.contains(.violated)
    else { return }
    #expect(!finding.evidence.isEmpty, "no evidence, no finding")
    let last = findings[findings.count - 1]
    if let range = expected.from {
      let from = try #require(diagnosis.seconds(finding.from))
      #expect(range.contains(from), "begins at \(from)")
    }
    if let range = expected.to {
      let to = try #require(diagnosis.seconds(last.to ?? diagnosis.capture.span?.upperBound))
      #expect(range.contains(to), "ends at \(to)")
    }
    if let word = expected.word {
      let text = findings.map { $0.summary + " " + $0.explanation }.joined(separator: " ")
      #expect(text.contains(word), "\(text) does not say \(word)")
    }
  }
}

extension Profile {
  /// The documented defaults with what a sample sets.
  init(_ sample: Sample) throws {
    self.init()
    for setting in sample.settings {
      try set(setting.name, to: setting.value, source: .commandLine)
    }
  }
}

extension Verdict {
  var kind: Sample.Verdict {
    switch self {
    case .violated: .violated
    case .held: .held
    case .notObserved: .notObserved
    case .undecided: .undecided
    }
  }
}
