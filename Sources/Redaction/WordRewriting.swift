/// Rewriting of values that are made of known words and small numbers.
struct WordRewriter {
  let names: Pseudonyms

  /// Digits of the largest number that anybody reads (RFC 3261 20.19, 20.16).
  static let allDigits = 10
  private static let largest = Array("4294967295".utf8)

  /// `value` with every word replaced that is neither known nor a number; line ends become spaces.
  func words(_ value: Bytes, mostDigits: Int = 5) -> [UInt8] {
    var out: [UInt8] = []
    var here = value.startIndex
    while here < value.endIndex {
      let end = value.find(from: here) { !Self.isWord($0) }
      if end > here {
        let word = value[here..<end]
        out += isHarmless(word, mostDigits) ? Array(word) : replaced(word)
        here = end
      } else {
        out.append(Self.mark(value[here]))
        here += 1
      }
    }
    return out
  }

  /// `value` as a number, with what follows it rewritten as words.
  func number(_ value: Bytes, mostDigits: Int = 5) -> [UInt8] {
    let end = value.find(from: value.startIndex) { !Self.isWord($0) }
    return numeral(value[..<end], mostDigits: mostDigits) + words(value[end...])
  }

  /// A number, which could be a telephone's where it has more digits: another one then, as long and
  /// to any reader as far beyond what makes sense.
  func numeral(_ word: Bytes, mostDigits: Int) -> [UInt8] {
    guard !word.isEmpty, word.allSatisfy(\.isDigit) else {
      return words(word, mostDigits: mostDigits)
    }
    let digits = word.drop { $0 == 0x30 }
    let isLargest = digits.count == Self.allDigits
    if digits.count <= mostDigits, !isLargest || !Self.largest.lexicographicallyPrecedes(digits) {
      return Array(word)
    }
    let others = names.opaque(.token, digits, length: min(digits.count, Self.allDigits) - 1)
    return [UInt8(ascii: "9")] + others.map { 0x30 + $0 % 10 }
  }

  private func isHarmless(_ word: Bytes, _ mostDigits: Int) -> Bool {
    if Vocabulary.has(word) { return true }
    let digits = word.count { $0.isDigit }
    // A decimal such as q=0.7, or a clock's 12:34:56 between colons.
    return digits <= mostDigits && word.allSatisfy { $0.isDigit || $0 == 0x2E }
      && word.count { $0 == 0x2E } <= 1
  }

  private func replaced(_ word: Bytes) -> [UInt8] {
    [UInt8(ascii: "x")] + names.opaque(.token, word, length: 6)
  }

  /// What a token is made of (RFC 3261 25.1), with everything that is no ASCII.
  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
    case 0x2D, 0x2E, 0x21, 0x25, 0x2A, 0x5F, 0x2B, 0x60, 0x27, 0x7E: true
    default: false
    }
  }

  /// A byte between words; what no header may hold becomes a space.
  private static func mark(_ byte: UInt8) -> UInt8 {
    0x21...0x7E ~= byte || byte == 0x09 ? byte : 0x20
  }

  /// A keepalive's text, of the same length: known words stay, others are replaced.
  func keepalive(_ text: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    var here = text.startIndex
    while here < text.endIndex {
      let end = text.find(from: here) { !$0.isLetter && !$0.isDigit }
      if end > here {
        let word = text[here..<end]
        let isKnown = Vocabulary.keepalives.contains(Array(word).lowercased)
        out += isKnown ? Array(word) : names.word(word)
        here = end
      } else {
        out.append(text[here])
        here += 1
      }
    }
    return out
  }
}
