import Analysis
import Capture
import Parameters
import Registrations
import Rules
import Testing
import Timelines

@testable import Reports

@Suite struct MetricsReportTests {
  private static let start = Timestamp(nanoseconds: 1_700_000_000_500_000_000)

  private func text(
    _ diagnosis: Diagnosis, accounts: Int = 0, seen: [Finding] = []
  ) -> String {
    var run = MetricsReport.Run(start: Self.start, judged: Self.start + .seconds(60))
    run.residentBytes = 4096
    run.mostAccounts = accounts
    for finding in seen { run.seen.add(finding) }
    var buffer = ReportBuffer()
    MetricsReport.write(diagnosis, run, to: &buffer)
    return buffer.text
  }

  private func metrics(
    _ diagnosis: Diagnosis, accounts: Int = 0, seen: [Finding] = []
  ) throws -> Exposition {
    try Exposition(text(diagnosis, accounts: accounts, seen: seen))
  }

  @Test(arguments: try Sample.all().filter { $0.name == "violated" })
  func `Every sample's metrics are well formed and agree with its findings`(
    sample: Sample
  ) throws {
    let diagnosis = diagnosis(of: [sample.capturePath])
    let metrics = try metrics(diagnosis, accounts: 50, seen: diagnosis.findings)
    #expect(metrics.value("regsift_start_time_seconds") == 1_700_000_000.5)
    #expect(metrics.value("regsift_last_judging_timestamp_seconds") == 1_700_000_060.5)
    #expect(metrics.value("regsift_resident_memory_bytes") == 4096)
    let open = diagnosis.findings.count { $0.to == nil }
    let told = try #require(metrics.family("regsift_findings_open")).samples
    #expect(told.reduce(0) { $0 + $1.value } == Double(open))
    for finding in diagnosis.findings {
      let labels = ["rule": finding.rule, "level": finding.level.word]
      #expect(metrics.value("regsift_findings_total", labels) ?? 0 >= 1)
    }
    let states = try #require(metrics.family("regsift_accounts")).samples
    #expect(states.reduce(0) { $0 + $1.value } == Double(diagnosis.accounts.count))
    #expect(
      metrics.value("regsift_register_requests_total")
        == Double(diagnosis.overview.measures.registers))
  }

  @Test func `Every rule has a sample from the start, so that its first finding is a rise`() throws
  {
    let metrics = try metrics(diagnosis(of: [try sample("proxy-challenge", "near-miss-401")]))
    for family in ["regsift_findings_open", "regsift_findings_total"] {
      let rules = try #require(metrics.family(family)).samples.compactMap { $0.labels["rule"] }
      #expect(Set(rules) == Set(RuleCatalogue.summaries.map(\.identifier)))
    }
  }

  @Test func `Registrations and refreshes are measured in seconds`() throws {
    let (diagnosis, _) = try readTwice(
      """
      host switch 203.0.113.10:5060
      host phone 198.51.100.80:5060 user 1001 expires 60
      0 phone -> switch registers
      51 phone -> switch registers
      85 phone -> switch registers
      200 phone -> switch registers
      201 switch -> phone OPTIONS answered 200
      205 switch -> phone OPTIONS
      """)
    let metrics = try metrics(diagnosis)
    func margins(to end: String) -> Double? {
      metrics.value("regsift_refresh_margin_seconds_bucket", ["le": end])
    }
    // 9 s and 26 s were left; the last refresh came after the time was over.
    #expect(margins(to: "0") == 1)
    #expect(margins(to: "5") == 1)
    #expect(margins(to: "10") == 2)
    #expect(margins(to: "20") == 2)
    #expect(margins(to: "32") == 3)
    let sum = try #require(metrics.value("regsift_refresh_margin_seconds_sum"))
    #expect(34.9...35.1 ~= sum)
    #expect(metrics.value("regsift_registration_delay_seconds_count") == 4)
    #expect(metrics.value("regsift_registration_delay_seconds_bucket", ["le": "0.5"]) == 4)
    #expect(metrics.value("regsift_register_results_total", ["result": "accepted"]) == 4)
    #expect(metrics.value("regsift_probes_sent_total") == 2)
    #expect(metrics.value("regsift_probes_answered_total") == 1)
  }

  @Test func `Accounts are named only where asked for, the worst first, no more than asked for`()
    throws
  {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 1...9 {
      timeline += """
        host p\(number) 198.51.100.\(number):5060 user \(1000 + number) expires 300
        \(number) p\(number) -> switch registers granted 300

        """
    }
    timeline += "60..280 every 20 switch -> p7 OPTIONS\n"
    timeline += "100..280 every 20 switch -> p3 OPTIONS\n"
    timeline += "600 p1 -> switch registers granted 300\n"
    let (diagnosis, _) = try readTwice(timeline)
    #expect(!text(diagnosis).contains("1007@"))
    func named(_ most: Int) throws -> [String] {
      try metrics(diagnosis, accounts: most).family("regsift_account_up")?.samples.compactMap {
        $0.labels["account"]
      } ?? []
    }
    let all = try named(50)
    #expect(all.contains { $0.hasPrefix("1007@") } && all.contains { $0.hasPrefix("1003@") })
    #expect(try named(1) == Array(all.prefix(1)))
    #expect(try named(3).count == 3)
  }

  @Test func `Whatever stands in names, each sample stays one line, and none stands twice`() throws
  {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated-call-lost")])
    Hostile.spread(over: &diagnosis)
    diagnosis.capture.files += diagnosis.capture.files
    let seen = diagnosis.findings
    let metrics = try metrics(diagnosis, accounts: 50, seen: seen)
    let interfaces = try #require(metrics.family("regsift_capture_packets_total")).samples
    #expect(interfaces.map(\.labels) == [["interface": Visible.text(Hostile.text)]])
    let frames = diagnosis.capture.files.reduce(0) { $0 + Double($1.frames) }
    #expect(interfaces.first?.value == frames)
  }

  @Test func `Accounts whose names read the same are told once`() throws {
    // Two names longer than what is kept of one, which differ behind that.
    let long = String(repeating: "a", count: 1100)
    let timeline = """
      host switch 203.0.113.10:5060
      host one 198.51.100.1:5060 user \(long)1 expires 300
      host two 198.51.100.2:5060 user \(long)2 expires 300
      1 one -> switch registers granted 300
      2 two -> switch registers granted 300
      60..280 every 20 switch -> one OPTIONS
      60..280 every 20 switch -> two OPTIONS
      400 one -> switch registers granted 300
      """
    var pipeline = Pipeline(profile: Profile(), seed: 7)
    for (index, frame) in try Timeline(timeline).frames.enumerated() {
      pipeline.take(
        FrameHeader(
          reference: FrameReference(file: 0, number: UInt32(clamping: index + 1)),
          time: frame.time, linkType: .ethernet, capturedLength: frame.bytes.count,
          originalLength: frame.bytes.count), frame.bytes.span)
    }
    let diagnosis = pipeline.diagnose(files: [], drops: 0)
    #expect(diagnosis.accounts.count == 2)
    let metrics = try metrics(diagnosis, accounts: 50)
    #expect(metrics.family("regsift_account_up")?.samples.count == 1)
  }

  @Test(arguments: try Sample.all().filter { $0.name == "violated" })
  func `Counters never fall while a capture goes on`(sample: Sample) throws {
    var last: [String: Double] = [:]
    try diagnoseAgainAndAgain(sample.capturePath) { diagnosis in
      for family in try metrics(diagnosis).families where family.type != "gauge" {
        for sample in family.samples {
          let key = "\(sample.name) \(sample.labels.sorted { $0.key < $1.key })"
          #expect(sample.value >= last[key] ?? 0, "\(key)")
          last[key] = sample.value
        }
      }
    }
    #expect(last.values.contains { $0 > 0 })
  }
}
