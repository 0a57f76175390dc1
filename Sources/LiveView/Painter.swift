/// Turns screens into what a terminal has to be sent: only lines that are not there yet, so that
/// nothing flickers.
struct Painter {
  private var shown: [Line] = []
  private var size = (columns: 0, rows: 0)
  private let isColored: Bool

  init(isColored: Bool) { self.isColored = isColored }

  /// The terminal shows something else by now.
  mutating func forget() { size = (0, 0) }

  /// What makes the terminal show `screen`; empty where it does.
  mutating func paint(_ screen: Screen) -> [UInt8] {
    var bytes: [UInt8] = []
    if size != (screen.columns, screen.rows) {
      size = (screen.columns, screen.rows)
      shown = Array(repeating: Line(limit: screen.columns), count: screen.rows)
      bytes += Array("\u{1B}[0m\u{1B}[2J".utf8)
    }
    let empty = Line(limit: screen.columns)
    for row in shown.indices {
      let line = screen.lines.indices.contains(row) ? screen.lines[row] : empty
      guard line != shown[row] else { continue }
      shown[row] = line
      paint(line, at: row, into: &bytes)
    }
    return bytes
  }

  private func paint(_ line: Line, at row: Int, into bytes: inout [UInt8]) {
    bytes += Array("\u{1B}[\(row + 1);1H".utf8)
    for piece in line.pieces {
      let sequence = piece.style.sequence(isColored: isColored)
      sequence.withUTF8Buffer { bytes += $0 }
      bytes += Array(piece.text.utf8)
      if sequence.utf8CodeUnitCount > 0 { bytes += Array("\u{1B}[0m".utf8) }
    }
    // After the last column the cursor stands on it: there it would take the last character away.
    if line.width < line.limit { bytes += Array("\u{1B}[K".utf8) }
  }
}
