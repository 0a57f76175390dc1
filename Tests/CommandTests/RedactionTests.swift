import Foundation
import Testing

/// `--redact` on the command line.
@Suite struct RedactionTests {
  private let scratch: Scratch
  private let capture: String
  private let key: String

  /// What the capture tells of those it was taken from.
  private static let secrets = ["1001", "2002", "203.0.113.10", "198.51.100.80", "192.168.77.21"]

  init() throws {
    scratch = try Scratch()
    let original = Package.sample("nat-pinhole-lost/violated-call-lost")
    capture = try scratch.file(
      "customer-a.pcap", Data(contentsOf: URL(fileURLWithPath: original)))
    key = try scratch.file("key", Array("sixteen bytes and more".utf8))
  }

  private func leaks(_ text: String) -> [String] {
    (Self.secrets + ["customer-a"]).filter { secret in
      text.split { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "-" }.contains {
        $0 == secret || $0.hasPrefix(secret + ".")
      }
    }
  }

  @Test(arguments: ["text", "json", "markdown", "html", "csv"])
  func `No report tells a name, an address or a file`(_ format: String) throws {
    let run = try Regsift.run("analyze", "--redact", "--format", format, capture)
    #expect(run.status == 1)
    #expect(leaks(run.output).isEmpty, "\(leaks(run.output))")
    #expect(run.errors.isEmpty)
  }

  private func rules(_ report: Report) -> [String] {
    report.findings.compactMap { $0["rule"] as? String }
  }

  @Test func `The findings are those of the original`() throws {
    let original = try Regsift.run("analyze", "--format", "json", capture).report()
    let redacted = try Regsift.run("analyze", "--redact", "--format", "json", capture).report()
    #expect(rules(redacted) == rules(original))
    #expect(!rules(redacted).isEmpty)
  }

  @Test func `One key gives one report, another key another one`() throws {
    let again = try Regsift.run("analyze", "--redaction-key", key, capture).output
    #expect(try Regsift.run("analyze", "--redaction-key", key, capture).output == again)
    #expect(try Regsift.run("analyze", "--redact", capture).output != again)
    #expect(again.contains("capture-1.pcap"))
  }

  @Test func `Accounts and switches are named as they were`() throws {
    let one = try Regsift.run(
      "analyze", "--redact", "--account", "1001*", "--switch", "203.0.113.10", capture)
    #expect(one.output.contains("on 1 of 1 account"))
    #expect(one.output.contains("named on the command line"))
    #expect(leaks(one.output).isEmpty)
    let none = try Regsift.run("analyze", "--redact", "--account", "7777", capture)
    #expect(none.errors.contains("no account fits '7777'"))
  }

  @Test func `The map leads back, is its owner's alone and is never overwritten`() throws {
    let map = scratch.path("map")
    let arguments = ["analyze", "--redaction-key", key, "--write-redaction-map", map, capture]
    let run = try Regsift().run(arguments)
    #expect(run.status == 1)
    let attributes = try FileManager.default.attributesOfItem(atPath: map)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let lines = scratch.text("map").split(separator: "\n").map { $0.split(separator: "\t") }
    let user = try #require(lines.first { $0.starts(with: ["user", "1001"]) })
    #expect(run.output.contains(user[2]))
    let refused = try Regsift().run(arguments)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("is there already"))
  }

  @Test func `A key that is too short or not there is refused`() throws {
    let short = try scratch.file("short", Array("fifteen bytes..".utf8))
    let run = try Regsift.run("analyze", "--redaction-key", short, capture)
    #expect(run.status == 64)
    #expect(run.errors.contains("has 15 bytes; at least 16"))
    let missing = try Regsift.run("analyze", "--redaction-key", scratch.path("none"), capture)
    #expect(missing.status == 64)
  }

  @Test func `A folder for a ticket holds the packets and no name`() throws {
    let folder = scratch.path("ticket")
    let run = try Regsift.run(
      "report", "--redaction-key", key, "--output", folder, capture)
    #expect(run.status == 1)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(files.contains("evidence.pcapng") && files.contains("report.html"))
    for file in files {
      let bytes = FileManager.default.contents(atPath: folder + "/" + file) ?? Data()
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(leaks(text).isEmpty, "\(file): \(leaks(text))")
    }
    let judged = try Regsift.run("analyze", folder + "/evidence.pcapng").output
    #expect(judged.contains("5 frames"))
  }

  @Test func `A torn file is told of under its new name`() throws {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: capture))
    let torn = try scratch.file("customer-b.pcap", bytes.dropLast(20))
    let run = try Regsift.run("analyze", "--redact", torn)
    #expect(run.status == 2)
    #expect(run.output.contains("capture-1.pcap"))
    #expect(!run.output.contains("customer-b"))
    #expect(run.errors.contains("customer-b.pcap"))
  }

  @Test(arguments: ["text", "json", "html"])
  func `A filter that no frame can be asked is not quoted in the report`(_ format: String) throws {
    // Raw IP has no Ethernet addresses.
    var bytes = try Data(contentsOf: URL(filePath: capture))
    bytes[20] = 101
    let raw = scratch.path("raw.pcap")
    try bytes.write(to: URL(filePath: raw))
    let filter = "host 198.51.100.80 and ether src 02:00:00:00:00:01"
    let run = try Regsift.run("analyze", "--redact", "--filter", filter, "--format", format, raw)
    #expect(run.status == 2)
    #expect(run.output.contains("the filter cannot be applied to its link type"))
    #expect(leaks(run.output).isEmpty && !run.output.contains("ether src"))
    #expect(run.errors.contains("filter '\(filter)'"))
    let plain = try Regsift.run("analyze", "--filter", filter, "--format", format, raw)
    #expect(plain.output.contains("ether src"))
  }

  @Test func `A map that could not be written whole is not there, and the next run writes it`()
    throws
  {
    let map = scratch.path("map")
    let command =
      "'\(Regsift.executable)' analyze --redact --write-redaction-map '\(map)' '\(capture)'"
    // Blocks of the shell's limit have 512 or 1,024 bytes; the map has more than one of them.
    let full = Shell("ulimit -f 1; \(command)")
    #expect(full.status == 2)
    #expect(full.output.contains("map: cannot write: "))
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path("."))
    #expect(!files.contains { $0.hasPrefix("map") }, "\(files)")
    #expect(Shell(command).status == 1)
    #expect(scratch.text("map").hasPrefix("kind\t"))
  }
}
