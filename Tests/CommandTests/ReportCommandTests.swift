import Foundation
import Glibc
import Testing

/// The folder for a ticket.
@Suite struct ReportCommandTests {
  private static let files = [
    "accounts.csv", "evidence.pcapng", "findings.csv", "report.html", "report.json", "report.md",
  ]
  private let capture = Package.sample("nat-pinhole-lost/violated-call-lost")
  private let scratch: Scratch
  private var bundle: String { scratch.path("bundle") }

  init() throws { scratch = try Scratch() }

  private var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: bundle))?.sorted() ?? []
  }

  private func text(_ name: String) -> String { scratch.text("bundle/" + name) }

  @Test func `A bundle is written, says what analyze says, and ends as analyze does`() throws {
    let run = try Regsift.run("report", "--utc", "--output", bundle, capture)
    #expect(run.status == 1)
    #expect(run.output == "" && run.errors == "")
    #expect(names == Self.files)
    #expect(text("report.json") == (try Regsift.run("analyze", "--format", "json", capture).output))
    #expect(
      text("findings.csv") == (try Regsift.run("analyze", "--format", "csv", capture).output))
    #expect(text("report.html").contains("What these packets say"))
    #expect(text("report.md").contains("F1 error: 1001@203.0.113.10"))
    #expect(
      try Regsift.run("report", "--fail-on", "never", "--output", bundle, capture).status == 0)
  }

  @Test func `A folder that is there is used, other files in it are left alone`() throws {
    try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
    _ = try scratch.file("bundle/notes.txt", "mine".utf8)
    _ = try scratch.file("bundle/report.md", "old".utf8)
    #expect(try Regsift.run("report", "--output", bundle + "/", capture).status == 1)
    #expect(names == (Self.files + ["notes.txt"]).sorted())
    #expect(text("notes.txt") == "mine")
    #expect(text("report.md").contains("F1 error"))
  }

  @Test func `Standard input is read twice, from a pipe and from a file`() throws {
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: capture)))
    _ = try Regsift.run("report", "--utc", "--output", bundle, capture)
    let expected = text("report.html").replacing("capture.pcap", with: "standard input")
    for input in [
      Regsift.Stream.file(capture),
      .pipe { descriptor in
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      },
    ] {
      var regsift = Regsift()
      regsift.input = input
      regsift.environment["TMPDIR"] = scratch.folder
      #expect(try regsift.run(["report", "--utc", "--output", bundle, "-"]).status == 1)
      #expect(text("report.html") == expected)
      #expect(scratch.names == ["bundle"])
    }
  }

  @Test func `What was read of a torn capture is reported, with status 2`() throws {
    let packets = try Packets(capture)
    let torn = try scratch.file("torn.pcap", packets.capture(packets.records.indices).dropLast(9))
    let run = try Regsift.run("report", "--output", bundle, torn)
    #expect(run.status == 2)
    #expect(run.errorLines.count == 1)
    #expect(names == Self.files)
    #expect(text("report.html").contains("What to know about this capture"))
  }

  @Test func `A file that cannot be written is named, the others are written`() throws {
    try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: bundle + "/report.html", withDestinationPath: "/dev/full")
    let run = try Regsift.run("report", "--output", bundle, capture)
    #expect(run.status == 2)
    #expect(run.errors == "regsift: \(bundle)/report.html: cannot write: No space left on device\n")
    #expect(names == Self.files)
    #expect(text("report.md").contains("F1 error"))
  }

  @Test func `A capture is not overwritten by a report on it`() throws {
    let packets = try Packets(capture)
    try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: true)
    let mine = try scratch.file("bundle/report.md", packets.capture(packets.records.indices))
    let run = try Regsift.run("report", "--output", bundle, mine)
    #expect(run.status == 64)
    #expect(run.errors.contains("would overwrite the capture"))
    #expect(try Packets(mine).records == packets.records)
  }

  @Test func `The filter holds for both readings, the accounts selected are the ones drawn`() throws
  {
    let options = ["--utc", "--filter", "host 198.51.100.80", "--account", "1001*"]
    let run = try Regsift().run(["report", "--output", bundle] + options + [capture])
    #expect(run.status == 1)
    #expect(!text("report.html").contains("2002@203.0.113.10 from"))
    #expect(text("report.html").contains("INVITE"))
    #expect(!text("accounts.csv").contains("2002@203.0.113.10"))
  }

  @Test func `Parts of a capture give the whole's timelines`() throws {
    let packets = try Packets(capture)
    let half = packets.records.count / 2
    let parts = [
      try scratch.file("b.pcap", packets.capture(half..<packets.records.count)),
      try scratch.file("a.pcap", packets.capture(0..<half)),
    ]
    _ = try Regsift.run("report", "--utc", "--output", bundle, capture)
    let whole = text("report.md").matches(of: /```text\n[^`]*/).map { String($0.0) }
    _ = try Regsift().run(["report", "--utc", "--output", bundle] + parts)
    #expect(text("report.md").matches(of: /```text\n[^`]*/).map { String($0.0) } == whole)
    #expect(text("report.md").contains("a.pcap frame 10: "))
  }

  @Test(arguments: ["markdown", "html", "csv"])
  func `Analyze writes these forms, too`(format: String) throws {
    let run = try Regsift.run("analyze", "--utc", "--format", format, capture)
    #expect(run.status == 1)
    #expect(run.output.contains("1001@203.0.113.10 could not be reached for 69 s"))
  }

  /// `samples/report` is what the program writes of a lab capture.
  @Test func `The sample bundle is what the program writes`() throws {
    var regsift = Regsift()
    regsift.folder = Package.root
    let capture = "samples/lab/nat-pinhole-loss.pcap"
    let isRecording = ProcessInfo.processInfo.environment["REGSIFT_RECORD"] != nil
    let folder = isRecording ? "samples/report" : bundle
    #expect(try regsift.run(["report", "--utc", "--output", folder, capture]).status == 1)
    guard !isRecording else {
      Issue.record(
        "recorded samples/report: look at the difference, then run without REGSIFT_RECORD")
      return
    }
    for name in Self.files {
      let committed = FileManager.default.contents(
        atPath: Package.path("samples/report/\(name)"))
      let written = FileManager.default.contents(atPath: bundle + "/" + name)
      #expect(written == committed, "\(name): REGSIFT_RECORD=1 writes it anew")
    }
  }
}
