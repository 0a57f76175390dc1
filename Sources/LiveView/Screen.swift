/// What a terminal shows: lines from the top, no more of them and none wider than it has room for.
package struct Screen: Hashable, Sendable {
  package let columns: Int
  package let rows: Int
  package private(set) var lines: [Line] = []

  package init(columns: Int, rows: Int) {
    self.columns = max(columns, 1)
    self.rows = max(rows, 1)
  }

  package var room: Int { rows - lines.count }

  package mutating func add(_ line: Line) {
    if room > 0 { lines.append(line) }
  }

  package mutating func add(_ text: String, _ style: Style = .plain) {
    add(Line(text, style, limit: columns))
  }

  /// Empty lines until only `rest` are left.
  package mutating func fill(leaving rest: Int) {
    while room > rest { lines.append(Line(limit: columns)) }
  }

  /// The screen as plain text.
  package var text: String {
    lines.map { line in
      var text = line.text
      while text.hasSuffix(" ") { text.removeLast() }
      return text + "\n"
    }.joined()
  }
}
