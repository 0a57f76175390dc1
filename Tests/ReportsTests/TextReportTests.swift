import Capture
import Foundation
import Rules
import Testing
import Timelines

@testable import Reports

@Suite("Text report")
struct TextReportTests {
  @Test("every sample fits the terminal", arguments: try Sample.all(), [60, 80, 132])
  func fits(sample: Sample, width: Int) {
    var options = ReportOptions()
    options.width = width
    let report = text(diagnosis(of: [sample.rule + ".pcap", sample.capturePath]), options: options)
    checkWidth(of: report, width)
  }

  @Test(
    "every lab capture fits the terminal",
    .enabled(if: LabCaptures.exist, "the lab captures are not here"),
    arguments: LabCaptures.paths)
  func labFits(path: String) {
    checkWidth(of: text(diagnosis(of: [path])), 80)
  }

  /// A line may only be wider where one word alone, beside its label, leaves no choice.
  private func checkWidth(of report: String, _ width: Int) {
    for line in report.split(separator: "\n") where DisplayWidth.of(line) > width {
      let words = line.split(separator: " ")
      let longest = words.map { DisplayWidth.of($0) }.max() ?? 0
      let isTable = line.hasPrefix("  ") && words.count == 6
      #expect(longest > width - 40 || isTable, "\(line)")
    }
    #expect(!report.split(separator: "\n").contains { $0.hasSuffix(" ") }, "no trailing spaces")
  }

