/// Rewriting of User-Agent and Server: products and versions stay, since they matter to a
/// diagnosis; what names one device, place or customer is replaced.
struct ProductRewriter {
  let names: Pseudonyms
  /// Whom the message is about: many devices say it again here.
  let told: MessageNames

  /// Bytes within which a product names itself; what follows is replaced whole.
  private static let longest = 256
  /// Digits that written as one number are a telephone or serial number, no version.
  private static let telephone = 7
  /// Digits of a MAC address.
  private static let linkDigits = 12

  func products(_ value: Bytes) -> [UInt8] {
    let words = Self.words(value)
    let numbers = Self.longNumbers(words)
    var out: [UInt8] = []
    var here = value.startIndex
    for (index, word) in words.enumerated() {
      out += value[here..<word.startIndex].map(Self.mark)
      here = word.endIndex
      if here - value.startIndex > Self.longest {
        return out + names.opaque(.token, value[word.startIndex...], length: 8)
      }
      let isSuspect =
        numbers.contains(index) || told.areTold(by: word)
        || ProductWord(bytes: word).isSuspect(names)
      out += isSuspect ? names.opaque(.token, word, length: 8) : Array(word)
    }
    return out + value[here...].map(Self.mark)
  }

  /// The words of a value; the last one is the first that does not stand at its beginning.
  private static func words(_ value: Bytes) -> [Bytes] {
    var words: [Bytes] = []
    var here = value.startIndex
    while here < value.endIndex, here - value.startIndex <= longest {
      let start = value.find(from: here) { !isDelimiter($0) }
      here = value.find(from: start, isDelimiter)
      if here > start { words.append(value[start..<here]) }
    }
    return words
  }

  private static func mark(_ byte: UInt8) -> UInt8 { 0x20...0x7E ~= byte ? byte : 0x20 }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "()/,;<>\"[]=".utf8.contains(byte)
  }

  // MARK: Numbers of several words

  /// Which words make up a telephone number or a MAC address together: both are often grouped.
  private static func longNumbers(_ words: [Bytes]) -> Set<Int> {
    chains(words, of: telephone, "+-", \.isDigit)
      .union(chains(words, of: linkDigits, ":-._", \.isHexDigit))
  }

  /// The words of nothing but such digits and `marks` that have `most` digits or more in a row.
  private static func chains(
    _ words: [Bytes], of most: Int, _ marks: StaticString, _ isDigit: (UInt8) -> Bool
  ) -> Set<Int> {
    var found: Set<Int> = []
    var (start, digits) = (0, 0)
    for (index, word) in words.enumerated() {
      guard word.allSatisfy({ isDigit($0) || marks.has($0) }), word.contains(where: isDigit) else {
        (start, digits) = (index + 1, 0)
        continue
      }
      digits += word.count(where: isDigit)
      if digits >= most { found.formUnion(start...index) }
    }
    return found
  }
}

extension StaticString {
  /// Whether one of its bytes is `byte`.
  func has(_ byte: UInt8) -> Bool { withUTF8Buffer { $0.contains(byte) } }
}
