import Foundation
import LiveView
import Parameters
import Reports
import Rules
import Testing

@Suite("What strangers write")
struct HostileTests {
  private static let hostile = [
    "x\u{1B}]0;owned\u{7}\u{9B}2J\u{202E}\r\nForged line\u{0}\u{7F}",
    "\u{1B}[?1049l\u{1B}[2J", "電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話電話",
    "e" + String(repeating: "\u{301}", count: 5000), String(repeating: "\u{301}", count: 300) + "x",
    String(repeating: "x", count: 5000), "\u{2066}a\u{200B}b\u{2069}\u{E0041}", "",
  ]

  /// The view on a diagnosis in which every text is hostile.
  private static func view(
    _ text: String
  ) throws -> (model: ViewModel, around: Surroundings) {
    var diagnosis = try diagnosis(of: sample("nat-expiry-too-long/violated-measured"))
    for index in diagnosis.capture.files.indices { diagnosis.capture.files[index].error = text }
    diagnosis.capture.notes = [.init(text, text)]
    for index in diagnosis.findings.indices {
      diagnosis.findings[index].rule = text
      if index > 0 { diagnosis.findings[index].account = index == 1 ? text : nil }
      diagnosis.findings[index].summary = text
      diagnosis.findings[index].explanation = text
      diagnosis.findings[index].remedy = text
      diagnosis.findings[index].parameter = .init(
        text, configured: text, observed: text, recommended: text)
    }
    let (shown, around) = LiveViewTests.view(on: diagnosis)
    var model = ViewModel(interfaces: [text])
    var news = shown.news
    news.add(News(message: text, at: around.now))
    model.show(shown.snapshot, news)
    return (model, around)
  }

  private static let ways: [[Key]] = [
    [], [.tab], [.tab, .tab], [.enter], [.down, .enter], [.end, .enter], [.character("?")],
    [.character("/"), .character("x")], [.character("p"), .end], [.enter, .end],
    [.tab, .enter, .pageDown],
  ]

  @Test("no line is wider and no screen longer than the terminal, whatever its size")
  func sizes() throws {
    var views: [(model: ViewModel, around: Surroundings)] = []
    for text in [Self.hostile[0], Self.hostile[2], "two words"] {
      for keys in Self.ways {
        var (model, around) = try Self.view(text)
        for key in keys { model.press(key) }
        views.append((model, around))
      }
    }
    var next = 0
    for columns in 1...200 {
      for rows in 1...60 {
        // A prime step: every view meets all kinds of sizes.
        next = (next + 7) % views.count
        let around = views[next].around
        let screen = views[next].model.screen(columns: columns, rows: rows, around)
        let widest = screen.lines.map(\.width).max() ?? 0
        let isCounted = screen.lines.allSatisfy { Self.width($0.text) == $0.width }
        guard screen.lines.count <= rows && widest <= columns && isCounted else {
          Issue.record("\(columns)x\(rows): \(screen.text)")
          return
        }
      }
    }
  }

  @Test("every line shows as many columns as counted, and nothing hidden", arguments: hostile)
  func hidden(text: String) throws {
    for keys in Self.ways {
      var (model, around) = try Self.view(text)
      for key in keys { model.press(key) }
      model.press(.character("/"))
      model.type(String(text.unicodeScalars.prefix(50)))
      for (columns, rows) in [(80, 24), (33, 50), (7, 9), (200, 60)] {
        let screen = model.screen(columns: columns, rows: rows, around)
        for line in screen.lines {
          #expect(line.text.unicodeScalars.allSatisfy { !Visible.isHidden($0) })
          #expect(Self.width(line.text) == line.width && line.width <= columns)
          #expect(Self.mostMarks(line.text) <= 2)
        }
        #expect(!screen.lines.contains { $0.text.hasPrefix("Forged") })
      }
    }
  }

  private static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
  }

  /// The most marks that stand on one letter.
  private static func mostMarks(_ text: String) -> Int {
    var most = 0
    var row = 0
    for scalar in text.unicodeScalars {
      row = DisplayWidth.of(scalar) == 0 ? row + 1 : 0
      most = max(most, row)
    }
    return most
  }
}