  @Test("a finding says what, since when, why, with which frames, and what to do")
  func findingIsWhole() throws {
    let report = text(diagnosis(of: [try sample("nat-pinhole-lost", "violated")]))
    #expect(report.contains("Verdict   1 error on 1 of 1 account; all over at the end\n"))
    #expect(
      report.contains("F1 error  1001@203.0.113.10 could not be reached for 68 s: its NAT closed"))
    #expect(report.contains("  when:  00:00:40 to 00:01:48 [nat-pinhole-lost]\n"))
    #expect(report.contains("  proof: 00:00:10.010 frame 6: "))
    #expect(report.contains("\n         00:00:40.000 frame 7: OPTIONS to 198.51.100.80:52094"))
    #expect(report.contains("  do:    Have the device"))
    #expect(
      report.contains("  set:   SS_SIP_NAT_KEEP_ALIVE_PERIOD: configured 30 s (documented default)")
    )
    let verdict = try #require(report.range(of: "Verdict")?.lowerBound)
    let finding = try #require(report.range(of: "F1 error")?.lowerBound)
    #expect(verdict < finding)
  }

  @Test("a fault that lasts is said to last, and its account not to answer though registered")
  func lastingFault() throws {
    let report = text(diagnosis(of: [try sample("stale-binding", "violated")]))
    #expect(report.contains("still going on at the end"))
    #expect(report.contains("since 00:01:30.000, not over when the capture ended"))
    #expect(report.contains("2 registered (1 not reachable)"))
    #expect(report.contains("  no answer "))
  }

  @Test("an account that gave up trying is still out of service")
  func gaveUp() throws {
    let diagnosis = diagnosis(of: [try sample("auth-failure-loop", "violated")])
    let finding = try #require(diagnosis.findings.first)
    #expect(finding.to != nil, "the last attempt is long ago")
    #expect(
      text(diagnosis).contains("Verdict   1 error on 1 of 2 accounts; still going on at the end\n"))
  }

  @Test("a capture without a fault says what was tested")
  func healthyCapture() throws {
    let report = text(diagnosis(of: [try sample("nat-pinhole-lost", "near-miss")]))
    #expect(report.contains("Verdict   no fault found: "))
    #expect(report.contains("What was tested, in accounts"))
    for rule in RuleCatalogue.summaries { #expect(report.contains("  \(rule.identifier) ")) }
    #expect(!report.contains("F1"))
  }

  @Test("what is undecided is said with its reason, once for all rules it is the reason of")
  func undecided() throws {
    var diagnosis = diagnosis(of: [
      try sample("register-unanswered", "undecided-one-direction")
    ])
    for index in diagnosis.rules.indices {
      diagnosis.rules[index].undecided = 1
      diagnosis.rules[index].reasons = [index < 2 ? "too early" : "too late": 1]
    }
    let report = text(diagnosis)
    #expect(
      report.contains("  undecided  nat-pinhole-lost, stale-binding: too early (1)\n"))
    #expect(report.split(separator: "\n").count { $0.hasPrefix("  undecided  ") } == 2)
    #expect(report.contains("Note      Only SIP requests are in the capture"))
  }

  @Test(
    "a capture that shows nothing is not called healthy",
    arguments: [
      ("empty.pcap", "nothing could be read, so nothing can be said"),
      ("not-a-capture.pcap", "nothing could be read, so nothing can be said"),
      ("little-microseconds.pcap", "no registration to judge: nothing can be said of any account"),
    ])
  func nothingToSay(name: String, verdict: String) {
    let report = text(diagnosis(of: [capturesFolder + "/" + name]))
    #expect(report.contains("Verdict   \(verdict)\n"))
    #expect(!report.contains("no fault"))
  }

  @Test("no input at all is no health either")
  func noInput() {
    #expect(text(diagnosis(of: [])).contains("the capture is empty, so nothing can be said"))
  }

  @Test("accounts on which nothing could be tested are no health either")
  func nothingTested() throws {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "near-miss")])
    diagnosis.rules = diagnosis.rules.map { RuleTally(rule: $0.rule) }
    #expect(text(diagnosis).contains("nothing was tested: this capture proves nothing"))
  }

  @Test("an input that broke off is trouble, with the place")
  func tornInput() {
    let report = text(diagnosis(of: [capturesFolder + "/torn-tail.pcap"]))
    #expect(report.contains("incomplete)"))
    #expect(report.contains("Trouble   "))
    // Where the line wraps depends on how long the folder's name is.
    let words = report.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("breaks off"))
  }

  @Test("evidence names the file where there are several, in full where names are the same")
  func severalFiles() throws {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated")])
    #expect(text(diagnosis).contains("00:00:40.000 frame 7:"))
    var other = try #require(diagnosis.capture.files.first)
    diagnosis.capture.files[0].name = "monday/edge.pcap"
    other.name = "tuesday/core.pcap"
    diagnosis.capture.files.append(other)
    #expect(text(diagnosis).contains("00:00:40.000 edge.pcap frame 7:"))
    diagnosis.capture.files[1].name = "tuesday/edge.pcap"
    #expect(text(diagnosis).contains("00:00:40.000 monday/edge.pcap frame 7:"))
  }

  @Test("of very many findings the worst are told and the others counted")
  func manyFindings() throws {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated")])
    diagnosis.findings = Array(repeating: try #require(diagnosis.findings.first), count: 100_000)
    let report = text(diagnosis)
    #expect(report.contains("F50 error"))
    #expect(!report.contains("F51 error"))
    #expect(report.contains("and 99,950 more findings (99,950 errors): narrow down with"))
    #expect(report.contains("  do:    as for F1\n"), "the same remedy is told once")
    #expect(report.utf8.count < 100_000)
  }

  @Test("of very many accounts twenty are listed and the others counted")
  func manyAccounts() throws {
    var diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "near-miss")])
    diagnosis.accounts = diagnosis.accounts.selecting(Array(repeating: 0, count: 12_345))
    let report = text(diagnosis)
    #expect(report.contains("Accounts at the end: 12,345 "))
    #expect(report.contains("... and 12,325 more"))
  }

  @Test("colour only adds escape sequences, and none are there without it")
  func colour() throws {
    let diagnosis = diagnosis(of: [try sample("stale-binding", "violated")])
    var options = ReportOptions()
    let plain = text(diagnosis, options: options)
    options.isColored = true
    let colored = text(diagnosis, options: options)
    #expect(!plain.contains("\u{1B}"))
    #expect(colored.contains("\u{1B}[1;31mF1 error\u{1B}[0m"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test("local times agree with what the system says of the zone")
  func localTimes() throws {
    let diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated")])
    var options = ReportOptions()
    #expect(text(diagnosis, options: options).contains("2026-01-01 00:00:00 to 00:02:25 (UTC)"))
    options.timeZone = .local
    let start = Date(timeIntervalSince1970: 1_767_225_600)
    let offset = TimeZone.current.secondsFromGMT(for: start)
    let expected = CalendarTime(
      Timestamp(seconds: 1_767_225_600, nanoseconds: 0), offset: Int64(offset))
    let report = text(diagnosis, options: options)
    #expect(report.contains("\(expected.date) \(expected.clock) to "))
    #expect(report.contains("(local time: "))
  }
}
