import Analysis
import Capture
import Foundation
import Parameters
import Rules
import Testing

@Suite("Packets that the capturing host lost")
struct LossTests {
  /// Faults that are concluded from something not being seen.
  private static let silent = [
    "register-unanswered/violated", "stale-binding/violated", "nat-pinhole-lost/violated",
    "transient-outage/violated", "binding-expired/violated", "retry-abandoned/violated",
    "registrar-lost-binding/violated-list", "replaced-call-not-released/violated",
    "unregister-missing/violated", "probe-after-removal/violated-keepalive",
    "replaced-binding-still-used/violated", "outbound-expiry-behind-nat/violated-no-refresh",
  ]

  @Test("leave what rests on silence undecided", arguments: silent)
  func during(sample: String) throws {
    let diagnosis = try Self.diagnose(sample) { $0...$1 + .seconds(600) }
    let rule = try #require(sample.split(separator: "/").first.map(String.init))
    #expect(!diagnosis.findings.contains { $0.rule == rule })
    let tally = try #require(diagnosis.rules.first { $0.rule == rule })
    #expect(tally.violated == 0)
    let isDoubted = tally.undecided > 0 || rule.hasPrefix("outbound-expiry")
    #expect(isDoubted, "\(tally)")
  }

  @Test("change nothing when they were lost at another time", arguments: silent)
  func elsewhere(sample: String) throws {
    for loss: (ClosedRange<Int64>, Bool) in [(-86_400...(-3600), false), (7200...86_400, true)] {
      let diagnosis = try Self.diagnose(sample) { (first, last) in
        let time = loss.1 ? last : first
        return time + .seconds(loss.0.lowerBound)...time + .seconds(loss.0.upperBound)
      }
      let whole = try Self.diagnose(sample, loss: nil)
      #expect(diagnosis.findings.map { $0.summary } == whole.findings.map { $0.summary })
      #expect(diagnosis.findings.contains { sample.hasPrefix($0.rule) })
    }
  }

  @Test(
    "leave alone what was seen",
    arguments: [
      "auth-failure-loop/violated", "registration-refused/violated", "contact-takeover/violated",
      "nat-pinhole-lost/violated-icmp", "refresh-after-expiry/violated",
    ])
  func seen(sample: String) throws {
    let diagnosis = try Self.diagnose(sample) { $0...$1 }
    #expect(diagnosis.findings.contains { sample.hasPrefix($0.rule) })
  }

  @Test("may be those for which the file states no time", arguments: silent)
  func withoutTime(sample: String) throws {
    var frames = try storedFrames(path: Self.path(sample))
    var header = try #require(frames.first).header
    header.hasTime = false
    frames.insert(StoredFrame(header: header, bytes: frames[0].bytes), at: 1)
    let diagnosis = Self.diagnose(frames, loss: nil)
    let rule = try #require(sample.split(separator: "/").first.map(String.init))
    #expect(!diagnosis.findings.contains { $0.rule == rule })
    #expect(diagnosis.capture.notes.contains { $0.note == "no-time" && $0.text.contains(": 1.") })
  }

  @Test("leave nothing to judge when that are all of them")
  func allWithoutTime() throws {
    var frames = try storedFrames(path: Self.path("auth-failure-loop/violated"))
    for place in frames.indices {
      frames[place].header.hasTime = false
      frames[place].header.time = Timestamp(nanoseconds: 0)
    }
    let diagnosis = Self.diagnose(frames, loss: nil)
    #expect(diagnosis.findings.isEmpty && diagnosis.accounts.isEmpty)
    #expect(diagnosis.capture.notes.map(\.note) == ["no-time"])
  }

  private static func path(_ sample: String) -> String {
    Place.package.appending(path: "samples/rules/\(sample)/capture.pcap").path
  }

  private static func diagnose(
    _ sample: String, loss: ((Timestamp, Timestamp) -> ClosedRange<Timestamp>)?
  ) throws -> Diagnosis {
    let frames = try storedFrames(path: path(sample))
    let first = try #require(frames.first).header.time
    let last = try #require(frames.last).header.time
    return diagnose(frames, loss: loss.map { $0(first, last) })
  }

  private static func diagnose(
    _ frames: [StoredFrame], loss: ClosedRange<Timestamp>?
  ) -> Diagnosis {
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    if let loss { pipeline.noteLoss(loss) }
    for frame in frames { pipeline.take(frame.header, frame.bytes.span) }
    return pipeline.diagnose(files: [], drops: nil)
  }
}
