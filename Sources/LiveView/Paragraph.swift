import Reports

/// Text of several lines.
enum Paragraph {
  /// Narrower columns than this are not worth wrapping in.
  private static let narrowest = 12

  /// The lines of `text`, safe to show.
  static func lines(_ text: String, width: Int) -> [String] {
    Wrapping.lines(Visible.text(text), width: max(width, narrowest))
  }
}
