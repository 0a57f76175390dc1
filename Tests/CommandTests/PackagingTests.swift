import Foundation
import Testing

/// What is installed beside the program fits the program.
@Suite struct PackagingTests {
  private static func text(_ name: String) throws -> String {
    try String(contentsOfFile: Package.path("packaging/" + name), encoding: .utf8)
  }

  @Test func `The unit starts the program with options it takes`() throws {
    let unit = try Self.text("regsift.service").replacing("\\\n", with: "")
    let line = try #require(unit.firstMatch(of: /(?m)^ExecStart=\S+\/regsift (.*)$/)).1
    let words = line.split(separator: " ").map { word in
      word == "${REGSIFT_INTERFACE}" ? "lo" : String(word)
    }
    #expect(words.last == "$REGSIFT_OPTIONS")
    let examples = try Self.text("regsift.default")
      .matches(of: /(?m)^#REGSIFT_OPTIONS=(.*)$/).map {
        $0.1.split(separator: " ").map(String.init)
      }
    #expect(examples.count == 2)
    for options in [[]] + examples {
      // It prints the filter once all options are understood.
      let run = try Regsift().run(words.dropLast() + options + ["--print-filter"])
      #expect(run.status == 0 && run.errors == "", "\(options): \(run.errors)")
    }
  }

  @Test func `The example of a profile is one`() throws {
    let run = try Regsift.run("parameters", "--profile", Package.path("packaging/switch.yaml"))
    #expect(run.status == 0 && run.errors == "")
    #expect(run.output.contains("packaging/switch.yaml:"))
  }

  private static let analyze = "/usr/bin/systemd-analyze"

  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: analyze), "systemd-analyze is not installed")
  )
  func `The unit is sound`() throws {
    let scratch = try Scratch()
    // The program need not be installed, nor its manual page.
    let unit = try Self.text("regsift.service")
      .replacing("/usr/local/bin/regsift", with: Regsift.executable)
      .replacing(/(?m)^Documentation=.*\n/, with: "")
    _ = try scratch.file("regsift.service", Array(unit.utf8))
    let shell = Shell("\(Self.analyze) verify \(scratch.path("regsift.service"))")
    #expect(shell.status == 0 && shell.output == "", "\(shell.output)")
  }
}
