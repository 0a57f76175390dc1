import Rules

/// How a piece of text stands out on a terminal with colours.
enum TextStyle {
  case plain
  case heading
  case label
  case error
  case warning
  case notice
  case good

  /// Parameters of SGR (ECMA-48 8.3.117); the eight basic colours suit every terminal's theme.
  var sequence: StaticString? {
    switch self {
    case .plain: nil
    case .heading: "\u{1B}[1m"
    case .label: "\u{1B}[2m"
    case .error: "\u{1B}[1;31m"
    case .warning: "\u{1B}[1;33m"
    case .notice: "\u{1B}[1;36m"
    case .good: "\u{1B}[1;32m"
    }
  }
}

extension Level {
  var style: TextStyle {
    switch self {
    case .error: .error
    case .warning: .warning
    case .notice: .notice
    }
  }
}

/// Writes lines for a terminal.
///
/// All text passes `Visible` here and nowhere else, so nothing from the wire can get around it;
/// escape sequences are added after.
struct TextWriter {
  var pending = PendingBytes()
  let width: Int
  let isColored: Bool

  init(_ options: ReportOptions) {
    width = max(options.width, 40)
    isColored = options.isColored
  }

  /// Ends a block.
  mutating func blankLine() { pending.append(UInt8(ascii: "\n")) }

  /// Writes one line as it is, however wide.
  mutating func line(_ text: String, _ style: TextStyle = .plain, indent: Int = 0) {
    pending.append(UInt8(ascii: " "), count: indent)
    put(Visible.text(text), style)
    blankLine()
  }

  /// Writes `label`, then `text` wrapped in the columns right of `column`.
  mutating func paragraph(
    _ label: String, _ text: String, indent: Int = 0, column: Int,
    labelStyle: TextStyle = .label, style: TextStyle = .plain
  ) {
    let lines = Wrapping.lines(Visible.text(text), width: width - column)
    pending.append(UInt8(ascii: " "), count: indent)
    let shown = Visible.text(label)
    put(shown, labelStyle)
    // A label longer than its column pushes the first line only.
    pending.append(
      UInt8(ascii: " "), count: max(column - indent - DisplayWidth.of(shown), 1))
    for (index, line) in lines.enumerated() {
      if index > 0 { pending.append(UInt8(ascii: " "), count: column) }
      put(line, style)
      blankLine()
    }
  }

  private mutating func put(_ text: String, _ style: TextStyle) {
    guard isColored, let sequence = style.sequence, !text.isEmpty else {
      pending.append(text)
      return
    }
    pending.append(sequence)
    pending.append(text)
    pending.append("\u{1B}[0m" as StaticString)
  }
}
