import Foundation
import LiveView
import Testing

/// Screens held to the letter: `REGSIFT_RECORD=1 swift test --filter ScreenTests` records them anew.
@Suite("Screens")
struct ScreenTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let columns: Int
    let rows: Int
    let keys: [Key]
    var testDescription: String { name }
  }

  static let cases = [
    Case(name: "findings-80x24", columns: 80, rows: 24, keys: []),
    Case(name: "findings-120x40", columns: 120, rows: 40, keys: [.down]),
    Case(name: "findings-40x15", columns: 40, rows: 15, keys: []),
    Case(name: "findings-30x8", columns: 30, rows: 8, keys: []),
    Case(name: "accounts-80x24", columns: 80, rows: 24, keys: [.tab]),
    Case(name: "events-80x24", columns: 80, rows: 24, keys: [.tab, .tab, .down]),
    Case(name: "account-80x40", columns: 80, rows: 40, keys: [.enter]),
    Case(name: "account-scrolled-60x20", columns: 60, rows: 20, keys: [.enter, .pageDown]),
    Case(name: "help-80x24", columns: 80, rows: 24, keys: [.character("?")]),
    Case(
      name: "filtered-80x24", columns: 80, rows: 24,
      keys: [.tab, .character("/")] + "error".unicodeScalars.map { .character($0) }),
  ]

  @Test("a sample's screens are those recorded", arguments: cases)
  func samples(of screen: Case) throws {
    try compare(screen, sample("nat-expiry-too-long/violated-measured"), "sample")
  }

  @Test(
    "the screens of a capture of real phones are those recorded",
    .enabled(if: LabCaptures.exist, "no lab captures beside the package"), arguments: cases)
  func lab(of screen: Case) throws {
    try compare(screen, LabCaptures.path("nat-pinhole-loss"), "lab")
  }

  private func compare(_ screen: Case, _ capture: String, _ folder: String) throws {
    var (model, around) = view(on: try diagnosis(of: capture))
    // A drawing tells the view how much it can show: keys rely on that.
    _ = model.screen(columns: screen.columns, rows: screen.rows, around)
    for key in screen.keys { _ = model.press(key, at: around.now) }
    let drawn = model.screen(columns: screen.columns, rows: screen.rows, around).text
    let url = root.appendingPathComponent(
      "Tests/LiveViewTests/Screens/\(folder)/\(screen.name).txt")
    guard ProcessInfo.processInfo.environment["REGSIFT_RECORD"] == nil else {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(drawn.utf8).write(to: url)
      Issue.record("recorded \(screen.name): look at it, then run without REGSIFT_RECORD")
      return
    }
    #expect(drawn == (try String(contentsOf: url, encoding: .utf8)))
  }
}
