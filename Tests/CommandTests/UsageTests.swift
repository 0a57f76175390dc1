import Testing

/// Wrong usage is told in one line that names the option, the value, what is accepted and what
/// was probably meant.
@Suite struct UsageTests {
  struct Wrong: CustomTestStringConvertible {
    let arguments: String
    let says: [String]
    var testDescription: String { arguments }

    init(_ arguments: String, says: String...) {
      self.arguments = arguments
      self.says = says
    }
  }

  @Test(arguments: [
    Wrong(
      "", says: "a command is missing", "analyze, sniff, report, rules, parameters",
      "'regsift --help'"),
    Wrong("analyse x", says: "no command 'analyse'", "the nearest is analyze"),
    Wrong("x.pcap", says: "no command 'x.pcap'", "analyze, sniff, report, rules, parameters"),
    Wrong("--frob", says: "'--frob'", "'regsift --help'"),
    Wrong("analyze", says: "Missing expected argument '<capture> ...'", "'regsift analyze --help'"),
    Wrong("analyze --formt json x", says: "'--formt'", "'--format'"),
    Wrong("analyze -x y", says: "'-x'"),
    Wrong("analyze --format", says: "Missing value for '--format <text|json|markdown|html|csv>'"),
    Wrong("analyze --format jsn x", says: "'jsn'", "'--format", "text, json", "nearest is json"),
    Wrong("analyze --format pdf x", says: "'pdf'", "'--format", "markdown, html, csv"),
    Wrong("analyze --level eror x", says: "'eror'", "'--level", "error, warning, notice"),
    Wrong("analyze --fail-on now x", says: "'now'", "'--fail-on", "error, warning, notice, never"),
    Wrong("analyze --color red x", says: "'red'", "'--color", "auto, always, never"),
    Wrong("analyze --utc=yes x", says: "'--utc'", "yes"),
    Wrong(
      "analyze --rule nat-pinhole-lots x", says: "'--rule", "'nat-pinhole-lots'",
      "nearest is nat-pinhole-lost"),
    Wrong("analyze --rule flood x", says: "'flood'", "nearest is register-flood"),
    Wrong("analyze --no-rule zzzzz x", says: "'--no-rule", "'zzzzz'", "'regsift rules' lists"),
    Wrong(
      "analyze --rule register-flood --no-rule register-flood x",
      says: "--rule and --no-rule leave no rule"),
    Wrong("analyze --switch pbx x", says: "'pbx'", "'--switch", "ADDRESS:PORT"),
    Wrong("analyze --switch 192.0.2.1:0 x", says: "'192.0.2.1:0'", "ADDRESS:PORT"),
    Wrong("analyze --switch 192.0.2.1:70000 x", says: "'192.0.2.1:70000'", "ADDRESS:PORT"),
    Wrong("analyze --filter udp,, x", says: "--filter 'udp,,'", "syntax error"),
    Wrong("analyze -p SS_ENDPOINT_EXPIRE x", says: "-p SS_ENDPOINT_EXPIRE", "NAME=VALUE"),
    Wrong(
      "analyze -p SS_ENDPOINT_EXPIER=5 x", says: "\"SS_ENDPOINT_EXPIER\"",
      "nearest name is SS_ENDPOINT_EXPIRE"),
    Wrong("analyze -p QUX=5 x", says: "\"QUX\"", "'regsift parameters' lists them"),
    Wrong(
      "analyze -p FLAPPING_CHANGES=1 x", says: "FLAPPING_CHANGES", "\"1\"", "from 2 to 1000"),
    Wrong("analyze --profile none.profile x", says: "--profile none.profile", "No such file"),
    Wrong("analyze --profile /dev/null --level x", says: "'--level"),
    Wrong("analyze --profile / x", says: "--profile /", "Is a directory"),
    Wrong("report x", says: "Missing expected argument '--output <folder>'"),
    Wrong("report --output /dev/null x", says: "--output /dev/null", "Not a directory"),
    Wrong("report --output /tmp - -", says: "-: standard input can be read only once"),
    Wrong("report --output /tmp /dev/zero", says: "/dev/zero", "read twice", "'-'"),
    Wrong("rules nat-pinhole-lots", says: "'nat-pinhole-lots'", "nearest is nat-pinhole-lost"),
    Wrong("rules register-flood binding-expired", says: "Unexpected argument 'binding-expired'"),
    Wrong("parameters --scenario natt", says: "'natt'", "'--scenario", "nearest is nat"),
    Wrong(
      "analyze --scenario nat --scenario lan x", says: "--scenario lan", "SS_SIP_USER_AGENT_EXPIRE",
      "120 to 300 (nat)", "600 to 3600 (lan)"),
    Wrong("parameters --template --format json", says: "--template", "--format"),
    Wrong("parameters --format yaml", says: "'yaml'", "text, json"),
    Wrong("parameters -p X", says: "-p X", "'regsift parameters --help'"),
  ])
  func `Wrong usage ends with 64 and one line`(row: Wrong) throws {
    let run = try Regsift().run(row.arguments.split(separator: " ").map(String.init))
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(run.errorLines.count == 1)
    #expect(run.errors.hasPrefix("regsift: "))
    #expect(run.errors.contains("--help'"))
    for words in row.says { #expect(run.errors.contains(words)) }
  }

  @Test func `A profile's mistake is told with its line`() throws {
    let scratch = try Scratch()
    let profile = try scratch.file("x.profile", "# mine\nFLOOD_RUN: 1\n".utf8)
    let run = try Regsift.run("analyze", "--profile", profile, "x.pcap")
    #expect(run.status == 64)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains("\(profile):2: FLOOD_RUN does not accept \"1\""))
    #expect(run.errors.contains("from 2 to 1000"))
  }

  @Test func `A profile that is no text is refused`() throws {
    let scratch = try Scratch()
    let profile = try scratch.file("x.profile", [0x46, 0xFF, 0xFE])
    let run = try Regsift.run("parameters", "--profile", profile)
    #expect(run.status == 64)
    #expect(run.errors.contains("--profile \(profile): is not text in UTF-8"))
  }

  @Test func `A profile without end is refused`() throws {
    let run = try Regsift.run("parameters", "--profile", "/dev/zero")
    #expect(run.status == 64)
    #expect(run.errors.contains("is longer than"))
  }

  @Test func `A capture is not overwritten by its own report`() throws {
    let scratch = try Scratch()
    let packets = try Packets(Package.sample("nat-pinhole-lost/violated"))
    let capture = try scratch.file("night.pcap", packets.capture(packets.records.indices))
    let run = try Regsift.run("analyze", "--output", scratch.folder + "/./night.pcap", capture)
    #expect(run.status == 64)
    #expect(run.errors.contains("is the capture \(capture)"))
    #expect(try Packets(capture).records == packets.records)
  }
}
