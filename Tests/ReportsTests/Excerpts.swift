import Analysis
import Capture
import Foundation
import Parameters
import Registrations
import Reports
import Rules
import Testing
import Timelines

/// What a second reading of capture files takes, made the way the command makes it.
func excerpt(of paths: [String], _ diagnosis: Diagnosis, seed: UInt64 = 1) throws -> Excerpt {
  let readers = try paths.enumerated().map { try CaptureReader(path: $1, file: UInt32($0)) }
  let timeline = CaptureTimeline(readers)
  var pass = TimelinePass(wish(diagnosis), timeout: .seconds(32), seed: seed)
  while let header = timeline.next() { pass.take(header, timeline.bytes) }
  return pass.finish()
}

private func wish(_ diagnosis: Diagnosis) -> TimelinePass.Wish {
  let plan = ReportPlan(diagnosis)
  return TimelinePass.Wish(
    accounts: plan.drawn.map { (diagnosis.accounts[$0.position], $0.window) },
    packets: plan.packets, eventsPerLane: plan.eventsPerLane)
}

/// Diagnosis and excerpt of the frames that a timeline makes, from the frame `setBack` on by a clock
/// that was set back by an hour.
func readTwice(
  _ timeline: String, setBack: UInt32 = .max
) throws -> (diagnosis: Diagnosis, excerpt: Excerpt) {
  let frames = try Timeline(timeline).frames.enumerated().map { index, frame in
    let number = UInt32(index + 1)
    let header = FrameHeader(
      reference: FrameReference(file: 0, number: number),
      time: number < setBack ? frame.time : frame.time + .seconds(-3600),
      linkType: .ethernet, capturedLength: frame.bytes.count, originalLength: frame.bytes.count)
    return (header, frame.bytes)
  }
  var pipeline = Pipeline(profile: Profile(), seed: 1)
  for (header, bytes) in frames { pipeline.take(header, bytes.span) }
  let diagnosis = pipeline.diagnose(files: [], drops: nil)
  var pass = TimelinePass(wish(diagnosis), timeout: .seconds(32), seed: 1)
  for (header, bytes) in frames { pass.take(header, bytes.span) }
  return (diagnosis, pass.finish())
}

/// The page on `diagnosis`.
func html(_ diagnosis: Diagnosis, _ excerpt: Excerpt? = nil) -> String {
  var buffer = ReportBuffer()
  HTMLReport.write(diagnosis, excerpt, ReportPlan(diagnosis), to: &buffer)
  return buffer.text
}

/// The Markdown on `diagnosis`.
func markdown(_ diagnosis: Diagnosis, _ excerpt: Excerpt? = nil) -> String {
  var buffer = ReportBuffer()
  MarkdownReport.write(diagnosis, excerpt, ReportPlan(diagnosis), to: &buffer)
  return buffer.text
}

/// A page as its elements and their attributes, read as strictly as the writer has to be.
struct ReadPage {
  struct Element {
    let name: String
    let attributes: [String: String]
  }

  private(set) var elements: [Element] = []
  /// Text outside of elements' tags, references resolved, style and script left out.
  private(set) var text = ""

  init(_ page: String) throws {
    var open: [String] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      let before = rest[..<start]
      text += Self.resolved(before)
      try #require(!before.contains(">"), "a bare > in text")
      rest = rest[start...]
      let end = try #require(rest.firstIndex(of: ">"))
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("!") { continue }
      if tag.hasPrefix("/") {
        try #require(open.popLast() == String(tag.dropFirst()), "\(tag) closes another element")
        continue
      }
      let element = try Self.element(tag)
      elements.append(element)
      if element.name != "meta", !tag.hasSuffix("/") { open.append(element.name) }
      // Raw text begins at once.
      if element.name == "style" || element.name == "script" {
        let close = try #require(rest.range(of: "</\(element.name)>"))
        rest = rest[close.lowerBound...]
        let after = try #require(rest.firstIndex(of: ">"))
        rest = rest[rest.index(after: after)...]
        open.removeLast()
      }
    }
    text += Self.resolved(rest)
    try #require(open.isEmpty, "never closed: \(open)")
  }

  private static func element(_ tag: Substring) throws -> Element {
    let name = tag.prefix { $0 != " " && $0 != "/" }
    var attributes: [String: String] = [:]
    for match in tag.dropFirst(name.count).matches(of: /\ ([a-zA-Z0-9-]+)(?:="([^"]*)")?/) {
      let key = String(match.1)
      try #require(attributes[key] == nil, "\(key) twice")
      attributes[key] = match.2.map { resolved($0) } ?? ""
    }
    return Element(name: String(name), attributes: attributes)
  }

  private static func resolved(_ text: Substring) -> String {
    String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
      .replacing("&amp;", with: "&")
  }
}
