import Capture
import Registrations
import Rules
import SavedState

/// The findings of a running capture, each told once when it opens and once when it closes.
struct LiveFindings {
  private struct Entry {
    let number: Int
    var finding: Finding
  }

  private var known: [FindingKey: Entry] = [:]
  private var last = 0
  private var earlier: ToldBefore

  /// Findings kept of which nothing is known, since others have taken their places.
  private static let mostWaiting = Selection().mostFindings

  /// Findings of a run to which an earlier one left what it had `told`.
  init(told: [ToldFinding] = []) { earlier = ToldBefore(told) }

  /// Findings that go on.
  var open: [Finding] {
    known.values.filter { $0.finding.to == nil }.sorted { $0.number < $1.number }.map(\.finding)
  }

  /// What events have called the findings that were taken in last.
  var numbers: FindingNumbers { FindingNumbers(known.mapValues(\.number)) }

  /// Takes in what is found now, and tells what has changed.
  ///
  /// What is no longer found was none, unless it is so old that it may have been forgotten: before
  /// `horizon`. Then what was open is over, and what was closed goes without a word. What an
  /// earlier run told is over as well once its rule, as `held` tells, was tested in this run and
  /// held. Where findings were left out, `isPartial`, nothing is known of those that are missing.
  mutating func take(
    _ findings: [Finding], isPartial: Bool = false,
    horizon: Timestamp = Timestamp(nanoseconds: .min),
    now: Timestamp = Timestamp(nanoseconds: .min),
    held: ([(rule: String, account: String)]) -> [Bool] = { $0.map { _ in false } }
  ) -> [LiveEvent] {
    let findings = findings.sorted { $0.from < $1.from }
    let keys = FindingKey.keys(of: findings)
    let present = Set(keys)
    recognise(keys, present)
    var events: [LiveEvent] = []
    for (key, finding) in zip(keys, findings) {
      if let entry = known[key] {
        known[key]?.finding = finding
        if let kind = Self.change(from: entry.finding, to: finding) {
          events.append(LiveEvent(kind: kind, number: entry.number, finding: finding))
        }
      } else {
        events += opening(finding, key)
      }
    }
    return events + over(by: now, held) + ends(besides: present, isPartial, horizon)
  }

  /// Tells of a finding that was not known.
  private mutating func opening(_ finding: Finding, _ key: FindingKey) -> [LiveEvent] {
    last += 1
    known[key] = Entry(number: last, finding: finding)
    let isTold = earlier.told(finding)
    let event = LiveEvent(kind: isTold ? .updated : .opened, number: last, finding: finding)
    let wasOpen = earlier.recognise(finding)
    guard finding.to != nil && (!isTold || wasOpen) else { return [event] }
    return [event, LiveEvent(kind: .closed, number: last, finding: finding)]
  }

  /// Tells of what is not found any more.
  private mutating func ends(
    besides present: Set<FindingKey>, _ isPartial: Bool, _ horizon: Timestamp
  ) -> [LiveEvent] {
    var events: [LiveEvent] = []
    var waiting = 0
    for (key, entry) in missing(besides: present) {
      let isForgotten = entry.finding.lastSeen < horizon
      if isPartial, !isForgotten, waiting < Self.mostWaiting {
        waiting += 1
        continue
      }
      known[key] = nil
      if isForgotten && entry.finding.to != nil { continue }
      events.append(
        LiveEvent(
          kind: isForgotten ? .closed : .withdrawn, number: entry.number, finding: entry.finding))
    }
    return events
  }

  private func missing(besides present: Set<FindingKey>) -> [(key: FindingKey, value: Entry)] {
    known.filter { !present.contains($0.key) }.sorted { $0.value.number < $1.value.number }
  }

  /// Finds what is known by another proof: a packet that came before may be found later.
  private mutating func recognise(_ keys: [FindingKey], _ present: Set<FindingKey>) {
    let new = keys.filter { known[$0] == nil }
    guard !new.isEmpty else { return }
    var left = Dictionary(
      grouping: missing(besides: present).reversed().map(\.key), by: \.origin)
    for key in new {
      guard let old = left[key.origin]?.popLast() else { continue }
      known[key] = known.removeValue(forKey: old)
    }
  }

  /// What an earlier run told that is over without having come back.
  private mutating func over(
    by now: Timestamp, _ held: ([(rule: String, account: String)]) -> [Bool]
  ) -> [LiveEvent] {
    earlier.over(by: now, held).map { finding in
      last += 1
      return LiveEvent(kind: .closed, number: last, finding: finding)
    }
  }

  private static func change(from old: Finding, to new: Finding) -> LiveEvent.Kind? {
    if old.to == nil && new.to != nil { return .closed }
    return old.count != new.count || old.level != new.level ? .updated : nil
  }
}

extension Finding {
  /// The last packet that it rests on.
  fileprivate var lastSeen: Timestamp { max(to ?? from, evidence.last?.moment.time ?? from) }
}
