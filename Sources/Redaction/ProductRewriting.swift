import Decode

/// Rewriting of User-Agent and Server: products and versions stay, since they matter to a
/// diagnosis; what names one device or place is replaced.
struct ProductRewriter {
  let names: Pseudonyms

  /// Digits in a row that are no version but a serial number or a telephone number.
  private static let mostDigits = 7
  /// Digits of a MAC address, which phones like to add.
  private static let linkDigits = 12

  init(names: Pseudonyms) { self.names = names }

  func products(_ value: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    var here = value.startIndex
    while here < value.endIndex {
      let end = value.find(from: here, Self.isDelimiter)
      if end > here {
        out += product(value[here..<end])
        here = end
      } else {
        out.append(value[here] < 0x20 || value[here] > 0x7E ? 0x20 : value[here])
        here += 1
      }
    }
    return out
  }

  private func product(_ word: Bytes) -> [UInt8] {
    // Some versions read like an address, but nobody can tell them from one that is a host's.
    let isSuspect =
      word.contains(UInt8(ascii: "@")) || word.contains { $0 >= 0x7F }
      || isAddress(word)
      || Self.longestRun(word, \.isDigit) > Self.mostDigits
      || Self.isLinkAddress(word)
    return isSuspect ? names.opaque(.token, word, length: 8) : Array(word)
  }

  private func isAddress(_ word: Bytes) -> Bool {
    guard let address = IPAddress.parse(Array(word).span) else { return false }
    return names.address(address) != address
  }

  /// Twelve hexadecimal digits, perhaps in pairs with marks between them.
  private static func isLinkAddress(_ word: Bytes) -> Bool {
    let digits = word.filter { $0 != 0x3A && $0 != 0x2D && $0 != 0x2E && $0 != 0x5F }
    return longestRun(digits[...], \.isHexDigit) >= linkDigits
  }

  private static func longestRun(_ word: Bytes, _ fits: (UInt8) -> Bool) -> Int {
    var (longest, run) = (0, 0)
    for byte in word {
      run = fits(byte) ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "()/,;<>\"[]=".utf8.contains(byte)
  }
}
