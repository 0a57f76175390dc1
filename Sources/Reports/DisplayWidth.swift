/// How many columns of a terminal text takes.
package enum DisplayWidth {
  package static func of(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + of($1) }
  }

  /// Two for East Asian wide characters, none for marks that combine with the one before.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  /// The blocks of wide and fullwidth characters (Unicode Standard Annex 11), unassigned gaps included.
  private static func isWide(_ value: UInt32) -> Bool {
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
      0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF,
      0x1AFF0...0x1B2FB, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,
      0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

/// Breaks text into lines at spaces.
package enum Wrapping {
  /// A word wider than this is cut: nothing an operator types is so long, what a stranger sends may be.
  static let widestWord = 256
  /// A paragraph that would take more lines is cut for the same reason.
  static let mostLines = 40

  private typealias Word = ArraySlice<UInt8>

  /// The lines of `text`, none wider than `width` but for a word that alone is; never empty.
  package static func lines(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line: Word = []
    var used = 0
    for word in words(text) {
      let size = columns(word)
      if used > 0 && used + 1 + size > width {
        lines.append(String(decoding: line, as: UTF8.self))
        guard lines.count < mostLines else {
          return lines + ["... (cut here; --format json has all of it)"]
        }
        line = word
        used = size
      } else {
        if used > 0 { line.append(space) }
        line += word
        used += used > 0 ? 1 + size : size
      }
    }
    return lines + [String(decoding: line, as: UTF8.self)]
  }

  /// The words of `text`; a number and its unit are one, `8 s` shall not break.
  ///
  /// As bytes: to find a space and to measure ASCII no character need be put together.
  private static func words(_ text: String) -> [Word] {
    var words: [Word] = []
    for part in Array(text.utf8).split(separator: space) {
      // The number first: few words are one, and looking is cheap.
      if let last = words.last, last.allSatisfy(isNumeric), isUnit(part) {
        words[words.count - 1] = last + [space] + part
      } else {
        words.append(part.count > widestWord ? shortened(part) : part)
      }
    }
    return words
  }

  private static func columns(_ word: Word) -> Int {
    if word.allSatisfy({ $0 < 0x80 }) { return word.count }
    return DisplayWidth.of(String(decoding: word, as: UTF8.self))
  }

  private static func isUnit(_ word: Word) -> Bool {
    units.contains(String(decoding: word.prefix { !ends.contains($0) }, as: UTF8.self))
  }

  private static let space = UInt8(ascii: " ")
  private static let ends = Array(",.:;)".utf8)
  private static let units: Set<String> = ["s", "min", "h", "d", "kB", "MB", "%"]

  private static func isNumeric(_ byte: UInt8) -> Bool {
    0x30...0x39 ~= byte || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: "(")
  }

  private static func shortened(_ word: Word) -> Word {
    // Marks count here although they take no column: thousands on one letter would be drawn over
    // other lines.
    func room(_ scalar: Unicode.Scalar) -> Int { max(DisplayWidth.of(scalar), 1) }
    let scalars = String(decoding: word, as: UTF8.self).unicodeScalars
    guard scalars.reduce(0, { $0 + room($1) }) > widestWord else { return word }
    var kept = ""
    var used = 0
    for scalar in scalars {
      used += room(scalar)
      guard used <= widestWord - 3 else { break }
      kept.unicodeScalars.append(scalar)
    }
    return Word((kept + "...").utf8)
  }
}
