import Foundation
import Testing

/// What the README shows is what the program does.
@Suite struct ReadmeTests {
  private static let path = Package.path("README.md")

  /// A command line at the beginning of a block, and what the block shows after it.
  private struct Example {
    let command: String
    let output: String
    let range: Range<String.Index>
  }

  private func example(in readme: String) throws -> Example {
    let start = try #require(readme.range(of: "```\n$ regsift "))
    let end = try #require(readme.range(of: "\n```", range: start.upperBound..<readme.endIndex))
    let block = readme[start.upperBound..<end.lowerBound]
    let command = block.prefix { $0 != "\n" }
    return Example(
      command: String(command), output: block.dropFirst(command.count + 1) + "\n",
      range: block.startIndex..<block.endIndex)
  }

  @Test func `The report in the README is what the program says`() throws {
    var readme = try String(contentsOfFile: Self.path, encoding: .utf8)
    let example = try example(in: readme)
    var regsift = Regsift()
    regsift.folder = Package.root
    let run = try regsift.run(example.command.split(separator: " ").map(String.init))
    #expect(run.output.contains("Verdict"))
    guard ProcessInfo.processInfo.environment["REGSIFT_RECORD"] != nil else {
      #expect(example.output == run.output, "REGSIFT_RECORD=1 writes the report anew")
      return
    }
    readme.replaceSubrange(example.range, with: example.command + "\n" + run.output.dropLast())
    try Data(readme.utf8).write(to: URL(fileURLWithPath: Self.path))
    Issue.record("recorded README.md: look at the difference, then run without REGSIFT_RECORD")
  }

  @Test func `The licence named is the licence there`() throws {
    let licence = try String(contentsOfFile: Package.path("LICENSE"), encoding: .utf8)
    #expect(licence.contains("Apache License"))
    #expect(licence.contains("Version 2.0, January 2004"))
  }
}
