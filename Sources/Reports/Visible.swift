/// Makes text from the wire safe to show: whatever a terminal, a browser or a reader's eye could be
/// led astray by becomes visible.
///
/// Names in SIP messages are written by strangers. An escape sequence in a User-Agent would command
/// the operator's terminal, a line feed would forge lines of the report, a bidirectional mark would
/// turn `1001@example` around (CVE-2021-42574).
package enum Visible {
  /// `text` with every character that is not shown as itself written as `\u{202E}`.
  package static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
    var shown = ""
    shown.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        shown += "\\u{\(hexadecimal(scalar.value, digits: 2))}"
      } else {
        shown.unicodeScalars.append(scalar)
      }
    }
    return shown
  }

  /// Whether a character is not shown as itself: controls, marks of direction and joining, line and
  /// paragraph separators, tags, and what has no meaning to share (private use, unassigned).
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value < 0x20 }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    // Fillers and variation selectors are letters and marks by category, but show nothing.
    default: scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  /// A number in capital hexadecimal digits, at least `digits` of them.
  static func hexadecimal(_ number: UInt32, digits: Int) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
  }
}
