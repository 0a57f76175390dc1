import Foundation
import Reports
import Rules
import Testing
import Timelines

@Suite("JSON report")
struct JSONReportTests {
  @Test("every sample gives an object of the promised shape", arguments: try Sample.all())
  func sampleHasShape(sample: Sample) throws {
    let diagnosis = diagnosis(of: [sample.capturePath])
    let report = try parsed(json(diagnosis))
    Shape.report.check(report, at: "report")
    try checkOrder(of: report)
    #expect((report["accounts"] as? [Any])?.count == diagnosis.accounts.count)
    #expect((report["findings"] as? [Any])?.count == diagnosis.findings.count)
  }

  @Test(
    "every lab capture gives an object of the promised shape",
    .enabled(if: LabCaptures.exist, "the lab captures are not here"),
    arguments: LabCaptures.paths)
  func labHasShape(path: String) throws {
    let report = try parsed(json(diagnosis(of: [path])))
    Shape.report.check(report, at: "report")
    try checkOrder(of: report)
    #expect(report["accounts"] as? [Any] != nil)
  }

  /// Identifiers count from F1; errors come before warnings, within a level the earlier one first.
  private func checkOrder(of report: [String: Any]) throws {
    let findings = try #require(report["findings"] as? [[String: Any]])
    let ranks = ["error": 0, "warning": 1, "notice": 2]
    var previous = (-1, "")
    for (index, finding) in findings.enumerated() {
      #expect(finding["id"] as? String == "F\(index + 1)")
      let level = try #require(finding["level"] as? String)
      let key = (try #require(ranks[level]), try #require(finding["from"] as? String))
      #expect(previous <= key)
      previous = key
      #expect((finding["evidence"] as? [Any])?.isEmpty == false, "no evidence, no finding")
    }
  }

  @Test("what a lost pinhole leaves behind is there in numbers")
  func pinholeIsTold() throws {
    let report = try parsed(json(diagnosis(of: [try sample("nat-pinhole-lost", "violated")])))
    let account = try #require((report["accounts"] as? [[String: Any]])?.first)
    #expect(account["account"] as? String == "1001@203.0.113.10")
    #expect(account["state"] as? String == "registered")
    #expect(account["direction"] as? String == "inbound")
    let probes = try #require(account["probes"] as? [String: Double])
    #expect(probes == ["sent": 5, "answered": 2, "interval_seconds": 30])
    let pinhole = try #require(account["pinhole"] as? [String: Double])
    #expect(
      pinhole == [
        "longest_open_seconds": 9.99, "shortest_closed_seconds": 29.99,
        "recommended_keepalive_seconds": 7, "recommended_expiry_seconds": 64,
      ])
    let bindings = try #require(account["bindings"] as? [[String: Any]])
    #expect(bindings.compactMap { $0["end"] as? String } == ["refreshed", "open"])
    #expect(
      bindings.compactMap { $0["flow"] as? String }
        == ["198.51.100.80:52094", "198.51.100.80:31343"])
    #expect(bindings.first?["to"] as? String == "2026-01-01T00:01:48.012000Z")
    #expect(bindings.last?["to"] is NSNull)
    let evidence = try #require(
      (report["findings"] as? [[String: Any]])?.first?["evidence"] as? [[String: Any]])
    #expect(evidence.compactMap { $0["frame"] as? Int } == [6, 7, 9, 10])
  }

  @Test("a finding that goes on when the capture ends has no end")
  func openFinding() throws {
    let report = try parsed(json(diagnosis(of: [try sample("stale-binding", "violated")])))
    let finding = try #require((report["findings"] as? [[String: Any]])?.first)
    #expect(finding["to"] is NSNull)
    #expect(finding["from"] as? String == "2026-01-01T00:01:30.000000Z")
  }

  @Test("a probe without NAT measures no pinhole")
  func noPinholeWithoutNAT() throws {
    let report = try parsed(json(diagnosis(of: [try sample("stale-binding", "violated")])))
    let accounts = try #require(report["accounts"] as? [[String: Any]])
    #expect(accounts.allSatisfy { $0["pinhole"] is NSNull })
    #expect(accounts.contains { $0["probes"] is [String: Any] })
  }

  @Test("the arithmetic of an outage stands beside the finding it belongs to, and at no other")
  func failover() throws {
    let report = try parsed(json(diagnosis(of: [try sample("trunk-outage", "violated")])))
    let findings = try #require(report["findings"] as? [[String: Any]])
    for finding in findings {
      let isOutage = finding["rule"] as? String == "trunk-outage"
      #expect((finding["failover"] != nil) == isOutage)
    }
    let outage = try #require(findings.first { $0["rule"] as? String == "trunk-outage" })
    let failover = try #require(outage["failover"] as? [String: Any])
    let rows = try #require(failover["what_if"] as? [[String: Any]])
    #expect(rows.compactMap { $0["delay_seconds"] as? Double } == [30, 60, 120, 300])
    // Three times 32 s and 60 s of wait, until the last REGISTER that was refused.
    #expect(failover["upstream_seconds_least"] as? Double == 276)
    #expect(failover["waiting_seconds_most"] as? Double == 60)
  }

  @Test("an input that was not read is listed with its error, times are null")
  func unreadInput() throws {
    let report = try parsed(json(diagnosis(of: ["no/such/capture.pcap"])))
    Shape.report.check(report, at: "report")
    let capture = try #require(report["capture"] as? [String: Any])
    let file = try #require((capture["files"] as? [[String: Any]])?.first)
    #expect(file["complete"] as? Bool == false)
    #expect(file["format"] is NSNull)
    #expect((file["error"] as? String)?.contains("no/such/capture.pcap") == true)
    #expect(capture["first"] is NSNull && capture["last"] is NSNull)
    #expect((report["accounts"] as? [Any])?.isEmpty == true)
  }

  @Test("a torn capture is reported as far as it goes")
  func tornInput() throws {
    let report = try parsed(json(diagnosis(of: [capturesFolder + "/torn-tail.pcap"])))
    let file = try #require(
      ((report["capture"] as? [String: Any])?["files"] as? [[String: Any]])?.first)
    #expect(file["complete"] as? Bool == false)
    #expect(file["format"] as? String == "pcap")
    #expect(file["frames"] as? Int == 1)
  }

  @Test("the same diagnosis gives the same bytes, whatever the tables are keyed with")
  func isDeterministic() throws {
    let path = try sample("registration-flapping", "violated")
    let bytes = json(diagnosis(of: [path], seed: 1))
    #expect(bytes == json(diagnosis(of: [path], seed: 2)))
    #expect(bytes.last == UInt8(ascii: "\n"))
  }

  @Test("a report on very many accounts is handed on in small pieces")
  func isStreamed() throws {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated")])
    diagnosis.accounts = diagnosis.accounts.selecting(Array(repeating: 0, count: 2000))
    diagnosis.findings = Array(repeating: try #require(diagnosis.findings.first), count: 2000)
    var sink = PieceSink()
    try JSONReport.write(diagnosis, to: &sink)
    #expect(sink.total > 2_000_000)
    #expect(sink.largest < 100_000)
    #expect(sink.pieces > 20)
  }

  @Test("a sink that fails ends the writing with its own error")
  func failurePasses() throws {
    let diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated")])
    var sink = PieceSink(room: 0)
    #expect(throws: PieceSink.Full()) { try JSONReport.write(diagnosis, to: &sink) }
    #expect(throws: PieceSink.Full()) { try TextReport.write(diagnosis, to: &sink) }
  }
}

private func parsed(_ bytes: [UInt8]) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
}

/// A sink that counts what it is given, and takes `room` bytes at most.
private struct PieceSink: ReportSink {
  struct Full: Error, Equatable {}

  var room = Int.max
  var total = 0
  var largest = 0
  var pieces = 0

  mutating func write(_ bytes: Span<UInt8>) throws(Full) {
    guard bytes.count <= room - total else { throw Full() }
    total += bytes.count
    largest = max(largest, bytes.count)
    pieces += 1
  }
}
