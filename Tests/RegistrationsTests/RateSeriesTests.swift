import Capture
import Testing

@testable import Registrations

@Suite("How often, over time")
struct RateSeriesTests {
  private func time(_ seconds: Int64) -> Timestamp {
    Timestamp(nanoseconds: seconds * 1_000_000_000)
  }

  @Test(
    "every event is in one span, however long the capture gets", arguments: [60, 5000, 700_000])
  func spans(_ last: Int64) {
    var series = RateSeries()
    var events = 0
    for second in stride(from: 0, through: last, by: Int(max(last / 500, 1))) {
      series.count(at: time(1_000_000 + Int64(second)))
      events += 1
    }
    #expect(series.counts.reduce(0, +) == events)
    #expect(series.counts.count <= RateSeries.most)
    let told = series.span * series.counts.count
    #expect(told > .seconds(last))
  }

  @Test("a clock that steps back or leaps to the end of time harms nothing")
  func extremes() {
    var series = RateSeries()
    for moment in [time(0), Timestamp(nanoseconds: .max), Timestamp(nanoseconds: .min), time(5)] {
      series.count(at: moment)
    }
    #expect(series.counts.reduce(0, +) == 4)
    #expect(series.counts.count <= RateSeries.most)
  }
}
