import Capture
import Decode

/// When which upstream server had the switch not registered at all.
///
/// A stranger may make thousands of outages at thousands of ports: whatever is asked is looked up
/// in sorted lists that are made once.
struct UpstreamOutages {
  /// An outage, with the latest end of all that began no later.
  private struct Reach {
    var from: Timestamp
    var upstream: IPAddress
    var latest: Timestamp
    /// The latest end of those at any other upstream than the one of `latest`.
    var second: Timestamp?
  }

  private var own: [IPAddress: Intervals] = [:]
  /// All of them by their begin.
  private var all: [Reach] = []

  init(_ failing: [ChecklistTally.Span], _ registered: [ChecklistTally.Span]) {
    let held = Dictionary(grouping: registered, by: \.upstream).mapValues(Self.merged)
    for (upstream, spans) in Dictionary(grouping: failing, by: \.upstream) {
      let failed = Self.merged(spans)
      // Another account may be registered at the same upstream meanwhile.
      let lost = held[upstream].map { failed.subtracting($0) } ?? failed
      if !lost.isEmpty { own[upstream] = lost }
    }
    gather()
  }

  private static func merged(_ spans: [ChecklistTally.Span]) -> Intervals {
    Intervals(spans.map { (from: $0.from, to: $0.to) })
  }

  private mutating func gather() {
    let spans = own.flatMap { upstream, lost in
      lost.spans.map { (upstream: upstream, from: $0.from, to: $0.to) }
    }
    for span in spans.sorted(by: { ($0.from, $0.upstream) < ($1.from, $1.upstream) }) {
      guard var reach = all.last else {
        all.append(Reach(from: span.from, upstream: span.upstream, latest: span.to))
        continue
      }
      reach.from = span.from
      if span.upstream == reach.upstream {
        reach.latest = max(reach.latest, span.to)
      } else if span.to > reach.latest {
        (reach.second, reach.latest, reach.upstream) = (reach.latest, span.to, span.upstream)
      } else {
        reach.second = max(reach.second ?? span.to, span.to)
      }
      all.append(reach)
    }
  }

  var isEmpty: Bool { all.isEmpty }

  /// Whether this upstream was out all the time from `begin` to `end`.
  func covers(_ begin: Timestamp, _ end: Timestamp, at upstream: IPAddress) -> Bool {
    guard let spans = own[upstream]?.spans else { return false }
    let next = spans.firstPlace { $0.from > begin }
    return next > 0 && end <= spans[next - 1].to
  }

  /// Whether one upstream beside this was out all the time from `begin` to `end`.
  func covers(_ begin: Timestamp, _ end: Timestamp, beside upstream: IPAddress) -> Bool {
    latestEnd(before: all.firstPlace { $0.from > begin }, beside: upstream).map { end <= $0 }
      ?? false
  }

  /// Whether any upstream beside this was out at some time from `begin` to `end`.
  func touches(_ begin: Timestamp, _ end: Timestamp, beside upstream: IPAddress) -> Bool {
    latestEnd(before: all.firstPlace { $0.from >= end }, beside: upstream).map { begin < $0 }
      ?? false
  }

  private func latestEnd(before place: Int, beside upstream: IPAddress) -> Timestamp? {
    guard place > 0 else { return nil }
    let reach = all[place - 1]
    return reach.upstream == upstream ? reach.second : reach.latest
  }
}

extension Array {
  /// The first place whose element `isPast`, as all after it are; the end where none is.
  fileprivate func firstPlace(_ isPast: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isPast(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
