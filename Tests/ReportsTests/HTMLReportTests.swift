import Capture
import Foundation
import Parameters
import Registrations
import Rules
import Testing
import Timelines

@testable import Reports

@Suite("The page")
struct HTMLReportTests {
  @Test("tells every finding with every packet, and so does the Markdown", arguments: try cases())
  func everything(sample: Sample) throws {
    let diagnosis = diagnosis(of: [sample.capturePath])
    let excerpt = try excerpt(of: [sample.capturePath], diagnosis)
    #expect(ReportPlan(diagnosis).packets.isSubset(of: Set(excerpt.packets.keys)))
    let page = html(diagnosis, excerpt)
    let read = try ReadPage(page)
    let ids = Set(read.elements.compactMap { $0.attributes["id"] })
    let markdown = markdown(diagnosis, excerpt)
    for (index, finding) in diagnosis.findings.enumerated() {
      #expect(ids.contains("f\(index + 1)"))
      #expect(read.text.contains(finding.summary))
      #expect(read.text.contains(finding.explanation))
      #expect(read.text.contains(finding.remedy))
      #expect(markdown.contains("F\(index + 1) \(finding.level.word): "))
      #expect(markdown.contains(MarkdownWriter.escaped(finding.summary)))
      for (place, evidence) in finding.evidence.enumerated() {
        #expect(ids.contains("f\(index + 1)-p\(place + 1)"))
        #expect(read.text.contains(evidence.note))
        #expect(read.text.contains("frame \(evidence.moment.frame.number)"))
        #expect(markdown.contains("frame \(evidence.moment.frame.number): "))
      }
    }
    for index in diagnosis.accounts.indices {
      let name = diagnosis.accounts.overview(at: index).addressOfRecord
      #expect(read.text.contains(name))
    }
    checkSoundness(read, page)
  }

  /// One of every kind of sample: all of them would only take longer.
  private static func cases() throws -> [Sample] {
    try Sample.all().filter { $0.name.hasPrefix("violated") }
  }

  func checkSoundness(_ read: ReadPage, _ page: String) {
    let ids = read.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count, "an id stands twice")
    for element in read.elements {
      // Links within the page, and nothing that loads or runs.
      if let link = element.attributes["href"] {
        #expect(link.hasPrefix("#") && ids.contains(String(link.dropFirst())))
      }
      #expect(element.attributes["src"] == nil && element.attributes["style"] == nil)
      #expect(!element.attributes.keys.contains { $0.hasPrefix("on") })
    }
    for word in ["http://", "https://", "url(", "@import"] { #expect(!page.contains(word)) }
    var levels: [Int] = []
    for element in read.elements {
      guard element.name.count == 2, element.name.hasPrefix("h"),
        let level = Int(element.name.dropFirst())
      else { continue }
      #expect(level <= (levels.last ?? 0) + 1, "a heading skips a level")
      levels.append(level)
    }
    #expect(levels.count { $0 == 1 } == 1)
  }

