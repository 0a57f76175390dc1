extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
  /// Reads an address; `nil` when the text is anything else, such as a host name.
  public init?(_ text: String) {
    guard let address = Self.parse(Array(text.utf8).span) else { return nil }
    self = address
  }

  /// Reads `192.0.2.1`, `2001:db8::1` or `[2001:db8::1]`; `nil` for anything else.
  public static func parse(_ text: Span<UInt8>) -> IPAddress? {
    var range = 0..<text.count
    if let first = range.first, text[first] == UInt8(ascii: "[") {
      guard range.count > 2, text[range.upperBound - 1] == UInt8(ascii: "]") else { return nil }
      range = 1..<range.upperBound - 1
      return parseV6(text, range)
    }
    return parseV4(text, range).map { IPAddress(ipv4: $0) } ?? parseV6(text, range)
  }

  /// Four decimal numbers; a leading zero is refused, since some read it as octal (RFC 6943 3.1.1).
  private static func parseV4(_ text: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
    guard 7...15 ~= range.count, range.upperBound <= text.count else { return nil }
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var dots = 0
    var start = range.lowerBound
    var index = start
    // Nothing can overflow: there are fifteen digits at the most, and an octet is looked at before
    // it counts. Unchecked, since the guard above has seen that the range is within the text.
    while index < range.upperBound {
      let digit = UInt32(unsafe text[unchecked: index] ^ UInt8(ascii: "0"))
      if digit < 10 {
        octet = octet &* 10 &+ digit
      } else {
        guard digit == UInt32(UInt8(ascii: ".") ^ UInt8(ascii: "0")), dots < 3,
          isOctet(octet, digits: index &- start)
        else { return nil }
        bits = bits &<< 8 | octet
        (octet, dots, start) = (0, dots &+ 1, index &+ 1)
      }
      index = index &+ 1
    }
    guard dots == 3, isOctet(octet, digits: index &- start) else { return nil }
    return bits &<< 8 | octet
  }

  @inline(__always)
  private static func isOctet(_ value: UInt32, digits: Int) -> Bool {
    switch digits {
    case 1: true
    case 2: value >= 10
    case 3: value >= 100 && value <= 255
    default: false
    }
  }

  /// RFC 4291 2.2: groups of four digits, one `::`, the last two groups perhaps as IPv4.
  private static func parseV6(_ text: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
    var groups = Groups()
    var gap: Int?
    var index = range.lowerBound
    let colon = UInt8(ascii: ":")
    guard range.count >= 2 else { return nil }
    if text[index] == colon {
      guard text[index + 1] == colon else { return nil }
      gap = 0
      index += 2
    }
    while index < range.upperBound {
      guard groups.count < 8 else { return nil }
      var value: UInt16 = 0
      let start = index
      while index < range.upperBound, let digit = hexDigit(text[index]), index - start < 4 {
        value = value << 4 | digit
        index += 1
      }
      if index < range.upperBound, text[index] == UInt8(ascii: ".") {
        guard groups.count <= 6, let bits = parseV4(text, start..<range.upperBound) else {
          return nil
        }
        groups.append(UInt16(truncatingIfNeeded: bits >> 16))
        groups.append(UInt16(truncatingIfNeeded: bits))
        return groups.address(gap: gap)
      }
      guard index > start else { return nil }
      groups.append(value)
      guard index < range.upperBound else { break }
      guard text[index] == colon else { return nil }
      index += 1
      guard index < range.upperBound else { return nil }
      if text[index] == colon {
        guard gap == nil else { return nil }
        gap = groups.count
        index += 1
      }
    }
    return groups.address(gap: gap)
  }

  private static func hexDigit(_ character: UInt8) -> UInt16? {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt16(character - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt16(character - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt16(character - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// Up to eight groups on their way to an address, held in one number.
  private struct Groups {
    private(set) var count = 0
    private var bits: UInt128 = 0

    mutating func append(_ group: UInt16) {
      bits = bits << 16 | UInt128(group)
      count += 1
    }

    /// The address, zeros put in after the first `gap` groups; without a gap all eight must be.
    func address(gap: Int?) -> IPAddress? {
      guard let gap else { return count == 8 ? Self.address(bits) : nil }
      // RFC 4291 2.2: "::" stands for one or more groups.
      guard count < 8 else { return nil }
      let behind = (count - gap) * 16
      let tail = bits & ((1 << UInt128(behind)) - 1)
      let head = bits >> UInt128(behind)
      return Self.address(head << UInt128((8 - gap) * 16) | tail)
    }

    private static func address(_ bits: UInt128) -> IPAddress {
      IPAddress(
        high: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }
  }

  /// The address in dotted form (IPv4) or as RFC 5952 wants it (IPv6).
  public var description: String {
    guard !isIPv4 else {
      return [24, 16, 8, 0].map { String(low >> $0 & 0xFF) }.joined(separator: ".")
    }
    let groups = [high, low].flatMap { half in
      [48, 32, 16, 0].map { (shift: UInt64) -> UInt64 in half >> shift & 0xFFFF }
    }
    guard let zeros = Self.longestZeros(groups) else { return Self.join(groups[...]) }
    return Self.join(groups[..<zeros.lowerBound]) + "::" + Self.join(groups[zeros.upperBound...])
  }

  private static func join(_ groups: ArraySlice<UInt64>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// RFC 5952 4.2: the longest run of at least two zero groups, the first of equals.
  private static func longestZeros(_ groups: [UInt64]) -> Range<Int>? {
    var best = 0..<0
    var start = 0
    for (index, group) in groups.enumerated() {
      if group != 0 {
        start = index + 1
      } else if index + 1 - start > best.count {
        best = start..<index + 1
      }
    }
    return best.count >= 2 ? best : nil
  }
}

extension Endpoint: CustomStringConvertible, LosslessStringConvertible {
  /// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`; the port must be there.
  public init?(_ text: String) {
    guard let endpoint = Self.parse(Array(text.utf8).span) else { return nil }
    self = endpoint
  }

  /// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`; without a port, `defaultPort` or `nil`.
  public static func parse(_ text: Span<UInt8>, defaultPort: UInt16? = nil) -> Endpoint? {
    let isBracketed = text.count > 0 && text[0] == UInt8(ascii: "[")
    let end = isBracketed ? UInt8(ascii: "]") : UInt8(ascii: ":")
    var host = 0
    while host < text.count, text[host] != end { host += 1 }
    if isBracketed, host < text.count { host += 1 }
    guard let address = IPAddress.parse(text.extracting(0..<host)) else {
      // Without brackets an IPv6 address leaves no room for a port.
      guard let defaultPort, let address = IPAddress.parse(text) else { return nil }
      return Endpoint(address: address, port: defaultPort)
    }
    guard host < text.count else {
      return defaultPort.map { Endpoint(address: address, port: $0) }
    }
    guard text[host] == UInt8(ascii: ":"),
      let port = parsePort(text.extracting(host + 1..<text.count))
    else { return nil }
    return Endpoint(address: address, port: port)
  }

  private static func parsePort(_ text: Span<UInt8>) -> UInt16? {
    guard 1...5 ~= text.count else { return nil }
    var value = 0
    for index in 0..<text.count {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] else { return nil }
      value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
    }
    return UInt16(exactly: value)
  }

  /// The address, in brackets if IPv6, and the port.
  public var description: String {
    address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }
}
