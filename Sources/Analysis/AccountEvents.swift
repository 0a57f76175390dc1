import Capture
import Registrations

/// One account's events while they are collected: few, however many packets there are.
///
/// What there is more of than `limit` in a lane is joined: events of one lane that ended alike
/// within one slice of the capture's time become a run with a count. Events that a finding names stay.
struct AccountEvents {
  /// The time that is drawn; what lies outside is only counted.
  private let window: ClosedRange<Timestamp>
  private let limit: Int
  private var lanes: [[TimelineEvent]]
  /// From how many events on each lane is thinned the next time.
  private var thresholds: [Int]
  private var outside = 0
  private var leftOut = 0

  init(window: ClosedRange<Timestamp>, limit: Int) {
    self.window = window
    self.limit = max(limit, 2)
    lanes = TimelineEvent.Lane.allCases.map { _ in [] }
    thresholds = TimelineEvent.Lane.allCases.map { [limit = self.limit] _ in 2 * limit }
  }

  mutating func append(_ event: TimelineEvent) {
    guard event.last.time >= window.lowerBound, event.first.time <= window.upperBound else {
      outside += 1
      return
    }
    let lane = Int(event.lane.rawValue)
    lanes[lane].append(event)
    guard lanes[lane].count > thresholds[lane] else { return }
    lanes[lane] = Self.joined(lanes[lane], slice: slice(limit))
    thresholds[lane] = lanes[lane].count + 2 * limit
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
      var list = lane
      // Where good and bad alternate slices have to be wider to hold runs.
      var slices = limit
      while list.count > limit, slices > 1 {
        list = Self.joined(list, slice: slice(slices))
        slices /= 2
      }
      events += list.sorted { ($0.first.time, $0.first.frame) < ($1.first.time, $1.first.frame) }
    }
    let joined = events.reduce(0) { $0 + ($1.count > 1 ? $1.count : 0) }
    return AccountTimeline(events: events, joined: joined, outside: outside, leftOut: leftOut)
  }

  private func slice(_ number: Int) -> Int64 {
    max(window.upperBound.nanosecondsSince(window.lowerBound) / Int64(max(number, 1)), 1)
  }

  /// What is joined when it falls together.
  private struct Key: Hashable {
    var slice: Int64
    var outcome: TimelineEvent.Outcome
    var what: String
    var isFromDevice: Bool
  }

  private static func joined(_ list: [TimelineEvent], slice: Int64) -> [TimelineEvent] {
    var runs: [TimelineEvent] = []
    var places: [Key: Int] = [:]
    for event in list {
      guard !event.isNamed else {
        runs.append(event)
        continue
      }
      let key = Key(
        slice: event.first.time.nanoseconds / slice, outcome: event.outcome, what: event.what,
        isFromDevice: event.isFromDevice)
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
