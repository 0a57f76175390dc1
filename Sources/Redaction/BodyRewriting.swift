/// Rewriting of bodies, of the same length: of session descriptions the known words and the numbers
/// that say how media are sent stay, of all else only the form does.
struct BodyRewriter {
  private let isSDP: Bool

  /// For a body of the media type that the message states.
  init(contentType: Bytes?) {
    isSDP = contentType.map { Array($0).lowercased == Array("application/sdp".utf8) } ?? false
  }

  func body(_ body: Bytes) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(body.count)
    var start = body.startIndex
    while start < body.endIndex {
      let end = min(body.find(UInt8(ascii: "\n"), from: start) + 1, body.endIndex)
      let line = body[start..<end]
      let kept = isSDP ? DescriptionLine(bytes: line) : nil
      Self.mask(line, but: kept, to: &out)
      start = end
    }
    return out
  }

  private static func mask(_ line: Bytes, but kept: DescriptionLine?, to out: inout [UInt8]) {
    let numbers = kept?.numbers ?? []
    var next = numbers.startIndex
    var here = line.startIndex
    while here < line.endIndex {
      let end = line.find(from: here) { !$0.isLetter && !$0.isDigit && $0 < 0x80 && $0 != 0x2D }
      let word = line[here..<max(end, here + 1)]
      while next < numbers.endIndex, numbers[next].endIndex < word.endIndex { next += 1 }
      let isKept =
        end == here || (kept?.keepsWords == true && Vocabulary.has(word))
        || (kept != nil && here == line.startIndex && word.count == 1)
        || (next < numbers.endIndex && numbers[next].startIndex <= here && word.isShortNumber)
      for byte in word { out.append(isKept ? byte : byte.mask) }
      here = word.endIndex
    }
  }
}

/// A line of a session description (RFC 8866 5), and what of it tells nothing of anybody.
private struct DescriptionLine {
  /// Whether known words stay.
  let keepsWords: Bool
  /// The parts in which numbers stay, in their order.
  let numbers: [Bytes]

  /// `nil` for a line without a type.
  init?(bytes: Bytes) {
    guard bytes.count > 2, bytes.byte(1) == UInt8(ascii: "=") else { return nil }
    let value = bytes.dropFirst(2).trimmed
    let attribute = value.prefix { $0 != UInt8(ascii: ":") && !$0.isSpace }
    let isMedia = Vocabulary.mediaAttributes.contains(Array(attribute).lowercased)
    let type = bytes.byte(0)
    keepsWords = "bctmv".utf8.contains(type) || (type == UInt8(ascii: "a") && isMedia)
    numbers =
      switch type {
      case UInt8(ascii: "v"): Self.zeros(value, count: 1)
      case UInt8(ascii: "t"): Self.zeros(value, count: 2)
      case UInt8(ascii: "b"): Self.bandwidth(value)
      case UInt8(ascii: "m"): Self.media(value)
      case UInt8(ascii: "a") where isMedia:
        Self.attribute(Array(attribute).lowercased, value[attribute.endIndex...].dropFirst())
      default: []
      }
  }

  /// A version, or the times of a session without limits: any other time would be one's own.
  private static func zeros(_ value: Bytes, count: Int) -> [Bytes] {
    let words = value.words
    return words.count == count && words.allSatisfy { $0.elementsEqual("0".utf8) } ? words : []
  }

  /// A known modifier and a number.
  private static func bandwidth(_ value: Bytes) -> [Bytes] {
    let colon = value.find(UInt8(ascii: ":"), from: value.startIndex)
    let number = value[colon...].dropFirst()
    return Vocabulary.has(value[..<colon]) && number.isShortNumber ? [number] : []
  }

  /// Media, port or ports, protocol and payload types.
  private static func media(_ value: Bytes) -> [Bytes] {
    let words = value.words
    guard words.count > 3, Vocabulary.has(words[0]) else { return [] }
    let ports = words[1].split(separator: UInt8(ascii: "/"))
    guard ports.count <= 2, ports.allSatisfy(\.isShortNumber) else { return [] }
    return [words[1]] + words.dropFirst(3).filter(\.isPayloadType)
  }

  private static func attribute(_ name: [UInt8], _ value: Bytes) -> [Bytes] {
    let words = value.words
    if name.suffix(5).elementsEqual("ptime".utf8) {
      return words.count == 1 && value.trimmed.isShortNumber ? words : []
    }
    guard let first = words.first, first.isPayloadType else { return [] }
    switch String(decoding: name, as: UTF8.self) {
    case "rtpmap":
      let format = words.count == 2 ? words[1].split(separator: UInt8(ascii: "/")) : []
      let rates = format.dropFirst()
      return [first] + (rates.count <= 2 && rates.allSatisfy(\.isShortNumber) ? rates : [])
    case "fmtp":
      return [first]
        + words.dropFirst().flatMap { $0.split(separator: UInt8(ascii: ";")) }
        .compactMap(Self.setting)
    case "rtcp-fb": return [first]
    default: return []
    }
  }

  /// The number that a known parameter of a format is set to.
  private static func setting(_ text: Bytes) -> Bytes? {
    let equals = text.find(UInt8(ascii: "="), from: text.startIndex)
    let number = text[equals...].dropFirst()
    return Vocabulary.has(text[..<equals]) && number.isShortNumber ? number : nil
  }
}

extension Bytes {
  fileprivate var words: [Bytes] { split(whereSeparator: \.isSpace) }

  /// Whether it is a number too short to be a telephone's, and nothing else: no part of an address.
  fileprivate var isShortNumber: Bool { 1...5 ~= count && allSatisfy(\.isDigit) }

  /// RFC 3551 6: a number up to 127.
  fileprivate var isPayloadType: Bool {
    1...3 ~= count && allSatisfy(\.isDigit) && reduce(0) { $0 * 10 + Int($1 & 0x0F) } < 128
  }
}

extension UInt8 {
  /// A letter or digit that says only that there was one.
  fileprivate var mask: UInt8 { isDigit ? 0x30 : self == 0x2D ? self : 0x78 }
}
