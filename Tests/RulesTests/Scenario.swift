import Capture
import Registrations
import Rules
import Testing
import Timelines

/// A situation from the field with what an expert would conclude from its packets.
struct Scenario: Sendable, CustomTestStringConvertible {
  /// The conclusion in a sentence; names the test case.
  let conclusion: String
  /// What happens, in the language of `samples/README.md`.
  let timeline: String
  /// Every finding of level warning or error that must come out; no other may.
  let findings: [ExpectedFinding]
  /// Rules of level warning that also fire, and rightly, but are not what this is about.
  let asides: Set<String>
  /// Further verdicts that must come out.
  let verdicts: [ExpectedVerdict]

  var testDescription: String { conclusion }

  init(
    _ conclusion: String, _ timeline: String, finds findings: [ExpectedFinding] = [],
    beside asides: Set<String> = [], verdicts: [ExpectedVerdict] = []
  ) {
    self.conclusion = conclusion
    self.timeline = timeline
    self.findings = findings
    self.asides = asides
    self.verdicts = verdicts
  }
}

/// The account of most scenarios.
let usualAccount = "1001@203.0.113.10"

/// A finding that must come out, with its span and proof.
struct ExpectedFinding: Sendable {
  var rule: String
  var account: String
  /// Seconds after the first packet.
  var from: Double
  /// Seconds after the first packet; `nil` while it goes on at the end of the capture.
  var to: Double?
  /// The frames of its evidence, in order; `nil` where several packets prove the same.
  var frames: [UInt32]?
  /// What its summary or explanation must say.
  var words: [String]

  init(
    _ rule: String, of account: String = usualAccount, from: Double, to: Double?,
    frames: [UInt32]?, says words: String...
  ) {
    self.rule = rule
    self.account = account
    self.from = from
    self.to = to
    self.frames = frames
    self.words = words
  }
}

/// What a rule must say of an account.
struct ExpectedVerdict: Sendable {
  var rule: String
  var account: String
  var kind: Sample.Verdict

  init(_ rule: String, of account: String = usualAccount, _ kind: Sample.Verdict) {
    self.rule = rule
    self.account = account
    self.kind = kind
  }
}

extension Scenario {
  /// Diagnoses the timeline and compares.
  func check() throws {
    let diagnosis = try diagnose(timeline)
    var rest = diagnosis.findings.filter { $0.level >= .warning }
    for expected in findings {
      let index = rest.firstIndex {
        $0.rule == expected.rule && $0.account == expected.account
          && abs((diagnosis.seconds($0.from) ?? -1) - expected.from) < 0.05
      }
      guard let index else {
        Issue.record("no \(expected.rule) of \(expected.account) from \(expected.from)")
        continue
      }
      check(rest.remove(at: index), expected, diagnosis)
    }
    for finding in rest where finding.level == .error || !asides.contains(finding.rule) {
      Issue.record("\(finding.rule) of \(finding.account ?? "nobody"): \(finding.summary)")
    }
    for expected in verdicts {
      let verdict = try diagnosis.verdict(of: expected.rule, for: expected.account)
      #expect(
        verdict.kind == expected.kind,
        "\(expected.rule) of \(expected.account) came out as \(verdict)")
    }
  }

  private func check(
    _ finding: Finding, _ expected: ExpectedFinding, _ diagnosis: Diagnosis
  ) {
    let to = diagnosis.seconds(finding.to)
    switch (to, expected.to) {
    case (let to?, let wanted?):
      #expect(abs(to - wanted) < 0.05, "\(finding.rule) ends at \(to), not \(wanted)")
    default:
      #expect(to == expected.to, "\(finding.rule) goes on or ended, against what is expected")
    }
    let frames = finding.evidence.map(\.moment.frame.number)
    #expect(!frames.isEmpty, "no evidence, no finding")
    if let wanted = expected.frames { #expect(frames == wanted) }
    let text = finding.summary + "\n" + finding.explanation
    for word in expected.words {
      #expect(text.contains(word), "\(text) does not say: \(word)")
    }
  }
}
