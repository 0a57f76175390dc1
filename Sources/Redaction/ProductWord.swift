import Decode

/// A word of User-Agent or Server, which may be a product, its version, or something personal.
struct ProductWord {
  let bytes: Bytes

  /// No product is called like more.
  private static let longest = 64
  private static let mostDigits = 6
  private static let dottedDigits = 10
  private static let linkDigits = 12

  /// Whether it may name a device, place or person, as far as its form can tell.
  func isSuspect(_ names: Pseudonyms) -> Bool {
    bytes.count > Self.longest
      // Addresses of people and of interfaces, escapes, possessives: "Alice's" phone.
      || bytes.contains { $0 >= 0x7F || "@%'".utf8.contains($0) }
      || bytes.count { $0 == 0x3A } > 1
      || isTelephoneNumber || isLinkAddress || isHostName || holdsAddress(names)
  }

  // MARK: Numbers

  private var isTelephoneNumber: Bool {
    if longestRun(of: \.isDigit, across: "+-_") > Self.mostDigits { return true }
    // 555.123.4567, which no version looks like.
    return bytes.allSatisfy { $0.isDigit || "+.-".utf8.contains($0) }
      && bytes.count { $0 == 0x2E } <= 2 && bytes.count(where: \.isDigit) >= Self.dottedDigits
  }

  /// Twelve hexadecimal digits, perhaps in pairs with marks between them.
  private var isLinkAddress: Bool {
    longestRun(of: \.isHexDigit, across: ":-._") >= Self.linkDigits
  }

  private func longestRun(of fits: (UInt8) -> Bool, across marks: StaticString) -> Int {
    var (longest, run) = (0, 0)
    for byte in bytes where !marks.has(byte) || fits(byte) {
      run = fits(byte) ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  // MARK: Hosts

  private var isHostName: Bool {
    bytes.split(separator: UInt8(ascii: ":")).contains { part in
      let part = Array(part).lowercased
      let labels = part.split(separator: UInt8(ascii: "."))
      guard labels.count > 1, !Vocabulary.isProduct(part) else { return false }
      func isName(_ label: Bytes, of shortest: Int) -> Bool {
        label.count >= shortest && !label.contains(where: \.isDigit)
          && !Vocabulary.isVersionWord(Array(label))
      }
      return labels.last.map { isName($0, of: 2) } == true
        || (labels.count > 2 && labels.contains { isName($0, of: 3) })
    }
  }

  // MARK: Addresses

  /// Whether an IPv4 address stands in it, with a port or a number behind it or not.
  ///
  /// Some versions read like an address, but nobody can tell them from one that is a host's, unless
  /// it is said before them.
  private func holdsAddress(_ names: Pseudonyms) -> Bool {
    var chain: [Bytes] = []
    var mark: UInt8 = 0
    var here = bytes.startIndex
    while here < bytes.endIndex {
      let start = bytes.find(from: here, \.isDigit)
      let end = bytes.find(from: start) { !$0.isDigit }
      let before = bytes.byte(start - 1 - bytes.startIndex)
      let follows =
        chain.last.map { $0.endIndex == start - 1 } == true && ".-_".utf8.contains(before)
      if !follows || (chain.count > 1 && before != mark) {
        if isAddress(chain, mark, names) { return true }
        chain = follows ? Array(chain.suffix(1)) : []
      }
      mark = before
      if end > start { chain.append(bytes[start..<end]) }
      here = end
    }
    return isAddress(chain, mark, names)
  }

  /// Whether these numbers, with `mark` between them, are an address, or one and a port.
  private func isAddress(_ chain: [Bytes], _ mark: UInt8, _ names: Pseudonyms) -> Bool {
    guard chain.count == 4 || (chain.count == 5 && (chain.last?.count ?? 0) > 3) else {
      return false
    }
    var bits: UInt32 = 0
    for number in chain.prefix(4) {
      guard number.count <= 3, let octet = UInt8(String(decoding: number, as: UTF8.self)) else {
        return false
      }
      bits = bits << 8 | UInt32(octet)
    }
    let address = IPAddress(ipv4: bits)
    if mark == UInt8(ascii: "."), let first = chain.first, announcesVersion(first.startIndex) {
      return false
    }
    return names.address(address) != address
  }

  /// Whether what stands right before `index` says that a version follows: `V2.1.9.7`.
  private func announcesVersion(_ index: Int) -> Bool {
    var before = bytes[..<index]
    if let last = before.last, ".-_".utf8.contains(last) { before = before.dropLast() }
    let word = before.suffix(
      from: before.lastIndex { !$0.isLetter }.map { $0 + 1 } ?? before.startIndex)
    return Vocabulary.announcesVersion(Array(word).lowercased)
  }
}
