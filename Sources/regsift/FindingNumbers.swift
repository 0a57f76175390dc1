import Capture
import Rules

/// The numbers that events have given to the findings that are there.
struct FindingNumbers {
  /// What tells a finding from others as long as the program runs.
  private struct Name: Hashable {
    let rule: String
    let account: String?
    let from: Timestamp

    init(_ finding: Finding) {
      (rule, account, from) = (finding.rule, finding.account, finding.from)
    }
  }

  private var numbers: [Name: Int] = [:]

  /// How many are remembered.
  var count: Int { numbers.count }

  /// The number of a finding; 0 where no event told of it.
  subscript(finding: Finding) -> Int { numbers[Name(finding)] ?? 0 }

  /// Takes in what became of findings, of which those `present` are left.
  ///
  /// What is over goes without a word in the end: only what is found can tell what to forget.
  mutating func take(_ events: [LiveEvent], present: [Finding]) {
    // What an earlier run has told is updated here, and never was opened.
    for event in events { numbers[Name(event.finding)] = event.number }
    guard numbers.count > present.count else { return }
    let names = Set(present.map(Name.init))
    numbers = numbers.filter { names.contains($0.key) }
  }
}
