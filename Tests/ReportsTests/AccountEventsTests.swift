import Capture
import FuzzTargets
import Registrations
import Testing

@testable import Analysis

/// What is kept of an account whose calls began long before the time that is drawn.
@Suite("The events of an account")
struct AccountEventsTests {
  private static let hour = time(1_000_000)...time(1_003_600)

  private static func time(_ seconds: Int) -> Timestamp {
    Timestamp(seconds: Int64(seconds), nanoseconds: 0)
  }

  private static func at(_ seconds: Int, frame: Int) -> Moment {
    Moment(time: time(seconds), frame: FrameReference(file: 0, number: UInt32(frame)))
  }

  /// A call that began days before the time drawn, and ends in it.
  private static func call(_ number: Int) -> TimelineEvent {
    var call = TimelineEvent(
      .call, "INVITE", isFromDevice: false, at: at(900 * (number % 1000), frame: 2 * number + 1))
    call.last = at(1_000_030, frame: 2 * number + 2)
    call.outcome = .good
    return call
  }

  @Test("are joined where they begin before the time that is drawn")
  func earlier() {
    var events = AccountEvents(window: Self.hour, limit: 20)
    for number in 0..<1000 { events.append(Self.call(number)) }
    let timeline = events.finished()
    #expect(timeline.events.count <= 20)
    #expect(timeline.events.reduce(0) { $0 + $1.count } == 1000)
  }

  @Test("cost no more the more there are of them that cannot be joined")
  func growth() {
    func cost(_ count: Int) -> Double {
      var events = AccountEvents(window: Self.hour, limit: 20)
      let begun = ProcessorTime.now
      for number in 0..<count {
        var call = Self.call(number)
        call.isNamed = true
        events.append(call)
      }
      return Double(ProcessorTime.now - begun) / Double(count)
    }
    let few = (0..<3).map { _ in cost(200) }.min() ?? 0
    let many = cost(6000)
    #expect(many < 6 * few, "\(few) ns an event became \(many)")
  }
}
