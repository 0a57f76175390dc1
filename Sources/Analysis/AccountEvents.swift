import Capture
import Registrations

/// One account's events while they are collected: few, however many packets there are.
///
/// What there is more of than `limit` in a lane is joined: events of one lane that ended alike
/// within one slice of the time become a run with a count. Events that a finding names stay.
struct AccountEvents {
  /// The time that is drawn, where that is known; what lies outside is only counted.
  private let window: ClosedRange<Timestamp>?
  private let limit: Int
  private var lanes: [[TimelineEvent]]
  /// From how many events on each lane is thinned the next time.
  private var thresholds: [Int]
  private var outside = 0
  private var leftOut = 0

  /// Runs of a lane that are borne, in multiples of `limit`, where good and bad alternate.
  private static let most = 4

  /// No events yet; without a window those of all times are kept, the longer the coarser.
  init(window: ClosedRange<Timestamp>?, limit: Int) {
    self.window = window
    self.limit = max(limit, 2)
    lanes = TimelineEvent.Lane.allCases.map { _ in [] }
    thresholds = TimelineEvent.Lane.allCases.map { [limit = self.limit] _ in 2 * limit }
  }

  mutating func append(_ event: TimelineEvent) {
    guard window.map({ Self.touches($0, event) }) ?? true else {
      outside += 1
      return
    }
    let lane = Int(event.lane.rawValue)
    lanes[lane].append(event)
    guard lanes[lane].count > thresholds[lane] else { return }
    lanes[lane] = Self.thinned(
      lanes[lane], in: window ?? Self.span(of: lanes[lane]), slices: limit, most: Self.most * limit)
    // Never for less than there is already: what cannot be joined would be gone over each time.
    thresholds[lane] = lanes[lane].count + max(lanes[lane].count, 2 * limit)
  }

  mutating func noteLeftOut() { leftOut += 1 }

  /// Takes the last REGISTER out again, where it was challenged and `fits`.
  mutating func takeChallenged(where fits: (TimelineEvent) -> Bool) -> TimelineEvent? {
    let lane = Int(TimelineEvent.Lane.register.rawValue)
    guard let last = lanes[lane].last, last.count == 1, fits(last) else { return nil }
    return lanes[lane].popLast()
  }

  /// All events by lane and time, no lane with more than about `limit` of them.
  func finished() -> AccountTimeline {
    var events: [TimelineEvent] = []
    for lane in lanes {
      let list =
        lane.count > limit
        // Where good and bad alternate slices have to be wider to hold runs.
        ? Self.thinned(lane, in: window ?? Self.span(of: lane), slices: limit, most: limit) : lane
      events += list.sorted { ($0.first.time, $0.first.frame) < ($1.first.time, $1.first.frame) }
    }
    let joined = events.reduce(0) { $0 + ($1.count > 1 ? $1.count : 0) }
    return AccountTimeline(events: events, joined: joined, outside: outside, leftOut: leftOut)
  }

  /// The same events, as far as they lie in `window`; those that `named` packets begin or end stay.
  func cut(
    to window: ClosedRange<Timestamp>, limit: Int, naming named: Set<FrameReference>
  ) -> AccountEvents {
    var cut = AccountEvents(window: window, limit: limit)
    (cut.outside, cut.leftOut) = (outside, leftOut)
    for event in lanes.joined() {
      guard Self.touches(window, event) else {
        cut.outside += event.count
        continue
      }
      var event = event
      event.isNamed =
        event.count == 1 && (named.contains(event.first.frame) || named.contains(event.last.frame))
      cut.append(event)
    }
    return cut
  }

  private static func touches(_ window: ClosedRange<Timestamp>, _ event: TimelineEvent) -> Bool {
    event.last.time >= window.lowerBound && event.first.time <= window.upperBound
  }

  private static func span(of lane: [TimelineEvent]) -> ClosedRange<Timestamp> {
    let start = lane.map(\.first.time).min() ?? Timestamp(nanoseconds: 0)
    return start...max(start, lane.map(\.last.time).max() ?? start)
  }

  /// Joins within slices of time, which get wider until there are not more than `most`.
  private static func thinned(
    _ list: [TimelineEvent], in window: ClosedRange<Timestamp>, slices: Int, most: Int
  ) -> [TimelineEvent] {
    let length = window.upperBound.nanosecondsSince(window.lowerBound)
    var list = joined(list, slice: max(length / Int64(slices), 1), from: window.lowerBound)
    var slices = slices / 2
    while list.count > most, slices > 1 {
      list = joined(list, slice: max(length / Int64(slices), 1), from: window.lowerBound)
      slices /= 2
    }
    return list
  }

  /// What is joined when it falls together.
  private struct Key: Hashable {
    var slice: Int64
    var outcome: TimelineEvent.Outcome
    var what: String
    var isFromDevice: Bool
  }

  /// Joins within slices of time; what began before `start` falls into the first: whoever sends
  /// says when, and years would have slices without end.
  private static func joined(
    _ list: [TimelineEvent], slice: Int64, from start: Timestamp
  ) -> [TimelineEvent] {
    var runs: [TimelineEvent] = []
    var places: [Key: Int] = [:]
    for event in list {
      guard !event.isNamed else {
        runs.append(event)
        continue
      }
      let key = Key(
        slice: max(event.first.time, start).nanoseconds / slice, outcome: event.outcome,
        what: event.what, isFromDevice: event.isFromDevice)
      if let place = places[key] {
        runs[place].join(event)
      } else {
        places[key] = runs.count
        runs.append(event)
      }
    }
    return runs
  }
}

extension TimelineEvent {
  fileprivate mutating func join(_ other: TimelineEvent) {
    if (other.first.time, other.first.frame) < (first.time, first.frame) { first = other.first }
    if (last.time, last.frame) < (other.last.time, other.last.frame) { last = other.last }
    count += other.count
    if status != other.status { status = 0 }
    wasChallenged = wasChallenged || other.wasChallenged
    answered = nil
  }
}
