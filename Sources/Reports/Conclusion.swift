import Capture
import Rules

/// What a diagnosis comes to, in the words every report for people uses.
struct Conclusion {
  let diagnosis: Diagnosis

  init(_ diagnosis: Diagnosis) { self.diagnosis = diagnosis }

  /// What it all comes to, in one line, and how good or bad that is.
  var verdict: (words: String, style: TextStyle) {
    let capture = diagnosis.capture
    if !diagnosis.findings.isEmpty { return (findingsInWords, worst.style) }
    if !capture.files.isEmpty && capture.files.allSatisfy({ $0.format == nil }) {
      return ("nothing could be read, so nothing can be said", .error)
    }
    if capture.frames == 0 { return ("the capture is empty, so nothing can be said", .warning) }
    if diagnosis.accounts.isEmpty {
      return ("no registration to judge: nothing can be said of any account", .warning)
    }
    return faultless
  }

  /// The findings are in order of their level.
  private var worst: Level { diagnosis.findings.first?.level ?? .notice }

  private var findingsInWords: String {
    let findings = diagnosis.findings
    let counts = Level.allCases.reversed().compactMap { level -> String? in
      // By index, here and below: a loop over the findings would copy each.
      let number = findings.indices.count { findings[$0].level == level }
      return number == 0 ? nil : Words.count(number, level.word)
    }
    let words = Wording.list(counts)
    let affected = Set(findings.indices.compactMap { findings[$0].account })
    guard !affected.isEmpty else {
      let lasts = findings.contains { $0.to == nil }
      return words + (lasts ? "; still going on at the end" : "; all over at the end")
    }
    let still = stillAffected(affected)
    let what = "\(words) on \(Words.grouped(affected.count)) of"
    let end =
      switch still {
      case 0: "all over at the end"
      case affected.count: "still going on at the end"
      default: "\(Words.grouped(still)) still affected at the end"
      }
    return "\(what) \(Words.count(diagnosis.accounts.count, "account")); \(end)"
  }

  /// Accounts whose fault goes on, or that are out of service although nobody tries any more.
  private func stillAffected(_ affected: Set<String>) -> Int {
    let findings = diagnosis.findings
    var still = Set(
      findings.indices.compactMap { findings[$0].to == nil ? findings[$0].account : nil })
    for index in diagnosis.accounts.indices {
      switch diagnosis.accounts.state(at: index) {
      case .refused, .unanswered, .expired:
        let name = diagnosis.accounts.overview(at: index).addressOfRecord
        if affected.contains(name) { still.insert(name) }
      case .registered, .removed, .unknown: break
      }
    }
    return still.count
  }

  /// No finding: what that is worth depends on what could be tested.
  private var faultless: (words: String, style: TextStyle) {
    let rules = diagnosis.rules
    let tests = rules.reduce(0) { $0 + $1.tests }
    let tested = rules.count { $0.held > 0 }
    let undecided = rules.count { $0.undecided > 0 }
    guard tests > 0 else {
      return ("no finding, but nothing was tested: this capture proves nothing", .warning)
    }
    var words = """
      no fault found: \(tested) of \(Words.count(rules.count, "rule")) tested \
      \(Words.count(tests, "time")) and held
      """
    if undecided > 0 { words += "; \(undecided) undecided" }
    return (words, undecided > 0 ? .warning : .good)
  }

  /// Why rules are undecided, each reason with the rules it is the reason of: often one does for many.
  var undecided: [(why: String, rules: [String])] {
    var reasons: [(why: String, rules: [String])] = []
    for tally in diagnosis.rules {
      guard let why = tally.why else { continue }
      if let known = reasons.firstIndex(where: { $0.why == why }) {
        reasons[known].rules.append(tally.rule)
      } else {
        reasons.append((why, [tally.rule]))
      }
    }
    return reasons
  }
}
