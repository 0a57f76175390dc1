/// Elements of pictures (SVG 2), as far as reports draw any.
enum SVG {
  static let svg = Tag("svg")
  static let g = Tag("g", isBlock: false, isForeign: true)
  static let a = Tag("a", isBlock: false, isForeign: true)
  static let rect = Tag("rect", isBlock: false, isForeign: true)
  static let line = Tag("line", isBlock: false, isForeign: true)
  static let path = Tag("path", isBlock: false, isForeign: true)
  static let text = Tag("text", isBlock: false, isForeign: true)
  static let title = Tag("title", isBlock: false, isForeign: true)

  /// A picture of `width` by `height` units that is scaled to its place, which names it.
  static func picture(
    _ width: Int, _ height: Int, class style: String, @MarkupBuilder content: () -> [Markup]
  ) -> Markup {
    svg(Attribute("viewBox", "0 0 \(width) \(height)"), .class(style), content: content)
  }

  static func rect(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, class style: String,
    @MarkupBuilder content: () -> [Markup] = { [] }
  ) -> Markup {
    rect(
      number("x", x), number("y", y), number("width", width), number("height", height),
      .class(style), content: content)
  }

  static func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class style: String
  ) -> Markup {
    line(number("x1", x1), number("y1", y1), number("x2", x2), number("y2", y2), .class(style))
  }

  static func text(
    _ x: Double, _ y: Double, _ words: String, class style: String? = nil
  ) -> Markup {
    text(number("x", x), number("y", y), style.map { .class($0) }) { words }
  }

  static func path(
    _ data: String, class style: String, @MarkupBuilder content: () -> [Markup] = { [] }
  ) -> Markup {
    path(Attribute("d", data), .class(style), content: content)
  }

  private static func number(_ name: StaticString, _ value: Double) -> Attribute {
    Attribute(name, decimal(value))
  }

  /// A number with at most one decimal: a tenth of a pixel is finer than any screen.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let rest = abs(tenths) % 10
    return rest == 0 ? "\(sign)\(abs(tenths) / 10)" : "\(sign)\(abs(tenths) / 10).\(rest)"
  }
}
