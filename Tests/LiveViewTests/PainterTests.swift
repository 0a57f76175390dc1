import Testing

@testable import LiveView

@Suite("Drawing")
struct PainterTests {
  private func screen(_ lines: [String], columns: Int = 10, rows: Int = 3) -> Screen {
    var screen = Screen(columns: columns, rows: rows)
    for line in lines { screen.add(line) }
    return screen
  }

  private func paint(_ painter: inout Painter, _ screen: Screen) -> String {
    String(decoding: painter.paint(screen), as: UTF8.self)
  }

  @Test("only what has changed is drawn, each line at its place")
  func difference() {
    var painter = Painter(isColored: false)
    let first = paint(&painter, screen(["one", "two", "three"]))
    #expect(first.hasPrefix("\u{1B}[0m\u{1B}[2J\u{1B}[1;1Hone\u{1B}[K\u{1B}[2;1Htwo"))
    #expect(paint(&painter, screen(["one", "two", "three"])) == "")
    #expect(paint(&painter, screen(["one", "2", "three"])) == "\u{1B}[2;1H2\u{1B}[K")
    #expect(paint(&painter, screen(["one", "2"])) == "\u{1B}[3;1H\u{1B}[K")
  }

  @Test("a line that reaches the last column is not erased after it")
  func lastColumn() {
    var painter = Painter(isColored: false)
    #expect(paint(&painter, screen(["1234567890"])).hasSuffix("\u{1B}[1;1H1234567890"))
  }

  @Test("another size, or something else on the terminal, has all drawn anew")
  func anew() {
    var painter = Painter(isColored: false)
    let lines = screen(["one"])
    let first = paint(&painter, lines)
    painter.forget()
    #expect(paint(&painter, lines) == first)
    #expect(paint(&painter, screen(["one"], columns: 11)) == first)
  }

  @Test("without colour nothing but weight and reverse video is used")
  func colours() {
    var screen = Screen(columns: 20, rows: 2)
    var line = Line(limit: 20)
    line.put("bad", .error)
    line.put("ok", .label)
    screen.add(line)
    var plain = Painter(isColored: false)
    #expect(paint(&plain, screen).contains("\u{1B}[1mbad\u{1B}[0mok\u{1B}[K"))
    var colored = Painter(isColored: true)
    #expect(paint(&colored, screen).contains("\u{1B}[1;31mbad\u{1B}[0m\u{1B}[2mok\u{1B}[0m"))
  }
}
