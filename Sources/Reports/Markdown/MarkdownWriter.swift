/// Writes CommonMark that stays the same in ticket systems that know more or less than that: no
/// tables, no raw HTML, no links.
///
/// All text passes `escaped` or stands in a fenced block, whose fence it cannot close.
struct MarkdownWriter {
  var pending = PendingBytes()

  mutating func heading(_ level: Int, _ text: String) {
    pending.append(UInt8(ascii: "#"), count: level)
    line(" " + Self.escaped(text))
    blankLine()
  }

  mutating func paragraph(_ text: String) {
    line(Self.escaped(text))
    blankLine()
  }

  /// One point of a list, with a label in bold.
  mutating func point(_ label: String, _ text: String, depth: Int = 0) {
    pending.append(UInt8(ascii: " "), count: 2 * depth)
    let parts = [label.isEmpty ? "" : "**\(Self.escaped(label))**", Self.escaped(text)]
    line("- \(parts.filter { !$0.isEmpty }.joined(separator: " "))")
  }

  mutating func blankLine() { pending.append(UInt8(ascii: "\n")) }

  /// Lines as they are; longer runs of backticks than the fence's are broken up.
  mutating func block(_ lines: [String]) {
    line("```text")
    for text in lines { line(Visible.text(text).replacing("```", with: "'''")) }
    line("```")
    blankLine()
  }

  private mutating func line(_ text: String) {
    pending.append(text)
    blankLine()
  }

  /// `text` in which nothing means anything to CommonMark and its common extensions.
  ///
  /// Every mark can be escaped (CommonMark 2.4); escaped are those that could mean something where
  /// they stand, so that the source stays readable where nobody renders it.
  static func escaped(_ text: String) -> String {
    let bytes = Array(Visible.text(text).utf8)
    var escaped: [UInt8] = []
    escaped.reserveCapacity(bytes.count + 8)
    for (index, byte) in bytes.enumerated() {
      let last = index > 0 ? bytes[index - 1] : nil
      let next = bytes[(index + 1)...].first
      let endsNumber = (next ?? space) == space && isListNumber(byte, bytes[..<index])
      if endsNumber || isAddress(byte, bytes[..<index]) || isMark(byte, after: last, before: next) {
        escaped.append(UInt8(ascii: "\\"))
      }
      escaped.append(byte)
    }
    return String(decoding: escaped, as: UTF8.self)
  }

  private static func isMark(_ byte: UInt8, after last: UInt8?, before next: UInt8?) -> Bool {
    switch byte {
    case UInt8(ascii: "\\"), UInt8(ascii: "`"), UInt8(ascii: "*"), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"),
      UInt8(ascii: "~"), UInt8(ascii: "&"), UInt8(ascii: "$"):
      return true
    // Within a word it is no emphasis (CommonMark 6.2): names of parameters stay as they are.
    case UInt8(ascii: "_"): return !(isLetter(last) && isLetter(next))
    // What begins a line could be a heading, a list or a rule.
    case UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "="):
      return last == nil
    // `http://` becomes a link in many systems.
    case UInt8(ascii: "/"): return last == UInt8(ascii: ":")
    default: return false
    }
  }

  /// Whether a text that begins with `1.` or `1)` would be a list (CommonMark 5.2).
  private static func isListNumber(_ byte: UInt8, _ before: ArraySlice<UInt8>) -> Bool {
    (byte == UInt8(ascii: ".") || byte == UInt8(ascii: ")")) && !before.isEmpty
      && before.count < 10 && before.allSatisfy { isDigit($0) }
  }

  /// Whether `www.` would become a link, as in many systems.
  private static func isAddress(_ byte: UInt8, _ before: ArraySlice<UInt8>) -> Bool {
    byte == UInt8(ascii: ".") && before.suffix(3).map { $0 | 0x20 } == Array("www".utf8)
  }

  private static let space = UInt8(ascii: " ")

  private static func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ?? false
  }

  private static func isLetter(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return isDigit(byte) || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
  }
}
