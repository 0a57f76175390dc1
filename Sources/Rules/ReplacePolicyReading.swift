import Capture
import Decode
import Parameters
import Registrations

/// A second registration while a binding was valid, and the policy of the switch it shows.
struct ReplacePolicyReading {
  /// How the switch may treat it.
  enum Policy: String, CaseIterable {
    /// The new one replaces the old one.
    case on = "On"
    /// The new one is refused.
    case off = "Off"
    /// Both are kept, which no value of the parameter does.
    case none
  }

  let policy: Policy
  /// When the policy showed, for the first and the last time.
  let from: Timestamp
  let to: Timestamp
  let what: String
  let evidence: [Evidence]

  /// All second registrations of the account that show a policy for certain, and why others do not.
  struct List {
    var readings: [ReplacePolicyReading]
    /// Why it is not known whether both were kept.
    var doubtOfKeeping: String?
    /// Why a refusal may have another reason.
    var doubtOfRefusal: String?

    init(_ subject: Subject, _ profile: Profile) {
      let (pairs, doubt) = SideBySide.all(in: subject, profile)
      let newcomers = NewcomerReading.all(in: subject)
      doubtOfKeeping = doubt
      doubtOfRefusal = newcomers.first?.doubt
      readings = pairs.map(ReplacePolicyReading.init(kept:))
      readings += newcomers.filter { $0.doubt == nil }
        .compactMap(ReplacePolicyReading.init(refused:))
      guard !subject.account.changes.isEmpty, !subject.account.listsSeveral else { return }
      readings += subject.account.changes.kept.filter { $0.kind == .replaced }
        .map(ReplacePolicyReading.init(accepted:))
    }

    func showing(_ policy: Policy) -> [ReplacePolicyReading] {
      readings.filter { $0.policy == policy }
    }
  }

  private init(kept pair: SideBySide) {
    let (old, new) = (pair.older.binding, pair.newer.binding)
    policy = .none
    (from, to) = (pair.from, pair.from)
    what = "\(new.holderName) was accepted and \(old.holderName) kept"
    evidence = [
      Evidence(old.from, "200 OK to \(old.source)"),
      Evidence(new.from, "200 OK to \(new.source)"),
    ]
  }

  private init?(refused reading: NewcomerReading) {
    let series = reading.series
    guard let first = series.first, let last = series.last else { return nil }
    policy = .off
    (from, to) = (first.request.time, last.request.time)
    what = "\(series.source) was refused (\(series.status)) while \(reading.holder.source) was kept"
    var evidence = [Evidence(reading.holder.refreshed, "200 OK to \(reading.holder.source)")]
    if let answer = first.answer {
      evidence.append(Evidence(answer, "\(series.status) to \(series.source)"))
    }
    self.evidence = evidence
  }

  private init(accepted change: OwnershipChange) {
    policy = .on
    (from, to) = (change.moment.time, change.moment.time)
    what = "\(change.next.source) was accepted in the place of \(change.previous.source)"
    evidence = [Evidence(change.moment, "200 OK: replaces \(change.previous.source)")]
  }
}
