import Foundation
import Testing

/// The manual page and the program say the same.
@Suite struct ManualTests {
  private static let path = Package.path("man/regsift.1")
  private static let mandoc = ["/usr/bin/mandoc", "/usr/local/bin/mandoc"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let lines: [String]

  init() throws {
    lines = try String(contentsOfFile: Self.path, encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  /// What the entries of the page's lists name, after one macro: `Fl` options, `Cm` words.
  private func entries(_ macro: String) -> Set<String> {
    Set(
      lines.filter { $0.hasPrefix(".It \(macro) ") }.flatMap { line in
        line.dropFirst(".It \(macro) ".count).components(
          separatedBy: " , \(macro == "Fl" ? "Fl " : "")"
        )
        .compactMap { $0.split(separator: " ").first.map(String.init) }
      })
  }

  private func commands() throws -> [String] {
    let help = try Regsift.run("--help").output
    let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
    return list.split(separator: "\n").compactMap { line in
      line.prefixMatch(of: #/  ([a-z]+)  /#).map { String($0.1) }
    }
  }

  /// The options that the help of every command lists, without the first hyphen.
  private func options() throws -> Set<String> {
    var options: Set<String> = []
    for command in try commands() {
      for line in try Regsift.run(command, "--help").output.split(separator: "\n") {
        guard let list = line.prefixMatch(of: #/  (-[^<]*?)(?:  | <|$)/#) else { continue }
        options.formUnion(list.1.components(separatedBy: ", ").map { String($0.dropFirst()) })
      }
    }
    return options
  }

  @Test func `Every option of the program is in the manual page, and the reverse`() throws {
    let known = try options()
    #expect(known.contains("-switch") && known.contains("p") && known.contains("-template"))
    #expect(entries("Fl") == known)
  }

  @Test func `Every command and every rule is in the manual page, and the reverse`() throws {
    let rules = try Regsift.run("rules").output.split(separator: "\n").compactMap { line in
      line.wholeMatch(of: /([a-z-]+) \([a-z]+\)/).map { String($0.1) }
    }
    let commands = try commands()
    #expect(commands.contains("analyze") && rules.contains("nat-pinhole-lost"))
    #expect(entries("Cm") == Set(commands + rules + ["help"]))
  }

  @Test func `Every scenario is in the manual page`() throws {
    let refusal = try Regsift.run("parameters", "--scenario", "no-such-thing").errors
    let list = try #require(refusal.firstMatch(of: /it takes ([a-z, -]+[a-z])/)).1
    let scenarios = list.components(separatedBy: ", ")
    #expect(scenarios.count >= 10)
    let part = try #require(
      lines.joined(separator: "\n").components(separatedBy: ".Sh ").first {
        $0.hasPrefix("SCENARIOS")
      })
    for scenario in scenarios { #expect(part.contains("\(scenario) "), "\(scenario)") }
  }

  @Test func `The manual page names the rule under its level`() throws {
    let page = lines.joined(separator: "\n")
    var rest = page[...]
    for level in ["error", "warning", "notice"] {
      rest = try #require(rest.range(of: "Rules of level \(level):").map { page[$0.upperBound...] })
      let part = rest.prefix(upTo: rest.range(of: "\n.El")?.lowerBound ?? rest.endIndex)
      for rule in part.matches(of: /\.It Cm ([a-z-]+)/) {
        #expect(try Regsift.run("rules", String(rule.1)).output.contains("(\(level))"))
      }
    }
  }

  @Test(.enabled(if: mandoc != nil, "mandoc is not installed: scripts/setup tests"))
  func `The manual page is sound mdoc`() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.mandoc))
    process.arguments = ["-Tlint", Self.path]
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let complaints = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: complaints, as: UTF8.self) == "")
    #expect(process.terminationStatus == 0)
  }
}
