import Capture

/// Writes one JSON text (RFC 8259) from its beginning to its end, indented by two spaces.
///
/// Nothing of it is kept but the bytes not yet handed on, so a report may be of any size.
struct JSONWriter {
  private struct Level {
    var closing: UInt8
    var isOnOneLine: Bool
    var isEmpty = true
  }

  var pending = PendingBytes()
  private var levels: [Level] = []
  private var isAfterKey = false

  // MARK: Structure

  /// Begins an object; with `onOneLine` all of it stays on one line.
  mutating func beginObject(onOneLine: Bool = false) {
    begin(UInt8(ascii: "{"), UInt8(ascii: "}"), onOneLine)
  }

  /// Begins an array; with `onOneLine` all of it stays on one line.
  mutating func beginArray(onOneLine: Bool = false) {
    begin(UInt8(ascii: "["), UInt8(ascii: "]"), onOneLine)
  }

  private mutating func begin(_ opening: UInt8, _ closing: UInt8, _ onOneLine: Bool) {
    separate()
    pending.append(opening)
    let isInside = levels.last?.isOnOneLine ?? false
    levels.append(Level(closing: closing, isOnOneLine: onOneLine || isInside))
  }

  /// Ends the object or array begun last.
  mutating func end() {
    guard let level = levels.popLast() else { return }
    if !level.isEmpty && !level.isOnOneLine { newLine() }
    pending.append(level.closing)
    if levels.isEmpty { pending.append(UInt8(ascii: "\n")) }
  }

  /// Writes the name of the next member.
  mutating func key(_ name: StaticString) {
    separate()
    pending.append(UInt8(ascii: "\""))
    pending.append(name)
    pending.append("\": " as StaticString)
    isAfterKey = true
  }

  /// Writes a name that is not fixed.
  mutating func key(named name: String) {
    separate()
    quote(name)
    pending.append(": " as StaticString)
    isAfterKey = true
  }

  private mutating func separate() {
    if isAfterKey {
      isAfterKey = false
      return
    }
    guard let level = levels.last else { return }
    if !level.isEmpty { pending.append(UInt8(ascii: ",")) }
    if !level.isOnOneLine {
      newLine()
    } else if !level.isEmpty {
      pending.append(UInt8(ascii: " "))
    }
    levels[levels.count - 1].isEmpty = false
  }

  private mutating func newLine() {
    pending.append(UInt8(ascii: "\n"))
    pending.append(UInt8(ascii: " "), count: 2 * levels.count)
  }

  // MARK: Values

  /// Writes a text, `null` for none.
  mutating func value(_ text: String?) {
    guard let text else { return null() }
    separate()
    quote(text)
  }

  /// Writes a whole number, `null` for none.
  mutating func value(_ number: (some FixedWidthInteger)?) {
    guard let number else { return null() }
    separate()
    pending.append(String(number))
  }

  /// Writes true or false.
  mutating func value(_ flag: Bool) {
    separate()
    pending.append(flag ? "true" : "false" as StaticString)
  }

  /// Writes a time in UTC with microseconds (RFC 3339), `null` for none.
  mutating func value(_ time: Timestamp?) {
    guard let time else { return null() }
    separate()
    pending.append(UInt8(ascii: "\""))
    pending.append(CalendarTime(time).rfc3339)
    pending.append(UInt8(ascii: "\""))
  }

  /// Writes a span as a number of seconds with at most six decimals, `null` for none.
  mutating func value(_ duration: Duration?) {
    guard let duration else { return null() }
    separate()
    pending.append(Self.seconds(duration))
  }

  /// Writes `null`.
  mutating func null() {
    separate()
    pending.append("null" as StaticString)
  }

  /// A span in seconds, rounded to microseconds, without exponent and without needless zeros.
  static func seconds(_ duration: Duration) -> String {
    let nanoseconds = duration.wholeNanoseconds
    var (micros, rest) = nanoseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
    if rest >= 500 { micros += 1 }
    let (whole, fraction) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    let sign = nanoseconds < 0 && micros > 0 ? "-" : ""
    guard fraction > 0 else { return "\(sign)\(whole)" }
    var digits = String(String(1_000_000 + fraction).dropFirst())
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
  }

  // MARK: Members

  /// Writes a member that is a text.
  mutating func put(_ name: StaticString, _ text: String?) {
    key(name)
    value(text)
  }

  /// Writes a member that is a whole number.
  mutating func put(_ name: StaticString, _ number: (some FixedWidthInteger)?) {
    key(name)
    value(number)
  }

  /// Writes a member that is true or false.
  mutating func put(_ name: StaticString, _ flag: Bool) {
    key(name)
    value(flag)
  }

  /// Writes a member that is a time.
  mutating func put(_ name: StaticString, _ time: Timestamp?) {
    key(name)
    value(time)
  }

  /// Writes a member that is a span.
  mutating func put(_ name: StaticString, _ duration: Duration?) {
    key(name)
    value(duration)
  }

  // MARK: Text

  private mutating func quote(_ text: String) {
    pending.append(UInt8(ascii: "\""))
    if text.utf8.allSatisfy(Self.isPlain) {
      pending.append(text)
    } else {
      for scalar in text.unicodeScalars { escape(scalar) }
    }
    pending.append(UInt8(ascii: "\""))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    0x20..<0x7F ~= byte && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Escapes what RFC 8259 7 demands, and what a terminal or reader could be led astray by.
  private mutating func escape(_ scalar: Unicode.Scalar) {
    switch scalar {
    case "\"": pending.append("\\\"" as StaticString)
    case "\\": pending.append("\\\\" as StaticString)
    case "\n": pending.append("\\n" as StaticString)
    case "\r": pending.append("\\r" as StaticString)
    case "\t": pending.append("\\t" as StaticString)
    case _ where Visible.isHidden(scalar):
      for unit in UTF16.encode(scalar) ?? .init() {
        pending.append("\\u" + Visible.hexadecimal(UInt32(unit), digits: 4))
      }
    default: pending.append(String(scalar))
    }
  }
}
