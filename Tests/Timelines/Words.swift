/// One word of a line: bare, or in double quotes and then with blanks and escapes.
struct Word: Hashable, Sendable {
  var text: String
  var isQuoted = false
}

/// Cuts a line of a timeline into words; `#` where a word would begin starts a comment.
func words(of line: Substring, number: Int) throws(TimelineError) -> [Word] {
  var words: [Word] = []
  var rest = line.unicodeScalars[...]
  while let first = rest.first {
    if first == " " || first == "\t" || first == "\r" {
      rest.removeFirst()
    } else if first == "#" {
      break
    } else if first == "\"" {
      rest.removeFirst()
      words.append(Word(text: try quoted(&rest, number: number), isQuoted: true))
    } else {
      let end = rest.firstIndex { $0 == " " || $0 == "\t" || $0 == "\r" } ?? rest.endIndex
      words.append(Word(text: String(rest[..<end])))
      rest = rest[end...]
    }
  }
  return words
}

private func quoted(
  _ rest: inout Substring.UnicodeScalarView, number: Int
) throws(TimelineError) -> String {
  var text = String.UnicodeScalarView()
  while let scalar = rest.popFirst() {
    if scalar == "\"" { return String(text) }
    guard scalar == "\\" else {
      text.append(scalar)
      continue
    }
    switch rest.popFirst() {
    case "r": text.append("\r")
    case "n": text.append("\n")
    case "t": text.append("\t")
    case "\"": text.append("\"")
    case "\\": text.append("\\")
    default: throw TimelineError(line: number, message: "unknown escape in quotes")
    }
  }
  throw TimelineError(line: number, message: "no closing quote")
}

/// A time in microseconds from a number of seconds with up to six decimals; `nil` when it is none.
func microseconds(_ text: some StringProtocol) -> Int64? {
  let isNegative = text.hasPrefix("-")
  let parts = text.dropFirst(isNegative ? 1 : 0)
    .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  let fraction = parts.count == 2 ? parts[1] : "0"
  let areDigits = (parts + [fraction]).allSatisfy { part in
    !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
  // Ten digits of seconds are three hundred years: no sum of times can overflow.
  guard areDigits, parts[0].count <= 10, fraction.count <= 6, let seconds = Int64(parts[0]),
    let rest = Int64(fraction + String(repeating: "0", count: 6 - fraction.count))
  else { return nil }
  let time = seconds * 1_000_000 + rest
  return isNegative ? -time : time
}
