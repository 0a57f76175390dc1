import Capture

/// How reports put numbers into words.
enum Words {
  /// A span as a person says it: `0.4 s`, `69 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  static func span(_ duration: Duration) -> String {
    let milliseconds = max(duration.wholeNanoseconds, 0) / 1_000_000
    if milliseconds < 9950 {
      let tenths = (milliseconds + 50) / 100
      return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s"
    }
    let seconds = (milliseconds + 500) / 1000
    if seconds < 120 { return "\(seconds) s" }
    if seconds < 3600 { return pair(seconds / 60, "min", seconds % 60, "s") }
    if seconds < 86_400 { return pair(seconds / 3600, "h", seconds % 3600 / 60, "min") }
    return pair(seconds / 86_400, "d", seconds % 86_400 / 3600, "h")
  }

  private static func pair(_ large: Int64, _ unit: String, _ small: Int64, _ rest: String) -> String
  {
    small == 0 ? "\(large) \(unit)" : "\(large) \(unit) \(small) \(rest)"
  }

  /// A number with its noun: `1 error`, `12,345 errors`.
  static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A number with its digits in groups of three.
  static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
  }

  /// A size: `812 bytes`, `3.4 MB`.
  static func size(_ bytes: UInt64) -> String {
    switch bytes {
    case ..<10_000: return count(bytes, "byte")
    case ..<1_000_000: return "\(bytes / 1000) kB"
    default:
      let tenths = bytes / 100_000
      return "\(grouped(tenths / 10)).\(tenths % 10) MB"
    }
  }

  /// Words that follow one another: `a`, `a and b`, `a, b and c`.
  static func list(_ words: [String]) -> String {
    guard let last = words.last else { return "" }
    return words.count == 1 ? last : words.dropLast().joined(separator: ", ") + " and " + last
  }
}
