import Testing

/// Options that decide what is read, judged and reported.
@Suite struct SelectionTests {
  private let flood = Package.sample("register-flood/violated")
  private let pinhole = Package.sample("nat-pinhole-lost/violated")

  private func report(_ arguments: String...) throws -> Report {
    try Regsift().run(["analyze", "--format", "json"] + arguments).report()
  }

  @Test func `Only the rules named are applied`() throws {
    let report = try report("--rule", "stale-binding", "--rule", "nat-pinhole-lost", pinhole)
    #expect(report.testedRules == ["nat-pinhole-lost", "stale-binding"])
    #expect(report.rules == ["nat-pinhole-lost"])
  }

  @Test func `A rule can be left out, and the exit status follows`() throws {
    let run = try Regsift.run(
      "analyze", "--format", "json", "--no-rule", "nat-pinhole-lost", pinhole)
    #expect(run.status == 0)
    #expect(try run.report().rules == [])
    let tested = try run.report().testedRules
    #expect(tested.count > 10 && !tested.contains("nat-pinhole-lost"))
  }

  struct Pattern: CustomTestStringConvertible {
    let pattern: String
    let fits: Bool
    var testDescription: String { pattern }
  }

  @Test(arguments: [
    Pattern(pattern: "1001", fits: true),
    Pattern(pattern: "1001@203.0.113.10", fits: true),
    Pattern(pattern: "10*", fits: true),
    Pattern(pattern: "*@203.0.113.*", fits: true),
    Pattern(pattern: "100[0-5]", fits: true),
    Pattern(pattern: "100", fits: false),
    Pattern(pattern: "2*", fits: false),
    Pattern(pattern: "203*", fits: false),
  ])
  func `A pattern fits the account or its user alone`(row: Pattern) throws {
    let run = try Regsift.run("analyze", "--format", "json", "--account", row.pattern, pinhole)
    #expect(try run.report().accounts == (row.fits ? ["1001@203.0.113.10"] : []))
    #expect(run.status == (row.fits ? 1 : 0))
    #expect(run.errors.contains("no account fits '\(row.pattern)'") == !row.fits)
  }

  @Test func `One of several patterns is enough, and a remark can be silenced`() throws {
    #expect(try report("--account", "2*", "--account", "1*", pinhole).accounts.count == 1)
    let run = try Regsift.run("analyze", "--quiet", "--account", "2*", pinhole)
    #expect(run.errors == "")
  }

  @Test func `Findings under the level asked for are left out`() throws {
    let warning = Package.sample("transient-outage/violated")
    #expect(try report("--level", "warning", warning).rules == ["transient-outage"])
    #expect(try report("--level", "error", warning).rules == [])
  }

  @Test func `A filter decides which frames are read`() throws {
    let all = try report(pinhole)
    let some = try report("--filter", "src host 203.0.113.10", pinhole)
    #expect(try #require(some.messages) < (try #require(all.messages)))
    #expect(some.rules == [])
    #expect(try report("--filter", "udp", pinhole).messages == all.messages)
  }

  @Test func `A filter is compiled for each link type`() throws {
    let sections = Package.path("samples/captures/two-sections.pcapng")
    let all = try report(sections)
    #expect(try report("--filter", "udp port 5060", sections).messages == all.messages)
    #expect(try report("--filter", "tcp", sections).messages == 0)
  }

  @Test func `A filter that a link type cannot answer is trouble with that file`() throws {
    let sections = Package.path("samples/captures/two-sections.pcapng")
    let run = try Regsift.run("analyze", "--filter", "ether host 02:00:00:00:00:01", sections)
    #expect(run.status == 2)
    #expect(run.errorLines.count >= 1)
    #expect(run.errors.contains("two-sections.pcapng: frame"))
    #expect(run.errors.contains("filter 'ether host"))
  }

  @Test func `The switch named is the switch`() throws {
    let named = try report("--switch", "198.51.100.80", "--switch", "[2001:db8::1]:5070", pinhole)
    #expect(
      named.switches.compactMap { $0["address"] as? String } == ["198.51.100.80", "2001:db8::1"])
    #expect(named.switches.last?["port"] as? Int == 5070)
    #expect(named.switches.first?["port"] is Int == false)
  }

  @Test func `A parameter's value and source are in the report`() throws {
    let scratch = try Scratch()
    let profile = try scratch.file(
      "x.profile", "FLOOD_RUN: 30\nSS_ENDPOINT_NAT_EXPIRE: 120\n".utf8)
    let report = try report(
      "--profile", profile, "-p", "ss_endpointnatexpire=90", flood)
    #expect(report.parameter("FLOOD_RUN")?["source"] as? String == "profile")
    #expect(report.parameter("SS_ENDPOINT_NAT_EXPIRE")?["value"] as? Int == 90)
    #expect(report.parameter("SS_ENDPOINT_NAT_EXPIRE")?["source"] as? String == "command-line")
    #expect(report.parameter("FLOOD_SHARE")?["source"] as? String == "documented")
    // Thirty registrations in a row are not in the sample: the setting reached the rule.
    #expect(!report.rules.contains("register-flood"))
  }
}
