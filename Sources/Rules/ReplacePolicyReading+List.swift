import Capture
import Parameters
import Registrations

extension ReplacePolicyReading {
  /// All readings of an account that show one policy.
  struct Tally {
    /// The first in the order they are told of.
    let first: ReplacePolicyReading
    /// Those that began first and last.
    private(set) var earliest: ReplacePolicyReading
    private(set) var latest: ReplacePolicyReading
    /// When the last one ended.
    private(set) var to: Timestamp
    private(set) var count = 0

    init(_ first: ReplacePolicyReading) {
      (self.first, earliest, latest, to) = (first, first, first, first.to)
    }

    mutating func add(_ reading: ReplacePolicyReading) {
      count += 1
      if reading.from < earliest.from { earliest = reading }
      if reading.from >= latest.from { latest = reading }
      to = max(to, reading.to)
    }

    /// All pairs side by side of an account.
    init?(_ pairs: SideBySide.List) {
      guard let first = pairs.first.first, let earliest = pairs.earliest,
        let latest = pairs.latest
      else { return nil }
      self.first = ReplacePolicyReading(kept: first)
      self.earliest = ReplacePolicyReading(kept: earliest)
      self.latest = ReplacePolicyReading(kept: latest)
      (to, count) = (self.latest.to, pairs.count)
    }
  }

  /// All second registrations of the account that show a policy for certain, and why others do not.
  struct List {
    private(set) var tallies: [Policy: Tally] = [:]
    /// Why it is not known whether both were kept.
    let doubtOfKeeping: String?
    /// Why a refusal may have another reason.
    let doubtOfRefusal: String?

    init(_ subject: Subject, _ profile: Profile) {
      let pairs = SideBySide.List(subject, profile)
      let newcomers = NewcomerReading.all(in: subject)
      doubtOfKeeping = pairs.doubt
      doubtOfRefusal = newcomers.first?.doubt
      tallies[.none] = Tally(pairs)
      for newcomer in newcomers where newcomer.doubt == nil {
        if let reading = ReplacePolicyReading(refused: newcomer) { add(reading) }
      }
      guard !subject.account.changes.isEmpty, !subject.account.listsSeveral else { return }
      for change in subject.account.changes.kept where change.kind == .replaced {
        add(ReplacePolicyReading(accepted: change))
      }
    }

    private mutating func add(_ reading: ReplacePolicyReading) {
      tallies[reading.policy, default: Tally(reading)].add(reading)
    }
  }
}