  @Test("lets nothing in but its own style and script")
  func policy() throws {
    let read = try ReadPage(html(diagnosis(of: [try sample("nat-pinhole-lost", "violated")])))
    let policy = try #require(
      read.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?
        .attributes["content"])
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.contains("style-src '\(try hash(PageStyle.text))'"))
    #expect(policy.contains("script-src '\(try hash(PageScript.text))'"))
    #expect(!policy.contains("unsafe"))
    // What a page's policy hashes must not end before its text does.
    for text in [PageStyle.text, PageScript.text] { #expect(!text.description.contains("</")) }
  }

  /// The hash as a policy names it (CSP 3, 2.3.1), by the system's own tool.
  func hash(_ text: StaticString) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.description.utf8))
    try input.fileHandleForWriting.close()
    let digits = Array(output.fileHandleForReading.readDataToEndOfFile().prefix(64))
    process.waitUntilExit()
    let bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
      try #require(UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16))
    }
    return "sha256-" + Data(bytes).base64EncodedString()
  }

  @Test("stays what it is, whatever a capture says")
  func hostile() throws {
    let capture = try sample("nat-pinhole-lost", "violated-call-lost")
    var diagnosis = diagnosis(of: [capture])
    let hostile = Hostile.text
    Hostile.spread(over: &diagnosis)
    var excerpt = try excerpt(of: [capture], diagnosis)
    for (frame, packet) in excerpt.packets {
      excerpt.packets[frame] = QuotedPacket(
        source: packet.source, destination: packet.destination, label: hostile,
        startLine: hostile, fields: [.init(hostile, hostile)])
    }
    let page = html(diagnosis, excerpt)
    let read = try ReadPage(page)
    #expect(read.text.contains(Visible.text(hostile)))
    let known: Set = [
      "html", "head", "meta", "title", "style", "body", "script", "header", "main", "footer", "nav",
      "section", "article", "h1", "h2", "h3", "h4", "h5", "p", "a", "ul", "ol", "li", "dl", "dt",
      "dd", "div", "span", "strong", "em", "code", "pre", "table", "caption", "thead", "tbody",
      "tr", "th", "td", "figure", "figcaption", "details", "summary", "svg", "g", "rect", "line",
      "path", "text",
    ]
    #expect(read.elements.allSatisfy { known.contains($0.name) })
    #expect(read.elements.count { $0.name == "script" } == 1)
    #expect(read.elements.allSatisfy { $0.attributes["onerror"] == nil })
    #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || !Visible.isHidden($0) })
  }

  @Test("without a second reading shows what the history holds, and says so")
  func oneReading() throws {
    let diagnosis = diagnosis(of: [try sample("nat-pinhole-lost", "violated-call-lost")])
    let read = try ReadPage(html(diagnosis))
    #expect(read.text.contains("Registered"))
    #expect(read.text.contains("Made in one reading"))
    #expect(!read.elements.contains { $0.attributes["class"] == "ld" })
  }

  @Test("of a healthy capture shows timelines and what was tested")
  func healthy() throws {
    let (diagnosis, excerpt) = try readTwice(
      """
      host switch 203.0.113.10:5060
      host phone 198.51.100.80:5060 user 1001 expires 60
      0..100 every 25 phone -> switch registers
      10..90 every 10 switch -> phone OPTIONS answered 200
      """)
    #expect(diagnosis.findings.isEmpty)
    let read = try ReadPage(html(diagnosis, excerpt))
    #expect(read.text.contains("Nothing wrong was found."))
    #expect(read.text.contains("9 times: OPTIONS answered with 200"))
    #expect(read.elements.contains { $0.attributes["class"] == "tl" })
  }

  @Test("of 200 failing accounts stays below a megabyte")
  func size() throws {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 0..<200 {
      timeline += """
        host p\(number) 198.51.\(number % 100).\(number / 100 + 1):5060 user \(1000 + number) expires 300
        \(number) p\(number) -> switch registers granted 300
        \(60 + number)..\(280 + number) every 20 switch -> p\(number) OPTIONS

        """
    }
    timeline += "600 p1 -> switch registers granted 300"
    let (diagnosis, excerpt) = try readTwice(timeline)
    #expect(diagnosis.findings.count >= 199)
    let page = html(diagnosis, excerpt)
    #expect(page.utf8.count < 1_000_000)
    #expect(page.contains("Not drawn: only the 24 accounts with the worst findings are."))
    let ids = Set(try ReadPage(page).elements.compactMap { $0.attributes["id"] })
    #expect(diagnosis.findings.indices.allSatisfy { ids.contains("f\($0 + 1)") })
    let lines = markdown(diagnosis, excerpt)
    #expect(lines.contains("Further findings"))
    #expect(diagnosis.findings.indices.allSatisfy { lines.contains("F\($0 + 1) ") })
  }

  @Test("is handed on in pieces, however many findings there are")
  func pieces() throws {
    var (diagnosis, _) = try readTwice(
      """
      host switch 203.0.113.10:5060
      host phone 198.51.100.80:5060 user 1001 expires 300
      0 phone -> switch registers granted 300
      60..280 every 20 switch -> phone OPTIONS
      600 phone -> switch registers granted 300
      """)
    let finding = try #require(diagnosis.findings.first)
    diagnosis.findings += (2000..<7000).map { number in
      var like = finding
      like.account = "\(number)@203.0.113.10"
      return like
    }
    var measure = LongestPiece()
    HTMLReport.write(diagnosis, nil, ReportPlan(diagnosis), to: &measure)
    #expect(measure.bytes > 1_000_000)
    #expect(measure.longest < 200_000)
  }
}

/// Measures what a report is handed on in.
private struct LongestPiece: ReportSink {
  var bytes = 0
  var longest = 0

  mutating func write(_ bytes: Span<UInt8>) throws(Never) {
    self.bytes += bytes.count
    longest = max(longest, bytes.count)
  }
}

/// A text that would mean something in every format, put wherever a diagnosis has text.
enum Hostile {
  static let text = """
    <script>alert(1)</script>"'><img src=x onerror=alert(2)> | `code` [a](javascript:x) *b* _c_ \
    &amp; \u{202E}\u{1B}[2J http://example.net/ ``` www.example.net
    """

  static func spread(over diagnosis: inout Diagnosis) {
    for index in diagnosis.capture.files.indices { diagnosis.capture.files[index].name = text }
    diagnosis.capture.notes = [.init(text, text)]
    diagnosis.capture.undecodable = [(reason: text, count: 1)]
    for index in diagnosis.switches.indices { diagnosis.switches[index].why = text }
    for index in diagnosis.findings.indices {
      diagnosis.findings[index].rule = text
      if index > 0 { diagnosis.findings[index].account = text }
      diagnosis.findings[index].summary = text
      diagnosis.findings[index].explanation = text
      diagnosis.findings[index].remedy = text
      diagnosis.findings[index].parameter = .init(
        text, configured: text, observed: text, recommended: text)
      for place in diagnosis.findings[index].evidence.indices {
        diagnosis.findings[index].evidence[place].note = text
      }
    }
    for index in diagnosis.rules.indices {
      diagnosis.rules[index].rule = text
      diagnosis.rules[index].reasons = [text: 1]
    }
  }
}
