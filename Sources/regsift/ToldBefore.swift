import Capture
import Rules
import SavedState

/// What an earlier run has told: it goes on, has happened again, or is over.
struct ToldBefore {
  private struct Subject: Hashable {
    let rule: String
    let account: String?
  }

  private let subjects: Set<Subject>
  /// What was told as open; nothing is left where it is known what became of it.
  private var open: [ToldFinding?]
  /// Where findings of a subject stand in these, the oldest last.
  private var places: [Subject: [Int]] = [:]
  /// Where those stand that are waited for, each looked at in its turn.
  private var turns: [Int]
  private var next = 0

  /// How many are looked at each time.
  private static let most = 16

  /// A run that has `told` of these.
  init(_ told: [ToldFinding]) {
    subjects = Set(told.map { Subject(rule: $0.rule, account: $0.account) })
    open = told.filter { $0.isOpen && $0.account != nil }.sorted { $0.from < $1.from }
    turns = Array(open.indices)
    for place in open.indices.reversed() {
      guard let told = open[place] else { continue }
      places[Subject(rule: told.rule, account: told.account), default: []].append(place)
    }
  }

  /// Whether it has told of this, or of the like before.
  func told(_ finding: Finding) -> Bool {
    subjects.contains(Subject(rule: finding.rule, account: finding.account))
  }

  /// Waits no longer for one that `finding` shows again; says whether there was one.
  mutating func recognise(_ finding: Finding) -> Bool {
    let subject = Subject(rule: finding.rule, account: finding.account)
    while let place = places[subject]?.popLast() {
      guard open[place] != nil else { continue }
      open[place] = nil
      return true
    }
    return false
  }

  /// What is over without having come back, of a few: as `held` tells, the rule was tested and held.
  mutating func over(
    by now: Timestamp, _ held: ([(rule: String, account: String)]) -> [Bool]
  ) -> [Finding] {
    let (places, waiting) = nextInTurn()
    guard !waiting.isEmpty else { return [] }
    var over: [Finding] = []
    let answers = held(waiting.map { ($0.rule, $0.account ?? "") })
    for (place, (told, isOver)) in zip(places, zip(waiting, answers)) {
      guard isOver, let account = told.account,
        let finding = Finding.over(rule: told.rule, account: account, from: told.from, by: now)
      else { continue }
      open[place] = nil
      over.append(finding)
    }
    return over
  }

  /// The next few that are waited for; what is not any more is left out once all had their turn.
  private mutating func nextInTurn() -> (places: [Int], told: [ToldFinding]) {
    if next == turns.count {
      turns.removeAll { open[$0] == nil }
      next = 0
    }
    var (places, told): ([Int], [ToldFinding]) = ([], [])
    while next < turns.count, told.count < Self.most {
      let place = turns[next]
      next += 1
      guard let waiting = open[place] else { continue }
      places.append(place)
      told.append(waiting)
    }
    return (places, told)
  }
}
