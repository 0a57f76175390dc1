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
    case .seconds: "s"
    case .choice, .text, .onOff: ""
    }
  }

  /// The accepted values in words, for messages and lists.
  public var acceptedValues: String {
    switch kind {
    case .integer(let unit, let range): "\(Self.words(for: range)) (\(unit))"
    case .seconds(let range, let orAuto):
      "\(Self.words(for: range)) seconds" + (orAuto ? ", or \(ParameterValue.auto)" : "")
    case .choice(let words): words.joined(separator: ", ")
    case .text: "up to \(Self.longestText) bytes of printable text"
    case .onOff: "On, Off"
    }
  }

  /// The longest text a parameter holds, in bytes of UTF-8: a keepalive payload is a datagram, and
  /// none in the field is longer than a few words.
  static let longestText = 256

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
    case .text:
      let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      return isPrintable && text.utf8.count <= Self.longestText ? .text(text) : nil
    case .onOff:
      switch Spelling.folded(text) {
      case "ON", "TRUE", "YES", "1": return .flag(true)
      case "OFF", "FALSE", "NO", "0": return .flag(false)
      default: return nil
      }
    }
  }

  private static func number(_ text: String, in range: ClosedRange<Int>?) -> Int? {
    guard let number = Int(text), (range ?? 0...largestNumber).contains(number) else { return nil }
    return number
  }
}
