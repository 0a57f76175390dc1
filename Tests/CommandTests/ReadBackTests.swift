import Foundation
import Testing

/// A capture taken as if its packets came now.
@Suite struct ReadBackTests {
  @Test(arguments: [
    "nat-pinhole-lost/violated-call-lost", "register-unanswered/violated",
    "binding-expired/violated",
    "register-flood/violated", "registration-scan/violated", "trunk-outage/violated",
  ])
  func `The report at the end is that of the file`(sample: String) throws {
    let scratch = try Scratch()
    let report = scratch.path("report.json")
    let run = try Regsift.run(
      "sniff", "--read-back", Package.sample(sample), "--format", "json", "--output", report)
    let offline = try Regsift.run("analyze", "--format", "json", Package.sample(sample))
    #expect(scratch.text("report.json") == offline.output)
    #expect(run.status == offline.status)
  }

  @Test func `The parts of a capture are one timeline`() throws {
    let files = ["probe-ignored/violated", "binding-expired/violated"].map(Package.sample)
    let run = try Regsift().run(
      ["sniff", "--quiet", "--format", "ndjson"] + files.flatMap { ["--read-back", $0] })
    let offline = try Regsift().run(["analyze", "--format", "json"] + files).report()
    let end = try #require(try Self.events(run).last)
    #expect(end["event"] as? String == "end")
    let report = try #require(end["report"] as? [String: Any])
    #expect((report["findings"] as? [Any])?.count == offline.findings.count)
  }

  @Test func `A finding opens when the time it takes has passed without a packet`() throws {
    // The last transmission is at 31.5 s; nothing comes after that but a packet at 95 s.
    let run = try Regsift.run(
      "sniff", "--read-back", Package.sample("register-unanswered/violated"), "--format", "ndjson")
    let events = try Self.events(run)
    let opened = events.firstIndex { event in
      event["event"] as? String == "opened"
        && (event["finding"] as? [String: Any])?["rule"] as? String == "register-unanswered"
    }
    #expect(opened != nil && opened != events.count - 1)
  }

  @Test func `Decades in which nothing happens pass at once`() throws {
    let scratch = try Scratch()
    // The last second that fits into a record, in 2106; judged every ten seconds it would take hours.
    let record: [UInt32] = [
      0xA1B2_C3D4, 0x0004_0002, 0, 0, 65_535, 1, .max, 0, 14, 14, 0, 0, 0, 0,
    ]
    let bytes = record.flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    try Data(bytes.dropLast(2)).write(to: URL(fileURLWithPath: scratch.path("far.pcap")))
    let files = [Package.sample("register-unanswered/violated"), scratch.path("far.pcap")]
    _ = try Regsift().run(
      ["sniff", "--format", "json", "--output", scratch.path("report.json")]
        + files.flatMap { ["--read-back", $0] })
    let offline = try Regsift().run(["analyze", "--format", "json"] + files)
    #expect(scratch.text("report.json") == offline.output)
    #expect(try offline.report().frames == 22)
  }

  @Test func `Twice read is twice the same`() throws {
    let arguments = [
      "sniff", "--read-back", Package.sample("trunk-outage/violated"), "--format", "ndjson",
    ]
    let run = try Regsift().run(arguments)
    #expect(run.output == (try Regsift().run(arguments)).output)
    #expect(try Self.events(run).count > 1)
  }

  @Test func `A filter applies to what is read`() throws {
    let sample = Package.sample("nat-pinhole-lost/violated")
    let run = try Regsift.run(
      "sniff", "--read-back", sample, "--filter", "icmp", "--format", "ndjson")
    let end = try #require(try Self.events(run).last)
    let capture = (end["report"] as? [String: Any])?["capture"] as? [String: Any]
    #expect(capture?["sip_messages"] as? Int == 0)
  }

  @Test(arguments: [
    (["-i", "lo", "--read-back", "x.pcap"], "takes the place of an interface"),
    (["--read-back", "-", "--read-back", "-"], "can be read only once"),
  ])
  func `What makes no sense is refused`(arguments: [String], message: String) throws {
    let run = try Regsift().run(["sniff"] + arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(message))
  }

  @Test func `A capture that is not there is named`() throws {
    let run = try Regsift.run("sniff", "--read-back", "nosuch.pcap")
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1 && run.errors.contains("nosuch.pcap"))
  }

  private static func events(_ run: Run) throws -> [[String: Any]] {
    try run.output.split(separator: "\n").map {
      try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
  }
}
