/// One value that decides how a capture is judged: a parameter of the switch, or a setting of
/// regsift itself.
public struct Parameter: Sendable {
  /// What a value may be.
  public enum Kind: Hashable, Sendable {
    /// A whole number of `unit`; `nil` as range when no source states one.
    case integer(unit: String, range: ClosedRange<Int>?)
    /// Whole seconds; `orAuto` when the switch also offers to negotiate the value.
    case seconds(range: ClosedRange<Int>?, orAuto: Bool = false)
    /// One of the listed words, compared without regard to case.
    case choice([String])
    /// Seconds with at most three decimals, one after another with commas between them.
    case delays
    /// Free text.
    case text
    /// On or Off.
    case onOff
  }

  /// The name as documentation spells it and reports show it.
  public let name: String
  /// Other names for the same thing; case and underscores never matter and need no entry here.
  public let otherNames: [String]
  /// What a value may be.
  public let kind: Kind
  /// The value in effect when nobody says otherwise; `nil` when no source states one.
  public let documentedDefault: ParameterValue?
  /// Whether the sources contradict one another about the default.
  public let isDisputed: Bool
  /// What to know about the default: for a setting why it is what it is; may be empty.
  public let defaultNote: String
  /// Title and edition of what documents it; for a setting, the standard it leans on or "regsift".
  public let source: String
  /// What it does, in one sentence.
  public let summary: String
  /// Whether this is a threshold of regsift itself, not a parameter of the switch.
  public let isSetting: Bool

  /// The unit values are in, empty where there is none.
  public var unit: String {
    switch kind {
    case .integer(let unit, _): unit
    case .seconds, .delays: "s"
    case .choice, .text, .onOff: ""
    }
  }

  /// The accepted values in words, for messages and lists.
  public var acceptedValues: String {
    switch kind {
    case .integer(let unit, let range):
      Self.words(for: range) + (unit.isEmpty ? "" : " (\(unit))")
    case .seconds(let range, let orAuto):
      "\(Self.words(for: range)) seconds" + (orAuto ? ", or \(ParameterValue.auto)" : "")
    case .choice(let words): words.joined(separator: ", ")
    case .delays: "up to \(Self.mostDelays) numbers of seconds, such as 0.5,1,2,4"
    case .text: "up to \(Self.longestText) bytes of printable text"
    case .onOff: "On, Off"
    }
  }

  /// The longest text a parameter holds, in bytes of UTF-8: a keepalive payload is a datagram, and
  /// none in the field is longer than a few words.
  static let longestText = 256

  /// More repetitions than any transaction has time for: Timer F allows ten (RFC 3261 17.1.2.2).
  static let mostDelays = 32

  /// The largest number where no source states a range: what an Expires header can carry
  /// (RFC 3261 20.19, 2**32-1), small enough that no sum of a few can overflow.
  static let largestNumber = 4_294_967_295

  private static func words(for range: ClosedRange<Int>?) -> String {
    guard let range else { return "a whole number from 0 to \(largestNumber)" }
    return "a whole number from \(range.lowerBound) to \(range.upperBound)"
  }
}

/// The value of a parameter.
public enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  /// A number in the unit of its parameter.
  case integer(Int)
  /// Free text or one word of a choice.
  case text(String)
  /// On or Off.
  case flag(Bool)
  /// Left to negotiation with the other side.
  case auto

  /// The value as the documentation writes it.
  public var description: String {
    switch self {
    case .integer(let number): String(number)
    case .text(let text): text
    case .flag(let isOn): isOn ? "On" : "Off"
    case .auto: "Auto Negotiation"
    }
  }
}

extension Parameter {
  /// Reads a value as a person writes it; `nil` when this parameter does not accept it.
  public func value(from text: String) -> ParameterValue? {
    switch kind {
    case .integer(_, let range):
      return Self.number(text, in: range).map(ParameterValue.integer)
    case .seconds(let range, let orAuto):
      if orAuto, ["AUTO", "AUTONEGOTIATION"].contains(Spelling.folded(text)) { return .auto }
      return Self.number(text, in: range).map(ParameterValue.integer)
    case .choice(let words):
      return words.first { Spelling.folded($0) == Spelling.folded(text) }.map(ParameterValue.text)
    case .delays:
      return Self.delays(text).map(ParameterValue.text)
    case .text:
      // Control characters, and the byte order mark, which readers drop.
      let isPrintable = text.unicodeScalars.allSatisfy {
        $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0xFEFF
      }
      return isPrintable && text.utf8.count <= Self.longestText ? .text(text) : nil
    case .onOff:
      switch Spelling.folded(text) {
      case "ON", "TRUE", "YES", "1": return .flag(true)
      case "OFF", "FALSE", "NO", "0": return .flag(false)
      default: return nil
      }
    }
  }

  /// The delays without blanks between them.
  private static func delays(_ text: String) -> String? {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { String($0.filter { $0 != " " }) }
    guard words.count <= mostDelays, words.allSatisfy(isDelay) else { return nil }
    return words.joined(separator: ",")
  }

  private static func isDelay(_ word: String) -> Bool {
    let parts = word.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isNumber = parts.allSatisfy { part in
      (1...5).contains(part.count)
        && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    return isNumber && (parts.count == 1 || (parts.count == 2 && parts[1].count <= 3))
  }

  /// A whole number, decimal or with 0x before hexadecimal digits, as the documentation writes a
  /// ToS byte.
  private static func number(_ text: String, in range: ClosedRange<Int>?) -> Int? {
    let isHexadecimal = text.hasPrefix("0x") || text.hasPrefix("0X")
    let digits = isHexadecimal ? String(text.dropFirst(2)) : text
    guard let number = Int(digits, radix: isHexadecimal ? 16 : 10),
      (range ?? 0...largestNumber).contains(number)
    else { return nil }
    return number
  }
}
