import Capture
import Foundation
import Testing
import Timelines

@Suite("Samples of rules")
struct SampleTests {
  @Test("every rule has a violated case, a near miss and an undecided one")
  func coverage() throws {
    let samples = try Sample.all()
    let names = Dictionary(grouping: samples, by: \.rule).mapValues { Set($0.map(\.name)) }
    #expect(
      Set(names.keys).isSuperset(of: [
        "nat-pinhole-lost", "stale-binding", "transient-outage", "registration-flapping",
        "refresh-after-expiry", "binding-expired", "auth-failure-loop", "credentials-rejected",
        "registration-refused", "register-unanswered", "register-flood",
      ]))
    for (rule, names) in names {
      #expect(names.isSuperset(of: ["violated", "near-miss", "undecided"]), "\(rule)")
    }
  }

  @Test("the capture is what the timeline says", arguments: try Sample.all())
  func captureAgrees(sample: Sample) throws {
    let bytes = try Timeline(sample.timelineText).captureBytes()
    if Sample.isRecording {
      try sample.record()
      Issue.record("recorded \(sample): run again without REGSIFT_RECORD")
    } else {
      #expect(
        sample.capture == bytes,
        "the timeline changed: look at it, then run the tests with REGSIFT_RECORD=1")
    }
  }

  @Test("the name of a case and its expected verdict agree", arguments: try Sample.all())
  func nameAgrees(sample: Sample) {
    let verdicts = Set(sample.expectations.flatMap(\.verdicts))
    if sample.name.hasPrefix("violated") {
      #expect(verdicts.contains(.violated))
    } else if sample.name.hasPrefix("near-miss") {
      #expect(!verdicts.contains(.violated) && !verdicts.isEmpty)
    } else {
      #expect(sample.name.hasPrefix("undecided"))
      #expect(verdicts == [.undecided])
    }
    #expect(!sample.allowances.contains { $0.rule == sample.rule })
    #expect(sample.timelineText.hasPrefix("# "), "a case begins with what it is about")
  }

  @Test("expected times lie within the capture, in order", arguments: try Sample.all())
  func timesAreInside(sample: Sample) throws {
    let frames = try Timeline(sample.timelineText).frames
    let first = try #require(frames.first?.time)
    let last = try #require(frames.last?.time)
    let length = (last - first).inSeconds + 1
    for expectation in sample.expectations {
      guard let from = expectation.from, let to = expectation.to else { continue }
      #expect(from.lowerBound >= 0 && to.upperBound <= length)
      #expect(from.lowerBound <= to.lowerBound && from.upperBound <= to.upperBound)
    }
  }

  @Test("all addresses are those set aside for examples", arguments: try Sample.all())
  func addressesAreExamples(sample: Sample) {
    let addresses = sample.timelineText.matches(of: /\d+\.\d+\.\d+\.\d+/).map { String($0.output) }
    for address in addresses {
      // RFC 5737, and RFC 1918 for the inside of a NAT.
      let isExample = ["203.0.113.", "198.51.100.", "192.0.2.", "192.168."]
        .contains { address.hasPrefix($0) }
      #expect(isExample, "\(address)")
    }
  }

  @Test(
    "an independent reader finds nothing malformed in any of them",
    .enabled(if: TShark.path != nil, "tshark is not installed"))
  func nothingIsMalformed() throws {
    let frames = try Sample.all().flatMap { try Timeline($0.timelineText).frames }
    let lines = try TShark.fields(
      ["sip.Status-Code", "sip.Method", "_ws.malformed", "_ws.expert.severity"],
      of: captureFile(frames))
    #expect(lines.count == frames.count)
    for line in lines {
      let parts = line.split(separator: "|", omittingEmptySubsequences: false)
      #expect(parts.count == 4 && parts[2].isEmpty, "\(line)")
    }
    #expect(lines.contains { $0.contains("REGISTER") })
  }

  @Test(
    "a wrong line in an expect.txt is named",
    arguments: [
      "1001@h holds", "1001 held", "1001@h violated", "1001@h violated from 1 to 2..3",
      "1001@h violated from 2..1 to 2..3", "1001@h held|violated", "also stale-binding",
      "1001@h violated from 1..2 to 2..3 saying", "# nothing",
    ])
  func wrongExpectations(line: String) {
    #expect(throws: TimelineError.self) { try Sample.expectations(in: line) }
  }

  @Test("expectations are read as written")
  func expectations() throws {
    let (expectations, allowances) = try Sample.expectations(
      in: """
        # why
        1001@h violated from 30..60 to 118..121.5 saying contest
        1002@h held|not-observed # either
        also stale-binding 1001@h
        set SS_ENDPOINT_EXPIRE 300
        """)
    #expect(expectations.count == 2)
    #expect(expectations[0].account == "1001@h" && expectations[0].verdicts == [.violated])
    #expect(expectations[0].from == 30...60 && expectations[0].to == 118...121.5)
    #expect(expectations[0].word == "contest")
    #expect(expectations[1].verdicts == [.held, .notObserved] && expectations[1].from == nil)
    #expect(allowances.map(\.rule) == ["stale-binding"])
    #expect(allowances.map(\.account) == ["1001@h"])
  }

  @Test("what a case sets is read as written")
  func settings() throws {
    let settings = try Sample.settings(
      in: """
        1001@h held
        set SS_ENDPOINT_EXPIRE 300
        set SS_SIP_USER_AGENT_EXPIRE "Auto Negotiation" # quoted for its blank
        """)
    #expect(settings.map(\.name) == ["SS_ENDPOINT_EXPIRE", "SS_SIP_USER_AGENT_EXPIRE"])
    #expect(settings.map(\.value) == ["300", "Auto Negotiation"])
    #expect(throws: TimelineError.self) { try Sample.settings(in: "set SS_ENDPOINT_EXPIRE") }
  }
}
