import Registrations

/// The findings that are kept in full: no more than memory has room for.
///
/// Strangers can make millions of accounts with a fault each. Of too many those of the lowest level
/// go first, and among equals those that came last.
struct FindingStore {
  private let most: Int
  /// By level, each in the order they came.
  private var ofAccounts: [[Finding]] = Level.allCases.map { _ in [] }
  /// Findings that concern no single account: few, and worth more than one account's.
  private var ofCapture: [Finding] = []
  private var count = 0
  private(set) var leftOut = 0
  /// What was told, kept or not.
  private(set) var tally = FindingTally()

  init(most: Int) { self.most = most }

  /// Takes in what is told of one account, and says whether any of it was kept.
  mutating func take(_ findings: [Finding]) -> Bool {
    var isKept = false
    for finding in findings {
      tally.add(finding)
      guard hasRoom(for: finding.level) else { continue }
      ofAccounts[finding.level.rawValue].append(finding)
      count += 1
      isKept = true
    }
    return isKept
  }

  /// Takes in what is told of all accounts together.
  mutating func take(ofCapture findings: [Finding]) {
    for finding in findings {
      tally.add(finding)
      if count >= most { drop(below: Level.allCases.count) }
      ofCapture.append(finding)
      count += 1
    }
  }

  private mutating func hasRoom(for level: Level) -> Bool {
    if count < most || drop(below: level.rawValue) { return true }
    leftOut += 1
    return false
  }

  /// Drops the last finding of the lowest level there is, if that is below `level`.
  @discardableResult
  private mutating func drop(below level: Int) -> Bool {
    guard let lowest = ofAccounts.indices.prefix(level).first(where: { !ofAccounts[$0].isEmpty })
    else { return false }
    ofAccounts[lowest].removeLast()
    count -= 1
    leftOut += 1
    return true
  }

  /// Hands over what was kept, the highest level first.
  mutating func handOver() -> [Finding] {
    var all: [Finding] = []
    for level in ofAccounts.indices.reversed() {
      all += ofAccounts[level]
      ofAccounts[level] = []
    }
    defer { ofCapture = [] }
    return all + ofCapture
  }
}

/// How many findings of each rule were told.
struct FindingTally {
  private struct Key: Hashable {
    var rule: String
    var isOutbound: Bool
  }

  private var counts: [Key: Int] = [:]

  fileprivate mutating func add(_ finding: Finding) {
    counts[Key(rule: finding.rule, isOutbound: finding.direction == .outbound), default: 0] += 1
  }

  func count(of rule: String) -> Int {
    (counts[Key(rule: rule, isOutbound: false)] ?? 0) + outbound(rule)
  }

  /// How many were told of accounts that the switch registers elsewhere.
  func outbound(_ rule: String) -> Int { counts[Key(rule: rule, isOutbound: true)] ?? 0 }
}
