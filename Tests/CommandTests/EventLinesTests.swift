import Foundation
import Testing

@testable import regsift

/// What readers of events find when writing them has failed on the way.
@Suite struct EventLinesTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let sample = Package.sample("trunk-outage/violated")

  /// Writes `text`, or only that when the system takes no more.
  private static func write(
    _ text: String, failing: Bool = false, to lines: inout EventLines
  ) {
    try? lines.write { (output) throws(WriteFailure) in
      try output.write(text)
      if failing { throw WriteFailure(number: ENOSPC) }
    }
  }

  @Test func `A line that breaks off spoils no other one`() throws {
    let path = scratch.path("events")
    var lines = try EventLines(appendingTo: path)
    defer { close(lines.descriptor) }
    Self.write("one\n", to: &lines)
    Self.write("tw", failing: true, to: &lines)
    Self.write("three\n", to: &lines)
    // Nothing of it was written: nothing is to be ended.
    Self.write("", failing: true, to: &lines)
    Self.write("four\n", to: &lines)
    #expect(scratch.text("events") == "one\ntw\nthree\nfour\n")
  }

  @Test(arguments: [("", "new\n"), ("whole\n", "whole\nnew\n"), ("half", "half\nnew\n")])
  func `A run begins a line of its own after whatever stands there`(
    before: String, after: String
  ) throws {
    let path = try scratch.file("events", before.utf8)
    var lines = try EventLines(appendingTo: path)
    defer { close(lines.descriptor) }
    Self.write("new\n", to: &lines)
    #expect(scratch.text("events") == after)
  }

  @Test func `Where there was no more room only the event that did not fit is lost`() throws {
    let path = scratch.path("events")
    let sniff =
      "\(Regsift.executable) sniff --quiet --read-back \(Self.sample) --format ndjson --output"
    // A file may take 512 bytes: no event does with that.
    let shell = Shell(
      """
      (ulimit -f 1; \(sniff) \(path); echo "status $?")
      \(sniff) \(path)
      \(sniff) \(scratch.path("whole"))
      """)
    #expect(shell.output.contains("status 2"), "\(shell.output)")
    #expect(shell.output.contains("events: cannot write: File too large"), "\(shell.output)")
    let lines = scratch.text("events").split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first?.utf8.count == 512)
    #expect(lines.dropFirst().joined(separator: "\n") == scratch.text("whole"))
    #expect(lines.count > 3)
  }

  @Test func `A program is called for each event also where its end is to be ignored`() throws {
    let (events, calls) = (scratch.path("events"), scratch.path("calls"))
    let program = try scratch.file("alert", "#!/bin/sh\necho called >> \(calls)\n".utf8)
    chmod(program, 0o755)
    let shell = Shell(
      """
      env --ignore-signal=CHLD \(Regsift.executable) sniff --quiet --read-back \(Self.sample) \
        --format ndjson --output \(events) --exec \(program)
      """)
    #expect(!shell.output.contains("--exec"), "\(shell.output)")
    let told = scratch.text("events").split(separator: "\n").count { !$0.contains("\"end\"") }
    #expect(told > 4)
    #expect(scratch.text("calls").split(separator: "\n").count == told)
  }
}
