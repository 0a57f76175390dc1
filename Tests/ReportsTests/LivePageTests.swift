import Capture
import Foundation
import Registrations
import Rules
import Testing
import Timelines

@testable import Reports

@Suite struct LivePageTests {
  /// A device that does not answer any more, and one whose trouble is over.
  private static let timeline = """
    host switch 203.0.113.10:5060
    host gone 198.51.100.80:5060 user 1001 expires 600
    host back 198.51.100.81:5060 user 1002 expires 600
    0 gone -> switch registers
    1 back -> switch registers
    10..30 every 10 switch -> gone OPTIONS answered 200
    10..30 every 10 switch -> back OPTIONS answered 200
    40..240 every 10 switch -> gone OPTIONS
    40..120 every 10 switch -> back OPTIONS
    130 back -> switch registers
    140..240 every 10 switch -> back OPTIONS answered 200
    """

  private func page(
    _ diagnosis: Diagnosis, later seconds: Int = 0, health: HealthReport = HealthReport(),
    excerpt: Excerpt? = nil
  ) -> String {
    let end = diagnosis.capture.span?.upperBound ?? Timestamp(nanoseconds: 0)
    let start = diagnosis.capture.span?.lowerBound ?? end
    let run = LivePage.Run(
      start: start, judged: end + .seconds(seconds), health: health
    ) { finding in finding.to == nil ? 41 : 7 }
    var buffer = ReportBuffer()
    LivePage.write(diagnosis, run, to: &buffer) { _, _ in excerpt }
    return buffer.text
  }

  private func diagnosis() throws -> Diagnosis {
    var (diagnosis, _) = try readTwice(Self.timeline)
    // One of each kind is enough, and every number stands once.
    let open = try #require(diagnosis.findings.first { $0.to == nil && $0.level == .error })
    let over = try #require(diagnosis.findings.first { $0.to != nil })
    diagnosis.findings = [open, over]
    return diagnosis
  }

  @Test func `What is open is told in full with its timeline, what is over in a line`() throws {
    let diagnosis = try diagnosis()
    let page = page(diagnosis)
    let read = try ReadPage(page)
    #expect(read.text.contains("1 error open, on 1 of 2 accounts"))
    let open = try #require(diagnosis.findings.first)
    #expect(read.text.contains("F41: \(open.summary)"))
    #expect(read.text.contains(open.explanation) && read.text.contains(open.remedy))
    #expect(read.elements.contains { $0.attributes["id"] == "f41-p1" })
    #expect(read.elements.count { $0.attributes["class"] == "tl" } == 1)
    #expect(read.text.contains("No single packets are drawn: none are kept of this account"))
    let over = diagnosis.findings[1]
    #expect(read.text.contains(over.summary) && !read.text.contains(over.explanation))
    #expect(!read.text.contains("at the end") && !read.text.contains("when the capture ended"))
    HTMLReportTests().checkSoundness(read, page)
  }

  @Test func `Packets are drawn as in a ticket, and what is not kept is no silence`() throws {
    var (diagnosis, excerpt) = try readTwice(Self.timeline)
    diagnosis.findings.removeAll { $0.to != nil || $0.level != .error }
    let name = try #require(diagnosis.findings.first?.account)
    let whole = try ReadPage(page(diagnosis, excerpt: excerpt))
    #expect(whole.text.contains("To device") && whole.text.contains("OPTIONS without an answer"))
    #expect(!whole.text.contains("not kept") && !whole.text.contains("kept since"))
    let start = try #require(diagnosis.capture.span).lowerBound + .seconds(90)
    excerpt.accounts[name]?.start = start
    let page = page(diagnosis, excerpt: excerpt)
    let part = try ReadPage(page)
    #expect(part.text.contains("Single packets are kept since 00:01:30.000"))
    #expect(part.text.contains("packets of this time are not kept"))
    // The lanes of packets are there, also where no packet is: that none came is not known.
    for lane in ["REGISTER", "To device", "Keepalive", "Calls"] {
      #expect(page.contains(">\(lane)</text>"), "\(lane)")
    }
    HTMLReportTests().checkSoundness(part, page)
  }

