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

  /// What showed it; words are made of it for a finding alone.
  private enum Sign {
    case kept(SideBySide)
    case refused(NewcomerReading)
    case accepted(OwnershipChange)
  }

  /// When the policy showed, for the first and the last time.
  let from: Timestamp
  let to: Timestamp
  private let sign: Sign

  init(kept pair: SideBySide) {
    (from, to, sign) = (pair.from, pair.from, .kept(pair))
  }

  init?(refused reading: NewcomerReading) {
    guard let first = reading.series.first, let last = reading.series.last else { return nil }
    (from, to, sign) = (first.request.time, last.request.time, .refused(reading))
  }

  init(accepted change: OwnershipChange) {
    (from, to, sign) = (change.moment.time, change.moment.time, .accepted(change))
  }

  var policy: Policy {
    switch sign {
    case .kept: .none
    case .refused: .off
    case .accepted: .on
    }
  }

  /// What happened, in a sentence.
  var what: String {
    switch sign {
    case .kept(let pair):
      let (old, new) = (pair.older.binding, pair.newer.binding)
      return "\(new.holderName) was accepted and \(old.holderName) kept"
    case .refused(let reading):
      let series = reading.series
      return
        "\(series.source) was refused (\(series.status)) while \(reading.holder.source) was kept"
    case .accepted(let change):
      return "\(change.next.source) was accepted in the place of \(change.previous.source)"
    }
  }

  var evidence: [Evidence] {
    switch sign {
    case .kept(let pair):
      return [pair.older.binding, pair.newer.binding].map {
        Evidence($0.from, "200 OK to \($0.source)")
      }
    case .refused(let reading):
      let series = reading.series
      let held = Evidence(reading.holder.refreshed, "200 OK to \(reading.holder.source)")
      guard let answer = series.first?.answer else { return [held] }
      return [held, Evidence(answer, "\(series.status) to \(series.source)")]
    case .accepted(let change):
      return [Evidence(change.moment, "200 OK: replaces \(change.previous.source)")]
    }
  }
}
