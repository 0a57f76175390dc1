import Foundation
import Rules
import Testing
import Timelines

@testable import Reports

@Suite("The Markdown")
struct MarkdownReportTests {
  @Test(
    "means nothing by what was written by a stranger",
    arguments: [
      ("1001@203.0.113.10", "1001@203.0.113.10"), ("<b>", "\\<b\\>"), ("a|b", "a\\|b"),
      ("`x`", "\\`x\\`"), ("*x*", "\\*x\\*"), ("[a](b)", "\\[a\\](b)"), ("&lt;", "\\&lt;"),
      ("SS_ENDPOINT_EXPIRE", "SS_ENDPOINT_EXPIRE"), ("_x_", "\\_x\\_"), ("# 1", "\\# 1"),
      ("- x", "\\- x"), ("1. x", "1\\. x"), ("203.0.113.10 is", "203.0.113.10 is"),
      ("http://x", "http:\\//x"), ("www.x", "www\\.x"), ("I know.", "I know."), ("a\\b", "a\\\\b"),
      ("~~x~~", "\\~\\~x\\~\\~"), ("\u{202E}", "\\\\u{202E}"), ("a\nb", "a\\\\u{0A}b"),
    ])
  func escapes(text: String, expected: String) {
    #expect(MarkdownWriter.escaped(text) == expected)
  }

  private static let cmark = ["/usr/bin/cmark", "/usr/local/bin/cmark"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// What a CommonMark renderer makes of it.
  private func rendered(_ markdown: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.cmark))
    let place = FileManager.default.temporaryDirectory
      .appendingPathComponent("regsift-\(UUID().uuidString).md")
    try Data(markdown.utf8).write(to: place)
    defer { try? FileManager.default.removeItem(at: place) }
    process.arguments = [place.path]
    process.standardInput = FileHandle.nullDevice
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let page = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: page, as: UTF8.self)
  }

  @Test(
    "renders without raw HTML, links and pictures",
    .enabled(if: cmark != nil, "cmark is not installed: scripts/setup tests"))
  func renders() throws {
    let capture = try sample("nat-pinhole-lost", "violated-call-lost")
    var diagnosis = diagnosis(of: [capture])
    Hostile.spread(over: &diagnosis)
    let page = try rendered(markdown(diagnosis, try excerpt(of: [capture], diagnosis)))
    #expect(!page.contains("raw HTML omitted"))
    let names = Set(page.matches(of: /<([a-z0-9]+)/).map { String($0.1) })
    #expect(names == ["h1", "h2", "h3", "ul", "li", "p", "strong", "pre", "code"])
    // Nothing emphasised but the labels, no code but the blocks.
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.contains("| `code` [a](javascript:x) *b* _c_ &amp;amp;"))
    #expect(page.matches(of: /<code/).count == page.matches(of: /<pre><code/).count)
  }

  @Test("has a timeline in letters")
  func timeline() throws {
    let (diagnosis, excerpt) = try readTwice(
      """
      host switch 203.0.113.10:5060
      host phone 198.51.100.80:5060 user 1001 expires 600
      0 phone -> switch registers granted 600
      60..180 every 30 switch -> phone OPTIONS answered 200
      240..540 every 30 switch -> phone OPTIONS
      600 phone -> switch registers granted 600
      """)
    let lines = markdown(diagnosis, excerpt).split(separator: "\n").map(String.init)
    func line(_ name: String) -> String { lines.first { $0.hasPrefix(name) } ?? "" }
    let columns = { (line: String) in line.dropFirst(12) }
    #expect(columns(line("F1")).hasPrefix(".......................!!!!"))
    #expect(columns(line("Registered")).hasPrefix(String(repeating: "=", count: 60)))
    #expect(columns(line("REGISTER")).first == "+")
    #expect(columns(line("To device")).hasPrefix(".....+..+..+..+..+.....x..x..x"))
    #expect(lines.contains { $0.contains("|00:02") })
  }
}
