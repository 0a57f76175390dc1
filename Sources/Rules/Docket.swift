/// What rules say of accounts they need not look at, gathered by what these show.
///
/// Most accounts show the same few signs, so each costs a few additions instead of a question to
/// every rule.
struct Docket {
  /// Accounts that show the same signs.
  private struct Group {
    /// The rules that look at them, by place.
    let looking: [Int]
    let signs: Signs
    var accounts = 0
    var held = TestCounts()
    var tests = TestCounts()

    init(_ signs: Signs, looking: [Int]) {
      self.signs = signs
      self.looking = looking
    }

    mutating func take(_ counts: borrowing TestCounts) {
      accounts += 1
      tests.add(counts, held: &held)
    }
  }

  private let scopes: [Scope]
  /// The signs of each group, in the order of the groups.
  private var signs: [Signs] = []
  private var groups: [Group] = []
  private var places: [Signs: Int] = [:]

  /// Groups compared one by one: nearly all accounts belong to one of these.
  private static let compared = 16

  init(_ rules: [any Rule.Type]) { scopes = rules.map { $0.scope } }

  /// Takes in an account and tells which rules have to look at it.
  mutating func take(_ glance: borrowing Glance) -> [Int] {
    let place = place(of: glance.signs)
    groups[place].take(glance.counts)
    return groups[place].looking
  }

  private mutating func place(of wanted: Signs) -> Int {
    for place in signs.indices.prefix(Self.compared) where signs[place] == wanted { return place }
    if let place = places[wanted] { return place }
    let looking = scopes.indices.filter { !scopes[$0].signs.isDisjoint(with: wanted) }
    signs.append(wanted)
    groups.append(Group(wanted, looking: looking))
    places[wanted] = groups.count - 1
    return groups.count - 1
  }

  /// Adds what rules say of the accounts they have not looked at.
  func settle(_ tallies: inout [RuleTally]) {
    for group in groups {
      for place in tallies.indices where !group.looking.contains(place) {
        if let doubt = scopes[place].doubt, !group.signs.isDisjoint(with: doubt.sign) {
          tallies[place].countUndecided(group.accounts, doubt.why)
          continue
        }
        let test = scopes[place].test
        tallies[place].count(
          group.accounts, held: test.map { group.held[$0] } ?? 0,
          tests: test.map { group.tests[$0] } ?? 0)
      }
    }
  }
}

extension RuleTally {
  /// Counts accounts of which so many were tested and held.
  fileprivate mutating func count(_ accounts: Int, held: Int, tests: Int) {
    self.held += held
    self.tests += tests
    notObserved += accounts - held
  }

  /// Counts accounts of which nothing can be said.
  fileprivate mutating func countUndecided(_ accounts: Int, _ why: String) {
    undecided += accounts
    reasons[why, default: 0] += accounts
  }
}
