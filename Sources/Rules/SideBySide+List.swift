import Capture
import Decode
import Parameters
import Registrations

extension SideBySide {
  /// All such pairs of an account, and why others could not be told.
  ///
  /// A hundred bindings make thousands of pairs: they are counted, and few of them kept.
  struct List {
    /// Pairs kept for evidence.
    private static let mostKept = 2
    /// The first of them in the order of the bindings.
    private(set) var first: [SideBySide] = []
    /// The pair whose newer binding came before those of all others, and the one where it came last.
    private(set) var earliest: SideBySide?
    private(set) var latest: SideBySide?
    private(set) var count = 0
    /// When two were there at once.
    private(set) var spans = Intervals([])
    /// The names of those in any pair, each once, in the order of the pairs.
    private(set) var names: [String] = []
    private(set) var doubt: String?

    init(_ subject: Subject, _ profile: Profile) {
      guard subject.bindings.count > 1 else { return }
      let floor = profile.seconds(.intervalToleranceFloor)
      let end = subject.capture.end
      let made = subject.bindings.filter { !$0.binding.isOnlyListed }
        .sorted { $0.binding.from.time < $1.binding.from.time }
      var holders = Holders(made)
      for place in made.indices {
        var shared: [(from: Timestamp, to: Timestamp)] = []
        for next in made.indices.dropFirst(place + 1) {
          guard
            let pair = SideBySide(older: made[place], newer: made[next], until: end),
            pair.from + floor < pair.to
          else { continue }
          guard let areTwo = pair.areDifferent else {
            note(doubtOf: pair, end)
            continue
          }
          guard areTwo else { continue }
          add(pair)
          shared.append((pair.from, pair.to))
          holders.note(place)
          holders.note(next)
        }
        if !shared.isEmpty { spans = Intervals(spans.spans + shared) }
      }
      names = holders.names
    }

    private mutating func note(doubtOf pair: SideBySide, _ end: Timestamp) {
      // An old binding that ran out alone was left behind.
      guard pair.older.binding.validUntil > end else { return }
      doubt = "a second Contact may be another device or the same one after a move"
    }

    private mutating func add(_ pair: SideBySide) {
      count += 1
      if first.count < Self.mostKept { first.append(pair) }
      if earliest.map({ pair.from < $0.from }) ?? true { earliest = pair }
      if latest.map({ pair.from >= $0.from }) ?? true { latest = pair }
    }
  }

  /// The names of some of the bindings, each made once.
  private struct Holders {
    private let bindings: [ObservedBinding]
    private var isNoted: [Bool]
    private var known: Set<String> = []
    private(set) var names: [String] = []

    init(_ bindings: [ObservedBinding]) {
      self.bindings = bindings
      isNoted = bindings.map { _ in false }
    }

    mutating func note(_ place: Int) {
      guard !isNoted[place] else { return }
      isNoted[place] = true
      let name = bindings[place].binding.holderName
      if known.insert(name).inserted { names.append(name) }
    }
  }
}
