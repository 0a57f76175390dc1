import Capture
import Registrations
import Testing
import Timelines

@Suite("What has been over for long is forgotten")
struct ForgettingTests {
  /// A phone that is there all the time, one that leaves, and one that comes two days later.
  private static let timeline = """
    host switch 203.0.113.10:5060
    host stays 198.51.100.21:5060 user 1001 expires 3600
    host leaves 198.51.100.22:5060 user 1002 expires 3600
    host comes 198.51.100.23:5060 user 1003 expires 3600
    0..259200 every 1800 stays -> switch registers
    5..7205 every 1800 leaves -> switch registers
    172805..259205 every 1800 comes -> switch registers
    """

  @Test func `An account nobody has used for a day makes room for another`() throws {
    let history = try track(Self.timeline, memory: .seconds(86_400))
    let names = history.accounts.indices.filter { !history.accounts[$0].isVacant }.map {
      history.accounts[$0].addressOfRecord
    }
    #expect(names == ["1001@203.0.113.10", "1003@203.0.113.10"])
    #expect(history.accounts.count == 2)
  }

  @Test func `Without a memory to speak of nothing is forgotten`() throws {
    let history = try track(Self.timeline, memory: nil)
    #expect(history.accounts.count == 3)
  }

  @Test func `Bindings that have ended go after a day, and stay counted`() throws {
    // A new port every half hour: each registration is a binding of its own.
    let lines = (0..<144).map { "\($0 * 1800) phone moves-to 198.51.100.21:\(20_000 + $0)" }
    let timeline = """
      host switch 203.0.113.10:5060
      host phone 198.51.100.21:5060 inside 192.168.1.2:5060 user 1001 expires 3600
      \(lines.joined(separator: "\n"))
      1..259200 every 1800 phone -> switch registers
      """
    let whole = try track(timeline, memory: nil).accounts[0]
    let recent = try track(timeline, memory: .seconds(36_000)).accounts[0]
    #expect(whole.past.kept.count == 48)
    #expect((18...24).contains(recent.past.kept.count), "\(recent.past.kept.count)")
    #expect(recent.past.total == whole.past.total)
    #expect(recent.current.count == whole.current.count)
  }

  @Test func `A clock that was set back does not keep anything from being forgotten`() throws {
    // Three days ahead for the first hour.
    let timeline = Self.timeline.replacing("5..7205", with: "3605..7205")
    let start = try #require(try Timeline(timeline).frames.first).time
    let history = try track(timeline, memory: .seconds(86_400)) { time in
      time < start + .seconds(3600) ? time + .seconds(3 * 86_400) : time
    }
    #expect(history.counts.clockSteps == 1)
    #expect(history.counts.accountsForgotten == 1)
  }
}
