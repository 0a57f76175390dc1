import Foundation
import Testing

/// Names from the wire that command a terminal, a browser, a spreadsheet or a shell, from the packet
/// to each report the program writes.
@Suite struct HostileNamesTests {
  /// Each stands in the account's name, as far as a URI can hold it, and in the device's.
  private static let names: [[UInt8]] =
    [
      "\u{1B}[2J\u{1B}]0;owned\u{07}", "\u{9B}31m", "\u{202E}lanretni",
      "a\u{2066}b\u{2069}\u{200F}",
      "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1+1)", "\u{0009}=1",
      "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "](javascript:alert(1))",
      "| a | b |\u{0B}", "`rm -rf /`$(id)", "../../../../tmp/owned", "%s%n%x", "\u{FEFF}\u{200B}x",
      "&lt;b&gt;", "--> x", "\u{2028}new line\u{85}",
    ].map { Array($0.utf8) } + [
      [0x9B, 0x32, 0x4A], [0xFF, 0xFE, 0x41], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0x41, 0, 0x42],
      [0xF4, 0x90, 0x80, 0x80], [0x7F, 0x08, 0x08],
    ]

  private let scratch: Scratch
  private let capture: String

  init() throws {
    scratch = try Scratch()
    capture = try scratch.file("hostile.pcap", Self.capture())
  }

  @Test(arguments: ["text", "json", "csv"])
  func `No report holds what commands whoever reads it`(format: String) throws {
    let run = try Regsift.run("analyze", "--utc", "--format", format, capture)
    #expect(run.status == 1, "\(run.errors)")
    Self.demandPlain(run.output, format)
    if format == "csv" { Self.demandCells(run.output) }
  }

  @Test func `At a terminal only the program's own colours are commands`() throws {
    let run = try Regsift(output: .terminal).run(["analyze", "--utc", "--color", "always", capture])
    #expect(run.status == 1)
    let plain = run.output.replacing(#/\u{1B}\[[0-9;]*m/#, with: "").replacing("\r\n", with: "\n")
    Self.demandPlain(plain, "terminal")
  }

  @Test func `A bundle has the names it always has, and nothing in it commands`() throws {
    let bundle = scratch.path("bundle")
    let run = try Regsift.run("report", "--utc", "--output", bundle, capture)
    #expect(run.status == 1, "\(run.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: bundle).sorted() == [
        "accounts.csv", "evidence.pcapng", "findings.csv", "report.html", "report.json",
        "report.md",
      ])
    #expect(scratch.names == ["bundle", "hostile.pcap"], "nothing beside it")
    for name in ["accounts.csv", "findings.csv", "report.html", "report.json", "report.md"] {
      Self.demandPlain(scratch.text("bundle/" + name), name)
    }
    for name in ["accounts.csv", "findings.csv"] {
      Self.demandCells(scratch.text("bundle/" + name))
    }
    Self.demandNoMarkup(scratch.text("bundle/report.html"))
    // What is escaped (CommonMark 2.4) is text.
    let markdown = scratch.text("bundle/report.md").replacing(#/\\[!-\/:-@\[-`{-~]/#, with: "")
    #expect(!markdown.contains("<") && !markdown.contains("](javascript"))
  }

  /// Every account is there: to leave the hostile ones out would be no way to be safe.
  @Test func `Each of them is judged`() throws {
    let report = try Regsift.run("analyze", "--format", "json", capture).report()
    #expect(report.accounts.count == Self.names.count, "\(report.accounts)")
    #expect(report.rules.count { $0 == "auth-failure-loop" } == Self.names.count)
  }

  /// Line ends apart, no control and no mark of direction, and nothing that is no character.
  private static func demandPlain(_ text: String, _ name: String) {
    for scalar in text.replacing("\r\n", with: "\n").unicodeScalars {
      let isHidden: Bool =
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B...0x200F, 0x2028...0x202E, 0x2066...0x2069,
          0xFEFF:
          true
        default: false
        }
      if isHidden {
        Issue.record("U+\(String(scalar.value, radix: 16)) in \(name)")
        return
      }
    }
  }

  /// RFC 4180: no cell begins as a formula does.
  private static func demandCells(_ table: String) {
    for line in table.components(separatedBy: "\r\n") {
      for cell in line.split(separator: ",") {
        let bare = cell.first == "\"" ? cell.dropFirst() : cell
        #expect(!"=+-@".contains(bare.first ?? "x") || Double(bare) != nil, "\(cell)")
      }
    }
  }

  /// What stands in the names is text of the page, not part of it.
  private static func demandNoMarkup(_ page: String) {
    #expect(page.contains("&lt;script&gt;") && page.contains("&amp;lt;b"))
    #expect(!page.contains("<script>alert") && !page.contains("<img src=x"))
    #expect(!page.contains("href=\"javascript"))
  }

  /// Each name as the account and device of a REGISTER that is challenged again and again.
  private static func capture() -> [UInt8] {
    var file: [UInt8] = []
    func add(_ number: UInt32) {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        file.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    // Classic pcap 2.4, raw IP.
    for word: UInt32 in [0xA1B2_C3D4, 2 | 4 << 16, 0, 0, 65_535, 101] { add(word) }
    for step in 0..<16 {
      for (number, name) in names.enumerated() {
        let isAnswer = step % 2 == 1
        let packet = packet(
          message(name, number, step / 2, isAnswer), device: UInt8(number), isAnswer)
        for word: UInt32 in [
          1_800_000_000 + UInt32(step), UInt32(number), UInt32(packet.count), UInt32(packet.count),
        ] { add(word) }
        file += packet
      }
    }
    return file
  }

  private static func message(
    _ name: [UInt8], _ number: Int, _ step: Int, _ isAnswer: Bool
  ) -> [UInt8] {
    // What ends a user part or a header would make another account or message of it.
    let ends = Set("@:;<>?,\" \u{0B}\n\r\t\\".utf8)
    let user = Array("u\(number)".utf8) + name.filter { !ends.contains($0) }
    func line(_ before: String, _ text: [UInt8], _ after: String = "") -> [UInt8] {
      Array(before.utf8) + text + Array("\(after)\r\n".utf8)
    }
    let start = isAnswer ? "SIP/2.0 401 Unauthorized" : "REGISTER sip:203.0.113.10 SIP/2.0"
    let credentials = "Authorization: Digest username=\"u\", realm=\"r\", nonce=\"n\(step)\"\r\n"
    let challenge = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\(step + 1)\"\r\n"
    var bytes = line(start, [])
    bytes += line("Via: SIP/2.0/UDP 198.51.100.\(number):5060;branch=z9hG4bK\(number)-\(step)", [])
    bytes += line("From: <sip:", user, "@203.0.113.10>;tag=1")
    bytes += line("To: <sip:", user, "@203.0.113.10>")
    bytes += line("Call-ID: c\(number)", []) + line("CSeq: \(step + 1) REGISTER", [])
    bytes += isAnswer ? Array(challenge.utf8) : step == 0 ? [] : Array(credentials.utf8)
    bytes += line("Contact: <sip:u@198.51.100.\(number)>", [])
    return bytes + line("User-Agent: A ", name) + line("Content-Length: 0", []) + line("", [])
  }

  private static func packet(_ payload: [UInt8], device: UInt8, _ isAnswer: Bool) -> [UInt8] {
    func pair(_ number: Int) -> [UInt8] {
      [UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number)]
    }
    let ends: [[UInt8]] = [[198, 51, 100, device], [203, 0, 113, 10]]
    let (source, destination) = isAnswer ? (ends[1], ends[0]) : (ends[0], ends[1])
    return [0x45, 0] + pair(28 + payload.count) + [0, 0, 0, 0, 64, 17, 0, 0] + source + destination
      + pair(5060) + pair(5060) + pair(8 + payload.count) + [0, 0] + payload
  }
}