  @Test func `A timeline reaches to the present, whenever the last packet was`() throws {
    let diagnosis = try diagnosis()
    let end = try #require(diagnosis.capture.span).upperBound + .seconds(3600)
    let clock = TextClock(.utc, nil)
    #expect(page(diagnosis, later: 3600).contains("Now</dt>\n<dd>\(clock.full(end))"))
    let axis = TimeAxis(end + .seconds(-600)...end, .utc, most: 1)
    let last = try #require(axis.ticks.last).label
    #expect(page(diagnosis, later: 3600).contains(">\(last.prefix(3))"))
    #expect(!page(diagnosis).contains(">\(last.prefix(3))"))
  }

  @Test func `Nothing but the page's own style and script is let in, and only itself is asked for`()
    throws
  {
    let read = try ReadPage(page(diagnosis()))
    let policy = try #require(
      read.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?
        .attributes["content"])
    #expect(policy.hasPrefix("default-src 'none'; "))
    #expect(policy.contains("script-src '\(try HTMLReportTests().hash(LiveScript.text))'"))
    #expect(policy.contains("connect-src 'self'"))
    #expect(!policy.contains("unsafe"))
    #expect(!LiveScript.text.description.contains("</"))
  }

  @Test func `Without anything captured the page says so`() throws {
    let (diagnosis, _) = try readTwice("host switch 203.0.113.10:5060")
    let page = page(diagnosis)
    #expect(page.contains("<h1>No registration was seen yet</h1>"))
    HTMLReportTests().checkSoundness(try ReadPage(page), page)
  }

  @Test func `What keeps the capture from being complete stands at the top`() throws {
    var health = HealthReport()
    health.interfaces = [.init(name: "eth9", isUp: false, packets: 3)]
    health.troubles = ["/var/x.ndjson: cannot write: No space left on device"]
    health.drops = 1234
    let read = try ReadPage(page(diagnosis(), health: health))
    for words in [
      "eth9 (down)", "interface eth9: nothing can be captured", "No space left on device",
      "lost by the kernel: 1,234",
    ] {
      #expect(read.text.contains(words))
    }
  }

  @Test func `Whatever a capture says, the page stays what it is`() throws {
    var diagnosis = try diagnosis()
    Hostile.spread(over: &diagnosis)
    let page = page(diagnosis)
    let read = try ReadPage(page)
    #expect(read.text.contains(Visible.text(Hostile.text)))
    #expect(read.elements.count { $0.name == "script" } == 1)
    #expect(!read.elements.contains { $0.name == "img" || $0.attributes["onerror"] != nil })
    #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || !Visible.isHidden($0) })
  }

  @Test func `With 120 open findings the page stays small`() throws {
    var timeline = "host switch 203.0.113.10:5060\n"
    for number in 0..<120 {
      timeline += """
        host p\(number) 198.51.\(number % 100).\(number / 100 + 1):5060 user \(1000 + number) expires 900
        0.\(number) p\(number) -> switch registers granted 900
        10..30 every 10 switch -> p\(number) OPTIONS answered 200
        40..240 every 10 switch -> p\(number) OPTIONS

        """
    }
    let (diagnosis, _) = try readTwice(timeline)
    #expect(diagnosis.findings.count { $0.to == nil } >= 120)
    let page = page(diagnosis)
    #expect(page.utf8.count < 700_000)
    #expect(page.contains("Also open"))
  }
}

@Suite struct HealthReportTests {
  private func object(_ health: HealthReport) throws -> [String: Any] {
    try #require(
      JSONSerialization.jsonObject(with: Data(health.json)) as? [String: Any])
  }

  @Test func `All is well while packets can come and what came is judged`() throws {
    var health = HealthReport()
    health.interfaces = [.init(name: "eth0", isUp: true, packets: 5)]
    health.waiting = .seconds(59)
    health.drops = 3
    let object = try object(health)
    #expect(object["status"] as? String == "ok")
    #expect((object["reasons"] as? [String])?.isEmpty ?? false)
    #expect(object["kernel_drops"] as? Int == 3)
  }

  @Test func `Every reason why it fails is named`() throws {
    var health = HealthReport()
    health.interfaces = [.init(name: "eth0", isUp: false, packets: 5)]
    health.waiting = .seconds(61)
    health.troubles = ["x: cannot write: \"full\""]
    let object = try object(health)
    #expect(object["status"] as? String == "failing")
    #expect(
      object["reasons"] as? [String] == [
        "interface eth0: nothing can be captured", "nothing was judged for 61 s",
        "x: cannot write: \"full\"",
      ])
  }

  @Test func `With slow judging more patience is had`() throws {
    var health = HealthReport()
    health.waiting = .seconds(61)
    health.patience = .seconds(240)
    #expect(health.reasons.isEmpty)
  }
}
