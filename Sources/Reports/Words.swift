/// How reports put numbers into words.
package enum Words {
  /// In the place of a packet's number where an earlier run of the program saw it.
  static let earlierRun = "before this run"

  /// A number with its noun: `1 error`, `12,345 errors`.
  package static func count(_ number: some BinaryInteger, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }

  /// A number with its digits in groups of three.
  package static func grouped(_ number: some BinaryInteger) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.unicodeScalars.append(Unicode.Scalar(digit))
    }
    return text
  }

  /// A size: `812 bytes`, `3.4 MB`.
  package static func size(_ bytes: UInt64) -> String {
    switch bytes {
    case ..<10_000: return count(bytes, "byte")
    case ..<1_000_000: return "\(bytes / 1000) kB"
    default:
      let tenths = bytes / 100_000
      return "\(grouped(tenths / 10)).\(tenths % 10) MB"
    }
  }
}
