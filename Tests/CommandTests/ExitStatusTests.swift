import Testing

@Suite struct ExitStatusTests {
  @Test func `A healthy capture ends with 0 and says what was tested`() throws {
    let run = try Regsift.run("analyze", Package.sample("nat-pinhole-lost/near-miss"))
    #expect(run.status == 0)
    #expect(run.output.contains("no fault found"))
    #expect(run.output.contains("nat-pinhole-lost"))
    #expect(run.errors == "")
  }

  @Test func `A finding of level error ends with 1`() throws {
    let run = try Regsift.run("analyze", Package.sample("nat-pinhole-lost/violated"))
    #expect(run.status == 1)
    #expect(run.output.contains("1001@203.0.113.10 could not be reached for 68 s"))
    #expect(run.errors == "")
  }

  struct FailOn: CustomTestStringConvertible {
    let sample: String
    let level: String
    let status: Int32
    var testDescription: String { "\(sample) with --fail-on \(level): \(status)" }
  }

  @Test(arguments: [
    FailOn(sample: "nat-pinhole-lost/violated", level: "error", status: 1),
    FailOn(sample: "nat-pinhole-lost/violated", level: "notice", status: 1),
    FailOn(sample: "nat-pinhole-lost/violated", level: "never", status: 0),
    FailOn(sample: "transient-outage/violated", level: "error", status: 0),
    FailOn(sample: "transient-outage/violated", level: "warning", status: 1),
    FailOn(sample: "nat-pinhole-lost/near-miss", level: "notice", status: 0),
  ])
  func `The level of --fail-on decides between 0 and 1`(row: FailOn) throws {
    let run = try Regsift.run("analyze", "--fail-on", row.level, Package.sample(row.sample))
    #expect(run.status == row.status)
  }

  @Test func `Trouble wins over findings, and the report has what could be read`() throws {
    let run = try Regsift.run(
      "analyze", "--format", "json", "no-such-file.pcap",
      Package.sample("nat-pinhole-lost/violated"))
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("regsift: no-such-file.pcap: cannot open: No such file"))
    let report = try run.report()
    #expect(report.rules == ["nat-pinhole-lost"])
    #expect(report.files.map { $0["complete"] as? Bool } == [false, true])
    let evidence = try #require(report.findings.first?["evidence"] as? [[String: Any]])
    #expect(evidence.allSatisfy { $0["file"] as? Int == 1 })
  }

  @Test func `When nothing could be opened there is no report`() throws {
    let run = try Regsift.run("analyze", "no-such-file.pcap", "nor-this.pcap")
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errorLines.count == 2)
  }
}
