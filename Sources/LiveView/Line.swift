import Reports

/// How a piece of a line stands out.
package enum Style: Hashable, Sendable {
  case plain, heading, label, error, warning, notice, good, selected, bar

  /// Parameters of SGR (ECMA-48 8.3.117); without colour only weight and reverse video are used.
  func sequence(isColored: Bool) -> StaticString {
    switch self {
    case .plain: ""
    case .heading: "\u{1B}[1m"
    case .label: isColored ? "\u{1B}[2m" : ""
    case .error: isColored ? "\u{1B}[1;31m" : "\u{1B}[1m"
    case .warning: isColored ? "\u{1B}[1;33m" : "\u{1B}[1m"
    case .notice: isColored ? "\u{1B}[1;36m" : ""
    case .good: isColored ? "\u{1B}[1;32m" : ""
    case .selected, .bar: "\u{1B}[7m"
    }
  }
}

/// One line of a screen, never wider than it may be.
///
/// All text passes `Visible` here and nowhere else, so nothing from the wire can get around it.
package struct Line: Hashable, Sendable {
  package struct Piece: Hashable, Sendable {
    package let text: String
    package let style: Style
  }

  package let limit: Int
  package private(set) var pieces: [Piece] = []
  /// Columns used.
  package private(set) var width = 0

  package init(limit: Int) { self.limit = max(limit, 0) }

  package init(_ text: String, _ style: Style = .plain, limit: Int) {
    self.init(limit: limit)
    put(text, style)
  }

  package var text: String { pieces.map(\.text).joined() }
  package var room: Int { limit - width }

  /// Adds `text`, as much of it as there is room for.
  package mutating func put(_ text: String, _ style: Style = .plain) {
    let fitted = Fitting.fit(text, columns: room)
    guard fitted.columns > 0 else { return }
    pieces.append(Piece(text: fitted.text, style: style))
    width += fitted.columns
  }

  /// Adds `text` in a cell of so many columns, cut or filled up, and a space after it.
  package mutating func put(_ text: String, cell columns: Int, _ style: Style = .plain) {
    let fitted = Fitting.fit(text, columns: min(columns, room))
    if fitted.columns > 0 { pieces.append(Piece(text: fitted.text, style: style)) }
    width += fitted.columns
    skip(columns - fitted.columns + 1)
  }

  /// Adds `text` at the right end where there is room for all of it.
  package mutating func put(atEnd text: String, _ style: Style = .plain) {
    let fitted = Fitting.fit(text, columns: limit)
    guard fitted.columns + 2 <= room else { return }
    skip(room - fitted.columns)
    put(text, style)
  }

  package mutating func skip(_ columns: Int) {
    let count = min(columns, room)
    guard count > 0 else { return }
    pieces.append(Piece(text: String(repeating: " ", count: count), style: .plain))
    width += count
  }

  /// The whole line in one style, to its right end.
  package func filled(_ style: Style) -> Line {
    var line = Line(limit: limit)
    line.put(text, style)
    let rest = line.room
    if rest > 0 { line.put(String(repeating: " ", count: rest), style) }
    return line
  }
}

/// Makes text safe to show, and cuts it to columns.
enum Fitting {
  /// What stands where text was cut.
  private static let mark = "~"
  /// Marks on one letter that are shown: thousands would be drawn over other lines.
  private static let mostMarks = 2

  /// The beginning of `text` that takes no more than `columns`, and how many it takes.
  static func fit(_ text: String, columns: Int) -> (text: String, columns: Int) {
    guard columns > 0 else { return ("", 0) }
    if text.utf8.count <= columns && text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) {
      return (text, text.utf8.count)
    }
    // Nothing longer can fit: a stranger's text may have any length.
    let shown = Visible.text(String(text.unicodeScalars.prefix(columns * (mostMarks + 2))))
    let ascii = shown.utf8.allSatisfy { $0 < 0x80 }
    if ascii && shown.utf8.count <= columns { return (shown, shown.utf8.count) }
    var kept = ""
    var used = 0
    var marks = 0
    /// How much of `kept` still leaves room for the mark.
    var short = (text: "", columns: 0)
    for scalar in shown.unicodeScalars {
      let width = DisplayWidth.of(scalar)
      marks = width == 0 ? marks + 1 : 0
      if marks > mostMarks || (width == 0 && used == 0) { continue }
      guard used + width <= columns else { return (short.text + mark, short.columns + 1) }
      kept.unicodeScalars.append(scalar)
      used += width
      if used < columns { short = (kept, used) }
    }
    return (kept, used)
  }
}
