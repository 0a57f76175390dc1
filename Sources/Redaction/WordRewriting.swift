/// Rewriting of values that are made of known words and small numbers.
struct WordRewriter {
  let names: Pseudonyms

  /// Digits that a number may have and still be no telephone number.
  static let mostDigits = 10

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

  /// `value` as a count or a span, with what follows it rewritten as words.
  func number(_ value: Bytes) -> [UInt8] { words(value, mostDigits: Self.mostDigits) }

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

  /// A body, of the same length: known words and the numbers of media lines stay, of all else
  /// only the form does.
  func body(_ body: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(body.count)
    var line = body.startIndex
    while line < body.endIndex {
      let end = min(body.find(UInt8(ascii: "\n"), from: line) + 1, body.endIndex)
      bodyLine(body[line..<end], to: &out)
      line = end
    }
    return out
  }

  private func bodyLine(_ line: Bytes, to out: inout [UInt8]) {
    // RFC 8866 5: bandwidth, time, media and version hold no names, nor do these attributes.
    let isSDP = line.count > 2 && line.byte(1) == UInt8(ascii: "=")
    let keepsNumbers = isSDP && ("btmv".utf8.contains(line.byte(0)) || line.isMediaAttribute)
    let keepsWords = keepsNumbers || (isSDP && line.byte(0) == UInt8(ascii: "c"))
    var here = line.startIndex
    while here < line.endIndex {
      let end = line.find(from: here) { !$0.isLetter && !$0.isDigit && $0 < 0x80 && $0 != 0x2D }
      if end > here {
        let word = line[here..<end]
        let isKnown =
          (keepsWords && Vocabulary.has(word)) || (isSDP && here == line.startIndex)
          || (keepsNumbers && word.count <= 5 && word.allSatisfy(\.isDigit))
        for byte in word { out.append(isKnown ? byte : byte.mask) }
        here = end
      } else {
        out.append(line[here])
        here += 1
      }
    }
  }
}

extension Bytes {
  /// Whether an SDP line is an attribute that says how media are encoded and which way they go.
  fileprivate var isMediaAttribute: Bool {
    guard begins(with: "a=") else { return false }
    let name = dropFirst(2).prefix { $0 != UInt8(ascii: ":") && !$0.isSpace }
    return Vocabulary.mediaAttributes.contains(Array(name).lowercased)
  }
}

extension UInt8 {
  /// A letter or digit that says only that there was one.
  fileprivate var mask: UInt8 { isDigit ? 0x30 : self == 0x2D ? self : 0x78 }
}
