import Foundation
import Testing

/// A report says what is in the captures, and nothing of the run that made it: each has other keys
/// for its tables, and other addresses in memory.
@Suite struct RepeatabilityTests {
  /// A capture of many accounts, one in ten with a fault.
  private let capture: String
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    capture = scratch.path("capture.pcap")
    let generator = Process()
    generator.executableURL = URL(filePath: Regsift.executable).deletingLastPathComponent()
      .appending(path: "generate-capture")
    generator.arguments = [
      "--output", capture, "--accounts", "300", "--packets", "9000", "--faults", "10",
    ]
    try generator.run()
    generator.waitUntilExit()
    try #require(generator.terminationStatus == 0)
  }

  @Test(arguments: ["text", "json", "markdown", "html", "csv"])
  func `Every run gives the same report, byte for byte`(format: String) throws {
    let reports = try (0..<3).map { _ in
      try Regsift.run("analyze", "--utc", "--format", format, capture).output
    }
    #expect(reports[0].utf8.count > 2_000)
    #expect(reports[1] == reports[0])
    #expect(reports[2] == reports[0])
  }

  @Test(arguments: [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
  func `Many accounts in files of any order give the report of the whole`(order: [Int]) throws {
    let whole = try Regsift.run("analyze", "--format", "json", capture).report().comparable()
    let packets = try Packets(capture)
    let bounds = (0...4).map { packets.records.count * $0 / 4 }
    let parts = try (0..<4).map {
      try scratch.file("part-\($0).pcap", packets.capture(bounds[$0]..<bounds[$0 + 1]))
    }
    let run = try Regsift().run(["analyze", "--format", "json"] + order.map { parts[$0] })
    #expect(run.errors == "")
    #expect(try run.report().comparable(starts: order.map { bounds[$0] }) == whole)
  }
}
