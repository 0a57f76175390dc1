/// A piece of a page: an element with what is in it, or text.
///
/// Pages are made of these values alone. Text and attribute values are escaped where they are
/// written, in one place, so nothing from a capture can become markup.
enum Markup {
  case element(Tag, [Attribute], [Markup])
  case text(String)
  /// A line end where it counts, within `pre`.
  case lineEnd
}

/// The name of an element and how it is written.
struct Tag {
  let name: StaticString
  /// Whether it has neither content nor end (HTML 13.1.2, void elements).
  var isVoid = false
  /// Whether a line end after it shows nothing.
  var isBlock = true
  /// Whether it closes itself where it is empty (HTML 13.1.2.1, foreign elements).
  var isForeign = false

  init(
    _ name: StaticString, isVoid: Bool = false, isBlock: Bool = true, isForeign: Bool = false
  ) {
    self.name = name
    self.isVoid = isVoid
    self.isBlock = isBlock
    self.isForeign = isForeign
  }

  /// An element with this content; attributes that are `nil` are left out.
  func callAsFunction(
    _ attributes: Attribute?..., @MarkupBuilder content: () -> [Markup] = { [] }
  ) -> Markup {
    .element(self, attributes.compactMap { $0 }, content())
  }
}

/// An attribute; without value it only has to be there.
struct Attribute {
  let name: StaticString
  var value: String?

  init(_ name: StaticString, _ value: String? = nil) {
    self.name = name
    self.value = value
  }

  static func `class`(_ value: String) -> Attribute { Attribute("class", value) }
  static func id(_ value: String) -> Attribute { Attribute("id", value) }
  /// A link within the page: reports lead nowhere else.
  static func href(to id: String) -> Attribute { Attribute("href", "#" + id) }
  static func role(_ value: String) -> Attribute { Attribute("role", value) }
  static func label(_ value: String) -> Attribute { Attribute("aria-label", value) }
  static func scope(_ value: String) -> Attribute { Attribute("scope", value) }
  static func data(_ name: StaticString, _ value: String) -> Attribute { Attribute(name, value) }
  /// Reachable by keyboard although it is no control.
  static var focusable: Attribute { Attribute("tabindex", "0") }
}

/// Puts strings and elements into a row.
@resultBuilder
enum MarkupBuilder {
  static func buildExpression(_ text: String) -> [Markup] { [.text(text)] }
  static func buildExpression(_ markup: Markup) -> [Markup] { [markup] }
  static func buildExpression(_ markup: Markup?) -> [Markup] { markup.map { [$0] } ?? [] }
  static func buildExpression(_ list: [Markup]) -> [Markup] { list }
  static func buildBlock(_ parts: [Markup]...) -> [Markup] { parts.flatMap { $0 } }
  static func buildOptional(_ part: [Markup]?) -> [Markup] { part ?? [] }
  static func buildEither(first: [Markup]) -> [Markup] { first }
  static func buildEither(second: [Markup]) -> [Markup] { second }
  static func buildArray(_ parts: [[Markup]]) -> [Markup] { parts.flatMap { $0 } }
}

extension Tag {
  static let a = Tag("a", isBlock: false)
  static let article = Tag("article")
  static let body = Tag("body")
  static let code = Tag("code", isBlock: false)
  static let dd = Tag("dd")
  static let details = Tag("details")
  static let div = Tag("div")
  static let dl = Tag("dl")
  static let dt = Tag("dt")
  static let em = Tag("em", isBlock: false)
  static let figcaption = Tag("figcaption")
  static let figure = Tag("figure")
  static let footer = Tag("footer")
  static let h1 = Tag("h1")
  static let h2 = Tag("h2")
  static let h3 = Tag("h3")
  static let h4 = Tag("h4")
  static let h5 = Tag("h5")
  static let head = Tag("head")
  static let header = Tag("header")
  static let html = Tag("html")
  static let li = Tag("li")
  static let main = Tag("main")
  static let meta = Tag("meta", isVoid: true)
  static let nav = Tag("nav")
  static let noscript = Tag("noscript")
  static let ol = Tag("ol")
  static let p = Tag("p")
  static let pre = Tag("pre")
  static let section = Tag("section")
  static let span = Tag("span", isBlock: false)
  static let strong = Tag("strong", isBlock: false)
  static let summary = Tag("summary")
  static let table = Tag("table")
  static let caption = Tag("caption")
  static let tbody = Tag("tbody")
  static let td = Tag("td")
  static let th = Tag("th")
  static let thead = Tag("thead")
  static let title = Tag("title")
  static let tr = Tag("tr")
  static let ul = Tag("ul")
}
