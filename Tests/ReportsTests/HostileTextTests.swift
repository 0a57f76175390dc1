import Foundation
import Rules
import Testing
import Timelines

@testable import Reports

@Suite("Text from the wire")
struct HostileTextTests {
  @Test(
    "what is not shown as itself becomes visible",
    arguments: [
      ("1001@example", "1001@example"), ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"),
      ("a\nb\rc\td", "a\\u{0A}b\\u{0D}c\\u{09}d"),
      ("\u{202E}moc.elpmaxe", "\\u{202E}moc.elpmaxe"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
      ("zero\u{200B}width", "zero\\u{200B}width"), ("c1\u{9B}2J", "c1\\u{9B}2J"),
      ("del\u{7F}", "del\\u{7F}"), ("lines\u{2028}\u{2029}", "lines\\u{2028}\\u{2029}"),
      ("tag\u{E0041}", "tag\\u{E0041}"), ("filler\u{3164}", "filler\\u{3164}"),
      ("soft\u{AD}hyphen", "soft\\u{AD}hyphen"), ("Zoë 電話", "Zoë 電話"),
    ])
  func becomesVisible(text: String, expected: String) {
    #expect(Visible.text(text) == expected)
  }

  @Test("a device cannot command the terminal through its User-Agent")
  func userAgent() throws {
    let original = "Acme D7 1.4"
    let hostile = "\u{1B}[2J\u{202E}\n# 1"
    #expect(original.utf8.count == hostile.utf8.count)
    var bytes = try #require(
      FileManager.default.contents(atPath: try sample("stale-binding", "violated")))
    while let place = bytes.range(of: Data(original.utf8)) {
      // A line feed ends a header field: the wire cannot carry it there, so a tab stands in.
      bytes.replaceSubrange(place, with: Data(hostile.replacing("\n", with: "\t").utf8))
    }
    let path = NSTemporaryDirectory() + "/regsift-hostile-\(UUID().uuidString).pcap"
    try bytes.write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let diagnosis = diagnosis(of: [path])
    let report = text(diagnosis)
    #expect(report.contains("\\u{1B}[2J\\u{202E}"))
    #expect(report.unicodeScalars.allSatisfy { $0 == "\n" || !Visible.isHidden($0) })
    let bytesOfJSON = json(diagnosis)
    #expect(!bytesOfJSON.contains(0x1B))
    let object = try JSONSerialization.jsonObject(with: Data(bytesOfJSON)) as? [String: Any]
    let agents = (object?["accounts"] as? [[String: Any]])?
      .flatMap { $0["bindings"] as? [[String: Any]] ?? [] }.compactMap {
        $0["user_agent"] as? String
      }
    #expect(agents?.contains { $0.hasPrefix("\u{1B}[2J\u{202E}") } == true)
  }

  @Test("no part of a diagnosis gets around it")
  func everywhere() throws {
    let hostile = "x\u{1B}]0;owned\u{7}\u{202E}\r\nForged line"
    var diagnosis = diagnosis(of: [
      try sample("stale-binding", "violated"), try sample("stale-binding", "undecided"),
    ])
    for index in diagnosis.capture.files.indices {
      diagnosis.capture.files[index].name = hostile + String(index)
      diagnosis.capture.files[index].error = hostile
    }
    diagnosis.capture.notes = [.init(hostile, hostile)]
    diagnosis.capture.undecodable = [(reason: hostile, count: 1)]
    for index in diagnosis.switches.indices { diagnosis.switches[index].why = hostile }
    for index in diagnosis.findings.indices {
      diagnosis.findings[index].rule = hostile
      diagnosis.findings[index].account = hostile
      diagnosis.findings[index].summary = hostile
      diagnosis.findings[index].explanation = hostile
      diagnosis.findings[index].remedy = hostile
      diagnosis.findings[index].parameter = .init(
        hostile, configured: hostile, observed: hostile, recommended: hostile)
      for place in diagnosis.findings[index].evidence.indices {
        diagnosis.findings[index].evidence[place].note = hostile
      }
    }
    for index in diagnosis.rules.indices {
      diagnosis.rules[index].rule = hostile
      diagnosis.rules[index].reasons = [hostile: 1]
    }
    let report = text(diagnosis)
    #expect(report.unicodeScalars.allSatisfy { $0 == "\n" || !Visible.isHidden($0) })
    #expect(!report.split(separator: "\n").contains { $0.hasPrefix("Forged") })
    let bytes = json(diagnosis)
    #expect(!bytes.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") })
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
  }

  @Test("lines break at spaces, by columns, and not between a number and its unit")
  func wrapping() {
    #expect(Wrapping.lines("one two three", width: 7) == ["one two", "three"])
    #expect(Wrapping.lines("after 8 s, then", width: 7) == ["after", "8 s,", "then"])
    #expect(Wrapping.lines("電話 電話 電話", width: 9) == ["電話 電話", "電話"])
    #expect(
      Wrapping.lines("a-word-that-is-too-long b", width: 5) == ["a-word-that-is-too-long", "b"])
    #expect(Wrapping.lines("", width: 5) == [""])
  }

  @Test("endless words and endless paragraphs are cut")
  func endless() {
    let word = String(repeating: "x", count: 60_000)
    #expect(Wrapping.lines(word, width: 70).map(\.count) == [Wrapping.widestWord])
    let marks = "e" + String(repeating: "\u{301}", count: 30_000)
    #expect(Wrapping.lines(marks, width: 70)[0].unicodeScalars.count <= Wrapping.widestWord)
    let words = String(repeating: "word ", count: 20_000)
    #expect(Wrapping.lines(words, width: 70).count == Wrapping.mostLines + 1)
  }

  @Test(
    "spans and numbers are put into words",
    arguments: [
      (Duration.zero, "0 s"), (.milliseconds(449), "0.4 s"), (.milliseconds(9949), "9.9 s"),
      (.milliseconds(9950), "10 s"), (.seconds(119), "119 s"), (.seconds(120), "2 min"),
      (.seconds(151), "2 min 31 s"), (.milliseconds(3_599_600), "1 h"),
      (.seconds(7500), "2 h 5 min"),
      (.seconds(28_119_536), "325 d 10 h"), (.seconds(-5), "0 s"),
    ])
  func spans(duration: Duration, expected: String) {
    #expect(Wording.span(duration) == expected)
  }

  @Test("numbers are grouped, nouns agree, sizes have a unit")
  func numbers() {
    #expect(Words.grouped(1_234_567) == "1,234,567")
    #expect(Words.grouped(-1000) == "-1,000")
    #expect(Words.grouped(999) == "999")
    #expect(Words.count(1, "error") == "1 error")
    #expect(Words.count(0, "error") == "0 errors")
    #expect(Words.size(6816) == "6,816 bytes")
    #expect(Words.size(123_456) == "123 kB")
    #expect(Words.size(12_345_678_901) == "12,345.6 MB")
    #expect(Wording.list(["a", "b", "c"]) == "a, b and c")
  }
}
